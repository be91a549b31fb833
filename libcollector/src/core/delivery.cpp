// SPDX-License-Identifier: MIT
#include "pap/core/delivery.hpp"

#include "core/mutants.hpp"

namespace pap::core {

Verdict judge(const StationAnswer& answer) {
  if (!answer.status) return Verdict::kUnavailable;
  const unsigned status = *answer.status;
  if (status / 100 == 2) return Verdict::kDelivered;
  if (planted(Mutant::kRefusedIsRetried) && status == 400) return Verdict::kUnavailable;
  if (status == 400 || status == 413 || status == 422) return Verdict::kRefused;
  if (status == 429 || answer.retry_after) return Verdict::kSlowDown;
  if (status / 100 == 5 || status == 408) return Verdict::kUnavailable;
  return Verdict::kMisdirected;
}

}  // namespace pap::core
