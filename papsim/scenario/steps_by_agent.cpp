// SPDX-License-Identifier: MIT
#include "papsim/scenario/steps_by_agent.hpp"

namespace pap::sim {

StepsByAgent::StepsByAgent(const Plan& plan) : first_(plan.agents.size() + 1, 0) {
  const auto each = [&](auto&& visit) {
    for (std::uint32_t i = 0; i < plan.steps.size(); ++i) {
      for (const AgentNumber agent : plan.who_of(plan.steps[i])) {
        visit(plan.agents[agent].same_id_as, i);
      }
    }
  };
  // Counted, laid out, and filled in from the front of each stretch.
  each([&](AgentNumber id, std::uint32_t) { ++first_[id + 1]; });
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  steps_.resize(first_.back());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  each([&](AgentNumber id, std::uint32_t step) { steps_[next[id]++] = step; });
}

}  // namespace pap::sim
