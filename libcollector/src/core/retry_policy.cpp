// SPDX-License-Identifier: MIT
#include "pap/core/retry_policy.hpp"

#include <algorithm>

#include "core/mutants.hpp"

namespace pap::core {

Nanos backoff_ceiling(std::uint32_t failures, Nanos first, Nanos longest) {
  if (planted(Mutant::kBackoffMissing)) return Nanos{0};
  if (planted(Mutant::kBackoffWithoutEnd)) return first * (1LL << std::min(failures * 3, 30U));
  Nanos ceiling = first;
  for (std::uint32_t i = 1; i < failures && ceiling < longest; ++i) ceiling *= 2;
  return std::min(ceiling, longest);
}

}  // namespace pap::core
