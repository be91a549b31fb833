// SPDX-License-Identifier: MIT
#pragma once

// A plan's steps by the agents that they are about, for who asks what befell one of them.
//
// By id: agents that share one share their steps. Memory: 4 bytes an agent, and 4 a step of one.
// Ownership: refers to the plan. Threads: values.

#include <cstdint>
#include <span>
#include <vector>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

class StepsByAgent {
 public:
  explicit StepsByAgent(const Plan& plan);

  // Indices into Plan::steps, in order.
  std::span<const std::uint32_t> of(AgentNumber id) const {
    return std::span(steps_).subspan(first_[id], first_[id + 1] - first_[id]);
  }

 private:
  std::vector<std::uint32_t> first_;  // by id, and one more
  std::vector<std::uint32_t> steps_;
};

}  // namespace pap::sim
