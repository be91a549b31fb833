// SPDX-License-Identifier: MIT
#include "pap/core/restart_rule.hpp"

#include <algorithm>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

// Half of what 63 bits of nanoseconds hold, so that sums of two cannot overflow.
constexpr double kLongestUptimeSeconds = 4.4e9;

}  // namespace

MonotonicTime start_of(MonotonicTime now, double uptime_seconds) {
  const double seconds = std::min(uptime_seconds, kLongestUptimeSeconds);
  // Rounded by hand: std::llround is a call, and this stands in every heartbeat.
  return now - Nanos{static_cast<std::int64_t>(seconds * 1e9 + 0.5)};
}

Standing standing_of(const LifeSoFar& life, MonotonicTime now, double uptime_seconds, Nanos lost) {
  const bool decreased = uptime_seconds < life.uptime_seconds;
  const MonotonicTime started = start_of(now, uptime_seconds);
  if (planted(Mutant::kDecreaseIsRestart) && decreased) return Standing::kRestart;
  if (planted(Mutant::kRestartFromLastHeard) && decreased) {
    return started > life.heard + kRestartMargin + lost ? Standing::kRestart : Standing::kOrdinary;
  }
  if (decreased && started > life.started + kRestartMargin + lost) return Standing::kRestart;
  if (started > life.heard + kRestartAfterHeard + lost) return Standing::kRestart;
  if (decreased && now - life.heard < kOvertakenWithin + lost) return Standing::kOvertaken;
  return Standing::kOrdinary;
}

}  // namespace pap::core
