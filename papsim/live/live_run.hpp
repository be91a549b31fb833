// SPDX-License-Identifier: MIT
#pragma once

// One scenario, one seed, over sockets: refused by name where it asks for what only the virtual
// world can do, run, and judged by the same expectations.
//
// `settle` is as written: nobody waits in real time for the longest bound in play.
// Threads: a run touches nothing but its own; runs may go on side by side.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "papsim/expect/verdict.hpp"
#include "papsim/live/live_world.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/scenario/problem.hpp"

namespace pap::sim {

// A run proves nothing, and is void, in which less than kLeastSent of what fell due was sent, or
// whose own lag is greater than this at its 99th percentile: half of the least slack that deaths
// are decided in; and far less where the scenario measures how long answers take.
inline constexpr std::int64_t kMostLagMs = 250;
inline constexpr std::int64_t kMostLagWhereMeasuredMs = 20;
inline constexpr PartsPerMillion kLeastSent = 995'000;

// What of it cannot be done, or seen, from outside.
std::vector<Problem> live_refusals(const Scenario& scenario, const LiveOptions& options);

// Never throws: what hinders the run makes it void.
SeedResult run_live(const Scenario& scenario, std::uint64_t seed, const LiveOptions& options,
                    const std::function<bool()>& stop);

}  // namespace pap::sim
