// SPDX-License-Identifier: MIT
#pragma once

// Rules about two runs: the same plan, with something else that must not matter, comes to the same
// decisions and tellings at the same moments.
//
//   S10 without the jumps of the collector's wall clock
//   S11 every id another one, and further agents that never fail
//
// `stop`: asked now and then; a run that is stopped makes no row.
// Threads: pure functions of what they are given.

#include <functional>
#include <vector>

#include "papsim/expect/evaluate.hpp"
#include "papsim/expect/verdict.hpp"

namespace pap::sim {

// No row where nothing touches the wall clock.
void check_wall(const FinishedRun& run, const std::function<bool()>& stop,
                std::vector<Check>& checks);

// No row where it is not tried (meta_runs.cpp says when).
void check_names(const FinishedRun& run, const std::function<bool()>& stop,
                 std::vector<Check>& checks);

}  // namespace pap::sim
