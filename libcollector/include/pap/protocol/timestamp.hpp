// SPDX-License-Identifier: MIT
#pragma once

// Wall time as it is written on the wire: UTC, ISO 8601, milliseconds, `Z`
// (`2026-11-24T14:30:13.042Z`). The Station rejects any other form.
//
// Units: nanoseconds since 1970-01-01T00:00:00Z, rounded down to milliseconds when written.
// Errors: none. 64 bits of nanoseconds reach from 1677 to 2262, so every year has four digits.
// Threads: pure functions, safe from any thread.

#include <chrono>
#include <string>
#include <string_view>

#include "pap/export.hpp"

namespace pap::protocol {

// A clock that nobody can ask: wall times come in from outside, and the type keeps them apart
// from monotonic ones.
struct WallClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WallClock>;
  static constexpr bool is_steady = false;
};
using WallTime = WallClock::time_point;

PAP_API void append_timestamp(std::string& out, WallTime time);
PAP_API std::string to_timestamp(WallTime time);

}  // namespace pap::protocol
