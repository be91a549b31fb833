// SPDX-License-Identifier: MIT
#pragma once

// The contract's figures about alerts, written down once more: the core's own constants may be
// wrong.
//
// Threads: constants and pure functions.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "pap/core/instant.hpp"

namespace pap::test {

using core::Nanos;

inline constexpr Nanos kDedup = std::chrono::seconds{60};
inline constexpr Nanos kRetellAfter = std::chrono::seconds{60};
// So that a Retry-After of 0 is no invitation to hammer.
inline constexpr Nanos kShortestHold = std::chrono::seconds{1};
inline constexpr Nanos kDefaultHold = std::chrono::seconds{5};
inline constexpr Nanos kLongestHold = std::chrono::minutes{5};
inline constexpr std::uint32_t kFailuresToPause = 5;
inline constexpr std::size_t kInFlightAtMost = 32;

// first, 2 first, 4 first, … up to longest; failures count from 1.
inline Nanos doubled(Nanos first, std::uint32_t failures, Nanos longest) {
  Nanos ceiling = first;
  while (--failures > 0 && ceiling < longest) ceiling *= 2;
  return std::min(ceiling, longest);
}

}  // namespace pap::test
