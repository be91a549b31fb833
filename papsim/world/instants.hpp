// SPDX-License-Identifier: MIT
#pragma once

// Virtual time as the core is told it: each run begins at some moment of a machine that has been up
// for a day.
//
// Threads: pure functions.

#include <chrono>

#include "pap/core/instant.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

inline constexpr core::Nanos kBootAge = std::chrono::hours{24};
inline constexpr core::Nanos kEpoch = std::chrono::seconds{1'790'000'000};

inline core::Instant instant_of(WorldTime mono, WorldTime wall) {
  return {core::MonotonicTime{kBootAge + std::chrono::milliseconds{mono}},
          core::WallTime{kEpoch + std::chrono::milliseconds{wall}}};
}

// The first whole millisecond that is not before it.
inline WorldTime world_time_of(core::MonotonicTime time) {
  const auto since_boot = time.time_since_epoch() - kBootAge;
  return std::chrono::ceil<std::chrono::milliseconds>(since_boot).count();
}

}  // namespace pap::sim
