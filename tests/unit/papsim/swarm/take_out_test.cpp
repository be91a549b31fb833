// SPDX-License-Identifier: MIT
#include "papsim/swarm/take_out.hpp"

#include <gtest/gtest.h>

#include "papsim/scenario/expand.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

Scenario story() {
  return read({.fleet = "  pods: {count: 10}\n"
                        "  rack: {count: 5}\n"
                        "  twins: {count: 5, ids_of: rack}\n",
               .timeline = "  - {id: dark, during: [1m, 2m], do: {station: down}}\n"
                           "  - {id: cut, at: 1m, who: rack, do: die}\n"
                           "  - {id: back, at: 2m, who: cut, do: revive}\n"
                           "  - {id: both, at: 3m, who: [pods, cut], do: restart}\n",
               .expect = "{alerts: {AGENT_DEATH: {exactly: cut}, "
                         "RESTART_DETECTED: {at_most: [back, both]}}, "
                         "outbox: [{dropped: 0}, {size: {max: 9}, during: dark}]}"});
}

bool is_good(const Scenario& scenario) {
  const ScenarioFile file = ScenarioFile::from_text("left.yaml", to_yaml(scenario));
  return file.good() && file.as_written() == scenario;
}

TEST(TakeOut, LeavesTheRestOfTheTimelineAsItWas) {
  Scenario scenario = story();
  take_out_entry(scenario, 0);
  ASSERT_EQ(scenario.timeline.size(), 3U);
  EXPECT_EQ(scenario.timeline[0].id, "cut");
  EXPECT_EQ(scenario.timeline[1].who.sets[0].index, 0U);  // still whom `cut` met
  EXPECT_EQ(scenario.expect.thresholds.size(), 1U);       // not that of the time of `dark`
  EXPECT_TRUE(is_good(scenario));
}

TEST(TakeOut, TakesWithAnEntryWhatWasAboutThoseItMetAlone) {
  Scenario scenario = story();
  take_out_entry(scenario, 1);
  ASSERT_EQ(scenario.timeline.size(), 2U);
  EXPECT_EQ(scenario.timeline[1].id, "both");
  EXPECT_EQ(scenario.timeline[1].who.sets.size(), 1U);
  ASSERT_EQ(scenario.expect.alerts.size(), 2U);  // restarts, and the rest
  EXPECT_EQ(scenario.expect.alerts[0].agents.size(), 1U);
  EXPECT_TRUE(is_good(scenario));
}

TEST(TakeOut, TakesWithAGroupItsEntriesAndGivesItsTwinsIdsOfTheirOwn) {
  Scenario scenario = story();
  take_out_group(scenario, 1);
  ASSERT_EQ(scenario.fleet.size(), 2U);
  EXPECT_FALSE(scenario.fleet[1].ids_of);
  ASSERT_EQ(scenario.timeline.size(), 2U);
  EXPECT_TRUE(is_good(scenario));
}

}  // namespace
}  // namespace pap::sim
