// SPDX-License-Identifier: MIT
#pragma once

// A run that is over is run again, to be recorded; from the first time it is known which agents are
// worth a lane.
//
// Threads: pure functions of what they are given.

#include <functional>
#include <optional>
#include <vector>

#include "papsim/expect/verdict.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/run/recorder.hpp"
#include "papsim/run/recording.hpp"

namespace pap::sim {

// Those that a failed check names; else the latest deaths, and then whom alerts were told of and
// whom the timeline met.
LaneWishes worst_agents(const Scenario& scenario, const Plan& plan, const Oracle& oracle,
                        const std::vector<Check>& checks);

// By mode. Deaths that lie close are put together, living and late ones each by themselves.
std::vector<Lags> lags_of(const Scenario& scenario, const std::vector<DeathSeen>& deaths,
                          std::int64_t end);

// `stop`: asked now and then; of a run that was stopped there is no recording.
std::optional<Recording> record_run(const Scenario& scenario, const Plan& plan,
                                    const Oracle& oracle, const std::vector<Check>& checks,
                                    const std::function<bool()>& stop);

}  // namespace pap::sim
