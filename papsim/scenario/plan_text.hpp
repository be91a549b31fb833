// SPDX-License-Identifier: MIT
#pragma once

// A plan for people: the fleet, what happens when to whom, and the alerts due.
//
// Threads: pure function.

#include <string>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// `all`: every agent of a step by name, and every step; else a few of each.
std::string plan_text(const Scenario& scenario, const Plan& plan, bool all);

}  // namespace pap::sim
