// SPDX-License-Identifier: MIT
#include "papsim/world/identities.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

struct SmallFleet {
  explicit SmallFleet(const std::string& groups, const std::string& timeline = {})
      : scenario(read(Parts{.fleet = groups, .timeline = timeline})),
        plan(plan_of(scenario)),
        ids(scenario, plan) {}

  const Scenario scenario;
  const Plan plan;
  const Identities ids;
};

TEST(Identities, AreThoseOfThePlanAndFindTheirWayBack) {
  const SmallFleet fleet(
      "  pods: {count: 500}\n"
      "  rack: {count: 500, id: \"rack7-{i:04}\"}\n");
  ASSERT_EQ(fleet.ids.size(), 1'000U);
  for (AgentNumber agent = 0; agent < fleet.ids.size(); ++agent) {
    const std::string id = id_of(fleet.scenario, fleet.plan, agent);
    ASSERT_EQ(fleet.ids.text_of(agent), id);
    ASSERT_EQ(fleet.ids.of(agent).is_uuid(), agent < 500);
    ASSERT_EQ(fleet.ids.find(id), agent);
  }
}

TEST(Identities, KnowNoStrangers) {
  const SmallFleet fleet("  rack: {count: 3, id: \"rack-{i}\"}\n");
  for (const auto* id : {"", "rack-", "rack-3", "rack-00", "RACK-0", "nobody"}) {
    EXPECT_EQ(fleet.ids.find(id), fleet.ids.size()) << id;
  }
}

TEST(Identities, OfTwoPodsWithOneNameGiveTheFirst) {
  const SmallFleet fleet(
      "  pods: {count: 2, id: \"pod-{i}\"}\n"
      "  twins: {count: 2, ids_of: pods}\n");
  EXPECT_EQ(fleet.ids.text_of(3), "pod-1");
  EXPECT_EQ(fleet.ids.find("pod-1"), 1U);
}

TEST(Identities, HoldLaterOnesOfTheSameMember) {
  const SmallFleet fleet("  pods: {count: 1}\n",
                         "  - {id: swap, at: 1m, who: pods, do: {restart: {identity: new}}}\n");
  ASSERT_EQ(fleet.ids.size(), 2U);
  EXPECT_NE(fleet.ids.text_of(0), fleet.ids.text_of(1));
  EXPECT_EQ(fleet.ids.find(fleet.ids.text_of(1)), 1U);
}

TEST(Identities, InCapitalsAreTextsOfTheirOwn) {
  const SmallFleet fleet("  pods: {count: 1, id: \"AAAAAAAA-0000-4000-8000-{i:012}\"}\n");
  EXPECT_FALSE(fleet.ids.of(0).is_uuid());
  EXPECT_EQ(fleet.ids.find("AAAAAAAA-0000-4000-8000-000000000000"), 0U);
  EXPECT_EQ(fleet.ids.find("aaaaaaaa-0000-4000-8000-000000000000"), 1U);
}

}  // namespace
}  // namespace pap::sim
