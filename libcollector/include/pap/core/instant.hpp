// SPDX-License-Identifier: MIT
#pragma once

// The times that the core is told. It has no clock of its own: every call is handed an Instant.
//
// Monotonic time decides, wall time is only ever read by people, and listening time (see
// listening_time.hpp) is what deadlines run on. Three clocks that nobody can ask, so that the
// types keep apart what must not be mixed.
//
// Units: nanoseconds. Monotonic time never goes back and goes on while the machine is suspended
// (CLOCK_BOOTTIME); wall time may step at will.
// Threads: values.

#include <chrono>

#include "pap/protocol/timestamp.hpp"

namespace pap::core {

using Nanos = std::chrono::nanoseconds;
using protocol::WallTime;

struct MonotonicClock {
  using duration = Nanos;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};
using MonotonicTime = MonotonicClock::time_point;

struct ListeningClock {
  using duration = Nanos;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ListeningClock>;
  static constexpr bool is_steady = true;
};
using ListeningTime = ListeningClock::time_point;

struct Instant {
  MonotonicTime mono;
  WallTime wall;

  // The wall time of a moment known by its monotonic time, told by today's wall clock.
  WallTime wall_of(MonotonicTime moment) const { return wall - (mono - moment); }
};

}  // namespace pap::core
