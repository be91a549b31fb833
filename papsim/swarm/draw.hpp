// SPDX-License-Identifier: MIT
#pragma once

// A scenario out of a seed: first which kinds of fault there are in it, then how much of each
// (small amounts as likely as great ones), over a small fleet.
//
// It expects nothing of its own but that the rules hold, and allows every excuse, each of which the
// oracle proves. It is a scenario like any other, and can be written as a file (to_yaml).
// Threads: pure functions.

#include <cstdint>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

Scenario draw_scenario(std::uint64_t seed);

// Another one like it: something more, something less, or otherwise.
Scenario vary_scenario(const Scenario& scenario, std::uint64_t seed);

}  // namespace pap::sim
