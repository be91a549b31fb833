// SPDX-License-Identifier: MIT
#include "papsim/swarm/shrink.hpp"

#include <gtest/gtest.h>

#include "papsim/scenario/scenario_file.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

std::string text_of(const char* deaths) {
  return std::string{
             "papsim: 1\nname: big\nabout: x\nrun: {for: 20m}\n"
             "collector: {alert_queue_max_size: 7, slice: 3}\n"
             "fleet:\n"
             "  rack: {count: 40, jitter: 10%, uptime: 2d}\n"
             "  rest: {count: 60, jitter: 10%}\n"
             "timeline:\n"
             "  - {id: slow, during: [1m, 9m], do: {station: {slow: 100ms}}}\n"
             "  - {id: stall, at: 10m, do: {collector: {pause: 3s}}}\n"
             "  - {id: again, every: {each: 1m, from: 1m, to: 8m}, "
             "who: {group: rest, pick: 3}, do: restart}\n"
             "  - {id: cut, at: 2m, who: {group: rack, pick: 20}, do: die}\n"
             "expect: {alerts: {AGENT_DEATH: "} +
         deaths + ", \"*\": any}}\n";
}

Scenario failing() { return ScenarioFile::from_text("big", text_of("none")).as_written(); }

std::size_t agents_of(const Scenario& scenario) {
  std::size_t agents = 0;
  for (const Group& group : scenario.fleet) agents += group.count;
  return agents;
}

TEST(Shrink, LeavesWhatMakesTheRuleFail) {
  const Shrunk shrunk = shrink(failing(), 1, [](const Shrunk&) { return true; });
  EXPECT_TRUE(shrunk.whole);
  EXPECT_EQ(shrunk.rule, "alerts");
  ASSERT_EQ(shrunk.scenario.timeline.size(), 1U);
  EXPECT_EQ(shrunk.scenario.timeline[0].id, "cut");
  EXPECT_EQ(agents_of(shrunk.scenario), 1U);
  EXPECT_EQ(shrunk.scenario.collector, CollectorConfig{});
  EXPECT_LT(shrunk.scenario.run_for, std::chrono::minutes{4});
}

TEST(Shrink, TakesOutTheExpectationsThatHold) {
  Scenario scenario = failing();
  Threshold many;
  many.metric = Metric::kAgentsTotal;
  many.statistic = Statistic::kMax;
  many.comparison = Comparison::kGreaterEqual;
  many.value = 30;
  scenario.expect.thresholds.push_back(many);
  const Shrunk shrunk = shrink(scenario, 1, [](const Shrunk&) { return true; });
  EXPECT_EQ(shrunk.rule, "alerts");
  EXPECT_TRUE(shrunk.scenario.expect.thresholds.empty());
  EXPECT_EQ(agents_of(shrunk.scenario), 1U);
}

// What was halved to less than a second is not rounded up to one, to be halved again.
TEST(Shrink, Ends) {
  const Scenario scenario = read(Parts{.timeline = "  - {id: worse, during: [60s, 61s], who: pods, "
                                                   "do: {mode: EMERGENCY}}\n",
                                       .expect = "{alerts: {EMERGENCY_MODE: none, \"*\": any}}"});
  const Shrunk shrunk = shrink(scenario, 1, [](const Shrunk& best) { return best.tried < 2'000; });
  EXPECT_EQ(shrunk.rule, "alerts");
  EXPECT_EQ(shrunk.scenario.timeline.size(), 1U);
  EXPECT_TRUE(shrunk.whole);
}

TEST(Shrink, LeavesAScenarioAloneInWhichNothingFails) {
  const Scenario fine = ScenarioFile::from_text("big", text_of("any")).as_written();
  const Shrunk shrunk = shrink(fine, 1, [](const Shrunk&) { return true; });
  EXPECT_EQ(shrunk.rule, "");
  EXPECT_EQ(shrunk.scenario, fine);
}

TEST(Shrink, GivesTheBestSoFarWhenItIsStopped) {
  int tries = 3;
  const Shrunk shrunk = shrink(failing(), 1, [&](const Shrunk&) { return --tries > 0; });
  EXPECT_FALSE(shrunk.whole);
  EXPECT_EQ(shrunk.tried, 3U);
  EXPECT_EQ(shrunk.rule, "alerts");
}

}  // namespace
}  // namespace pap::sim
