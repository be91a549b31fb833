// SPDX-License-Identifier: MIT
#pragma once

// A rule that a run broke: when, by whom, and in words. The rules' names stand in
// scenario/names.hpp.
//
// Threads: values.

#include <string>

#include "papsim/scenario/names.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

struct Violation {
  Rule rule;
  WorldTime at;
  AgentNumber number;  // beyond all agents when it is about nobody alone
  std::string agent;   // its id; empty then
  std::string what;    // the value, in words
  std::string bound;   // what it may be; empty: never
};

}  // namespace pap::sim
