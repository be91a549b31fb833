// SPDX-License-Identifier: MIT
#pragma once

// The one place that reads clocks for the core. CLOCK_BOOTTIME goes on while the machine is
// suspended, so that a suspension is seen as a gap.
//
// Threads: any.

#include <chrono>
#include <ctime>

#include "pap/core/instant.hpp"

namespace pap::net {

inline core::Nanos read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + core::Nanos{time.tv_nsec};
}

inline core::Instant system_now() {
  return {core::MonotonicTime{read_clock(CLOCK_BOOTTIME)},
          core::WallTime{read_clock(CLOCK_REALTIME)}};
}

// To some 4 ms, and a fifth of the cost: for what counts in seconds.
inline std::chrono::steady_clock::time_point steady_now_roughly() {
  return std::chrono::steady_clock::time_point{read_clock(CLOCK_MONOTONIC_COARSE)};
}
inline core::WallTime wall_now_roughly() {
  return core::WallTime{read_clock(CLOCK_REALTIME_COARSE)};
}

}  // namespace pap::net
