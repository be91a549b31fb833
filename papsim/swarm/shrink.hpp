// SPDX-License-Identifier: MIT
#pragma once

// A smaller scenario in which the same rule still fails, with the same seed: shorter, with fewer
// entries, groups, agents, settings and expectations, each of them simpler. An expectation fails in
// the same way as at first (expect/verdict.hpp, Failure), and a figure lies no farther from its
// bound; what held and stays goes on to hold. Else a setting that an expectation is about would be
// made another, and fail.
//
// Greedy: whatever leaves the failure is kept, over and over, until nothing does any more.
// Threads: one.

#include <cstdint>
#include <functional>
#include <string>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

struct Shrunk {
  Scenario scenario;   // whose own seeds are the one that it fails with
  std::string rule;    // that fails; empty: none did, and the scenario is the one that was given
  std::string how;     // … in which way, where it is an expectation: "AGENT_DEATH not told"
  bool never = false;  // what fails is that something never happened: there is no smaller story
  std::uint64_t tried = 0;
  bool whole = true;  // false: stopped before nothing was left to try, or before `rule` was known
};

// `stop`: asked now and then, during a run, too; true ends it, with the best so far.
// `told`: called after each try.
Shrunk shrink(const Scenario& scenario, std::uint64_t seed, const std::function<bool()>& stop,
              const std::function<void(const Shrunk&)>& told = {});

}  // namespace pap::sim
