// SPDX-License-Identifier: MIT
#pragma once

// A rule that a run broke: when, by whom, and in words. The rules' names stand in
// scenario/names.hpp.
//
// Threads: values.

#include <string>

#include "papsim/scenario/names.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

struct Violation {
  Rule rule;
  WorldTime at;
  std::string agent;  // its id; empty when it is about nobody alone
  std::string what;   // value and bound
};

}  // namespace pap::sim
