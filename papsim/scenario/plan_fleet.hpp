// SPDX-License-Identifier: MIT
#pragma once

// The fleet of a plan: which member has which mode, when it beats first, how old it is then.
//
// Threads: pure functions.

#include <array>
#include <cstdint>
#include <vector>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// `count` split by shares that sum to kAll, exactly: each gets the whole part of its share, and
// those with the largest remainders one more; of equal remainders the first.
std::array<std::uint32_t, protocol::kModeCount> split_by_largest_remainder(
    std::uint32_t count, const std::array<PartsPerMillion, protocol::kModeCount>& shares);

// The moment of the i-th of n that are laid out in `pace.over`; `draw` is uniform in [0, over).
Millis laid_out(const Pace& pace, std::uint64_t i, std::uint64_t n, Millis draw);

std::vector<PlannedAgent> plan_fleet(const Scenario& scenario, std::uint64_t seed);

}  // namespace pap::sim
