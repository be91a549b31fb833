// SPDX-License-Identifier: MIT
#include "papsim/scenario/steps_by_agent.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

Scenario story() {
  return read(Parts{.fleet = "  pods: {count: 3, id: \"pod-{i}\"}\n"
                             "  twins: {count: 3, ids_of: pods}\n",
                    .timeline = "  - {id: cut, at: 1m, who: pods, do: die}\n"
                                "  - {id: dark, at: 2m, do: {station: down}}\n"
                                "  - {id: back, at: 3m, who: {group: pods, pick: 1, order: id}, "
                                "do: revive}\n"});
}

TEST(StepsByAgent, GivesEachAgentWhatThePlanDoesToItInOrder) {
  const Plan plan = plan_of(story());
  const StepsByAgent steps(plan);
  for (AgentNumber agent = 0; agent < 3; ++agent) {
    std::vector<std::uint32_t> own;
    for (std::uint32_t i = 0; i < plan.steps.size(); ++i) {
      const auto who = plan.who_of(plan.steps[i]);
      if (std::find(who.begin(), who.end(), agent) != who.end()) own.push_back(i);
    }
    EXPECT_TRUE(std::ranges::equal(steps.of(agent), own)) << agent;
  }
  EXPECT_EQ(steps.of(0).size(), 2U);
  EXPECT_EQ(steps.of(1).size(), 1U);
}

TEST(StepsByAgent, KnowsAgentsByTheirIds) {
  const Plan plan = plan_of(story());
  const StepsByAgent steps(plan);
  EXPECT_EQ(plan.agents[3].same_id_as, 0U);
  EXPECT_EQ(steps.of(3).size(), 0U);
}

TEST(StepsByAgent, HasNothingOfAPlanWithoutATimeline) {
  const Plan plan = plan_of(read(Parts{}));
  const StepsByAgent steps(plan);
  for (AgentNumber agent = 0; agent < plan.agents.size(); ++agent) {
    EXPECT_TRUE(steps.of(agent).empty());
  }
}

}  // namespace
}  // namespace pap::sim
