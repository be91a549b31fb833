// SPDX-License-Identifier: MIT
#pragma once

// A plan as bands to be drawn over time: one an entry of the timeline, and how many processes run.
//
// Threads: pure functions.

#include <cstdint>
#include <vector>

#include "papsim/run/recording.hpp"
#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// In file order. What lies closer than `every` becomes one stretch.
std::vector<TimelineBand> timeline_bands(const Scenario& scenario, const Plan& plan,
                                         std::int64_t every);

// Processes that run and have begun to beat, at the begin of each `every` up to `end`, with what
// happens in that very moment.
std::vector<std::int64_t> running_processes(const Plan& plan, std::int64_t every, std::int64_t end);

}  // namespace pap::sim
