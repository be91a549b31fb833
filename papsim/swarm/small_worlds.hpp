// SPDX-License-Identifier: MIT
#pragma once

// All that can happen to two agents in a few steps, one after another, with nothing left out: each
// step is one of six things (a beat of either, an EMERGENCY or a restart of the first, a wait of an
// interval or of a death) while the Station is in one of three moods. The core and the oracle are
// the real ones; the driver is a few lines, which is why millions can be run.
//
// Threads: called on one; starts its own and joins them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "papsim/oracle/violation.hpp"

namespace pap::sim {

inline constexpr std::uint32_t kSmallSteps = 6 * 3;  // things that happen x moods of the Station
inline constexpr unsigned kLongestSmallWorld = 8;    // 11 thousand million; a number still holds it

// How many there are with up to so many steps.
std::uint64_t small_worlds(unsigned length);

// The steps of the world of this number, of those with just so many steps: "beat A, 2xx; …".
std::string small_world_words(std::uint64_t number, unsigned length);

// What came of it.
struct SmallWorldResult {
  std::optional<Violation> broken;
  std::uint64_t deaths = 0;  // decided
  std::uint64_t alerts = 0;  // posted, each once
};
SmallWorldResult run_small_world(std::uint64_t number, unsigned length);

struct SmallWorldsReport {
  std::uint64_t worlds = 0;
  std::uint64_t broken = 0;
  std::uint64_t deaths = 0;
  std::uint64_t alerts = 0;
  std::string first;  // of the shortest that break a rule: rule, value and steps
  bool whole = true;
};
// `told`: now and then, with what has been done; false ends it.
SmallWorldsReport run_small_worlds(unsigned length, unsigned jobs,
                                   const std::function<bool(const SmallWorldsReport&)>& told);

}  // namespace pap::sim
