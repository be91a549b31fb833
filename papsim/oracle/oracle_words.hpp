// SPDX-License-Identifier: MIT
#pragma once

// What oracles reckon with and write, in their own right: nothing of it comes from the world that
// they judge.
//
// Times: milliseconds. Threads: pure functions.

#include <string>

#include "pap/protocol/mode.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

// Having given the collector up, an agent does not try it for this long (contract: agents).
inline constexpr WorldTime kStaysAway = 60'000;

inline WorldTime interval(protocol::Mode mode) { return protocol::interval_of(mode).count(); }

inline std::string ms(WorldTime time) { return std::to_string(time) + " ms"; }

}  // namespace pap::sim
