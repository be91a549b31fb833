// SPDX-License-Identifier: MIT
#include "papsim/scenario/agent_ids.hpp"

#include <set>

#include <gtest/gtest.h>

#include "pap/protocol/agent_id.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

TEST(Renamed, GivesAUuidAnotherUuid) {
  const std::string id = "0f9a1234-89ab-4cde-8f01-23456789abcd";
  EXPECT_EQ(renamed(id), "54ef6789-89ab-4cde-8f01-23456789abcd");
  EXPECT_TRUE(protocol::is_station_uuid(renamed(id)));
}

TEST(Renamed, KeepsAUuidInUpperCaseInUpperCase) {
  EXPECT_EQ(renamed("0F9A1234-89AB-4CDE-8F01-23456789ABCD"),
            "54EF6789-89AB-4CDE-8F01-23456789ABCD");
}

TEST(Renamed, GivesAnyOtherIdAnotherOneThatIsNoUuid) {
  EXPECT_EQ(renamed("rack7-03"), "r-rack7-03");
  EXPECT_NE(renamed("rack7-03"), renamed("rack7-04"));
}

TEST(Renamed, LeavesAnIdAloneThatCouldNotGrow) {
  const std::string longest(protocol::kMaxAgentIdBytes, 'a');
  EXPECT_EQ(renamed(longest), longest);
  EXPECT_EQ(renamed(longest.substr(2)).size(), protocol::kMaxAgentIdBytes);
}

TEST(AgentIds, OfARenamedPlanAreAllOthersAndStillDiffer) {
  const Scenario scenario = read(Parts{.fleet = "  pods: {count: 50, id: \"pod-{i}\"}\n"
                                                "  rest: {count: 50}\n"
                                                "  twins: {count: 50, ids_of: pods}\n"});
  Plan plan = plan_of(scenario);
  std::set<std::string> before;
  for (AgentNumber agent = 0; agent < 100; ++agent) before.insert(id_of(scenario, plan, agent));
  plan.renamed = true;
  std::set<std::string> after;
  for (AgentNumber agent = 0; agent < 100; ++agent) {
    const std::string id = id_of(scenario, plan, agent);
    EXPECT_FALSE(before.contains(id)) << id;
    after.insert(id);
  }
  EXPECT_EQ(after.size(), 100U);
  EXPECT_EQ(id_of(scenario, plan, 100), id_of(scenario, plan, 0));
}

}  // namespace
}  // namespace pap::sim
