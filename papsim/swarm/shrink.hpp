// SPDX-License-Identifier: MIT
#pragma once

// A smaller scenario in which the same rule still fails, with the same seed: shorter, with fewer
// entries, groups, agents, settings and expectations, each of them simpler. An expectation that
// held and stays goes on to hold: else a setting that it is about would be made another, and fail.
//
// Greedy: whatever leaves the failure is kept, over and over, until nothing does any more.
// Threads: one.

#include <cstdint>
#include <functional>
#include <string>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

struct Shrunk {
  Scenario scenario;
  std::string rule;  // that fails; empty: none did, and the scenario is the one that was given
  std::uint64_t tried = 0;
  bool whole = true;  // false: stopped before nothing was left to try
};

// `told` is called after each try with the best so far; false stops it.
Shrunk shrink(const Scenario& scenario, std::uint64_t seed,
              const std::function<bool(const Shrunk&)>& told);

}  // namespace pap::sim
