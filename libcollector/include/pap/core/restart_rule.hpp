// SPDX-License-Identifier: MIT
#pragma once

// Is this heartbeat from the process that we knew? (contract: Restart)
//
// A restart is a process that started after we last heard from it; what it started is reckoned
// back from its uptime. A heartbeat that left before one that we have already counted is overtaken.
// `lost` widens every margin: a heartbeat may have waited in our sockets for as long.
//
// Threads: pure functions.

#include <cstdint>

#include "pap/core/instant.hpp"
#include "pap/export.hpp"

namespace pap::core {

enum class Standing : std::uint8_t { kOrdinary, kRestart, kOvertaken };

struct LifeSoFar {
  double uptime_seconds;
  MonotonicTime started;  // the latest claimed in this life
  MonotonicTime heard;
};

// now - uptime, for any finite uptime >= 0 (clamped to some 140 years).
PAP_API MonotonicTime start_of(MonotonicTime now, double uptime_seconds);

PAP_API Standing standing_of(const LifeSoFar& life, MonotonicTime now, double uptime_seconds,
                             Nanos lost);

}  // namespace pap::core
