// SPDX-License-Identifier: MIT
#include "pap/core/retry_policy.hpp"

#include <algorithm>

namespace pap::core {

Nanos backoff_ceiling(std::uint32_t failures, Nanos first, Nanos longest) {
  Nanos ceiling = first;
  for (std::uint32_t i = 1; i < failures && ceiling < longest; ++i) ceiling *= 2;
  return std::min(ceiling, longest);
}

}  // namespace pap::core
