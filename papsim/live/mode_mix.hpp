// SPDX-License-Identifier: MIT
#pragma once

// In which modes a fleet is, as a command line says it: IDLE:90%,EMERGENCY:10%.
//
// Threads: pure functions.

#include <optional>
#include <string>

#include "papsim/world/wheel.hpp"

namespace pap::sim {

struct ModeMix {
  std::string as_yaml;             // IDLE: 90%, EMERGENCY: 10%
  WorldTime longest_interval = 0;  // ms, of those that are there
  double beats_a_second = 0;       // of one agent, on average
};
// None, and why, when it is none.
std::optional<ModeMix> read_mode_mix(const std::string& option, std::string& error);

}  // namespace pap::sim
