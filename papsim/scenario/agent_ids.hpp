// SPDX-License-Identifier: MIT
#pragma once

// The ids of agents as they go over the wire, made from their groups' patterns. A UUID is drawn
// from seed, group, member and identity alone, so that no other agent changes it.
//
// Ownership: refers to scenario and plan. Threads: one.

#include <string>
#include <vector>

#include "papsim/scenario/id_pattern.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {

// Another id of the same kind, UUID or not, and for each id another one.
std::string renamed(std::string id);

class AgentIds {
 public:
  AgentIds(const Scenario& scenario, const Plan& plan);

  std::string of(AgentNumber agent) const;

 private:
  std::string planned(AgentNumber agent) const;

  struct Maker {
    IdPattern pattern;
    RandomStream stream;
  };

  const Plan& plan_;
  std::vector<Maker> makers_;  // by group
};

}  // namespace pap::sim
