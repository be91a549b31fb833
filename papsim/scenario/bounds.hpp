// SPDX-License-Identifier: MIT
#pragma once

// Times that follow from a scenario's settings: the slack of a mode, and bounds written with it.
//
// Written anew from the design (The failure detector), not shared with the core: what judges the
// core must not repeat its mistakes. Threads: pure functions.

#include "papsim/scenario/model.hpp"

namespace pap::sim {

// min(I / 10, 3/4 of the check interval), rounded up: the world's clock shows whole milliseconds,
// and what falls due within one is seen at its end.
Millis slack_of(const Scenario& scenario, protocol::Mode mode);

// So many intervals, slacks and milliseconds of that mode; fractions of a millisecond are dropped.
Millis bound_of(const Scenario& scenario, protocol::Mode mode, const Bound& bound);

}  // namespace pap::sim
