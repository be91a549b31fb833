// SPDX-License-Identifier: MIT
#include "pap/core/pause.hpp"

#include <algorithm>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"
#include "pap/core/retry_policy.hpp"

namespace pap::core {

Nanos hold_of(std::optional<Nanos> retry_after) {
  return std::clamp(retry_after.value_or(kRetryAfterDefault), kRetryAfterShortest,
                    kRetryAfterLongest);
}

bool Pause::open(MonotonicTime now) const {
  if (held(now)) return false;
  const bool may_probe = !probing_ || planted(Mutant::kProbesSideBySide);
  return !away_ || (may_probe && now >= probe_at_);
}

std::optional<MonotonicTime> Pause::opens_at(MonotonicTime now) const {
  if (open(now) || (away_ && probing_)) return std::nullopt;
  MonotonicTime when = now;
  if (held_until_) when = std::max(when, *held_until_);
  if (away_) when = std::max(when, probe_at_);
  return when;
}

bool Pause::answered(bool to_probe, MonotonicTime now) {
  failures_in_row_ = 0;
  if (!away_) {
    ++run_;
    return false;
  }
  if (!to_probe) return false;  // only a probe ends the absence
  away_ = false;
  probing_ = false;
  away_before_ += now - away_since_;
  ++run_;
  return true;
}

bool Pause::failed(bool probe, MonotonicTime now) {
  ++failures_in_row_;
  if (away_) {
    if (probe && !planted(Mutant::kProbeLost)) {
      probing_ = false;
      ++probes_failed_;
      schedule_probe(now);
    }
    return false;
  }
  if (failures_in_row_ < kFailuresBeforePause) return false;
  away_ = true;
  away_since_ = now;
  probes_failed_ = 0;
  schedule_probe(now);
  return true;
}

void Pause::slow_down(bool probe, std::optional<Nanos> retry_after, MonotonicTime now) {
  if (planted(Mutant::kRetryAfterForOne)) return;
  const MonotonicTime until =
      now + hold_of(retry_after) * (planted(Mutant::kRetryAfterTwice) ? 2 : 1);
  held_until_ = held_until_ ? std::max(*held_until_, until) : until;
  if (away_ && probe) {
    probing_ = false;
    ++probes_failed_;
    schedule_probe(now);
  }
}

Nanos Pause::away_total(MonotonicTime now) const {
  return away_ ? away_before_ + (now - away_since_) : away_before_;
}

void Pause::schedule_probe(MonotonicTime now) {
  probe_at_ = now + backoff(probes_failed_ + 1, kProbeFirst, kProbeLongest, random_);
}

}  // namespace pap::core
