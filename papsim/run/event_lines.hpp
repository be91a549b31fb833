// SPDX-License-Identifier: MIT
#pragma once

// A run as a list of all its events, to see where two builds part that come to different digests.
//
// A line an event: time in ms, kind, whose (not of a step of the plan), and the digest of all up to
// it. The last line has the digest of the report.
// Threads: as a run (run/run_seed.hpp).

#include <functional>
#include <string_view>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// `plan` is that of the scenario. Each line ends with a newline.
void run_for_events(const Scenario& scenario, const Plan& plan,
                    const std::function<void(std::string_view line)>& line);

}  // namespace pap::sim
