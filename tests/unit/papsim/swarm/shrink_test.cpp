// SPDX-License-Identifier: MIT
#include "papsim/swarm/shrink.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/run/run_seed.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::ElementsAre;

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

const auto kNever = [] { return false; };

// The failures of what is left, run with its own seed.
std::vector<std::string> failures_of(const Shrunk& shrunk) {
  RunProgress progress;
  const SeedResult result = run_seed(shrunk.scenario, shrunk.scenario.ci.first, progress);
  std::vector<std::string> out;
  for (const Check& check : result.checks) {
    for (const Failure& failure : check.failures) {
      out.push_back(failure.what + ", " + check.value);
    }
  }
  return out;
}

TEST(Shrink, LeavesWhatMakesTheRuleFail) {
  const Shrunk shrunk = shrink(failing(), 1, kNever);
  EXPECT_TRUE(shrunk.whole);
  EXPECT_EQ(shrunk.rule, "alerts");
  EXPECT_EQ(shrunk.how, "AGENT_DEATH told, and should not be");
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
  const Shrunk shrunk = shrink(scenario, 1, kNever);
  EXPECT_EQ(shrunk.rule, "alerts");
  EXPECT_TRUE(shrunk.scenario.expect.thresholds.empty());
  EXPECT_EQ(agents_of(shrunk.scenario), 1U);
}

// What was halved to less than a second is not rounded up to one, to be halved again.
TEST(Shrink, Ends) {
  const Scenario scenario = read(Parts{.timeline = "  - {id: worse, during: [60s, 61s], who: pods, "
                                                   "do: {mode: EMERGENCY}}\n",
                                       .expect = "{alerts: {EMERGENCY_MODE: none, \"*\": any}}"});
  std::uint64_t tried = 0;
  const Shrunk shrunk = shrink(
      scenario, 1, [&] { return tried >= 2'000; }, [&](const Shrunk& best) { tried = best.tried; });
  EXPECT_EQ(shrunk.rule, "alerts");
  EXPECT_EQ(shrunk.scenario.timeline.size(), 1U);
  EXPECT_TRUE(shrunk.whole);
}

TEST(Shrink, LeavesAScenarioAloneInWhichNothingFails) {
  const Scenario fine = ScenarioFile::from_text("big", text_of("any")).as_written();
  const Shrunk shrunk = shrink(fine, 7, kNever);
  EXPECT_EQ(shrunk.rule, "");
  EXPECT_TRUE(shrunk.whole);
  EXPECT_EQ(shrunk.scenario, fine);
}

TEST(Shrink, GivesTheBestSoFarWhenItIsStopped) {
  std::uint64_t tried = 0;
  const Shrunk shrunk = shrink(
      failing(), 1, [&] { return tried == 3; }, [&](const Shrunk& best) { tried = best.tried; });
  EXPECT_FALSE(shrunk.whole);
  EXPECT_EQ(shrunk.tried, 3U);
  EXPECT_EQ(shrunk.rule, "alerts");
}

TEST(Shrink, IsStoppedInTheMiddleOfARun) {
  // Hours of work, of which nobody hears before its end.
  const Scenario endless = read(Parts{.run = "{for: 3650d}",
                                      .fleet = "  pods: {count: 1000, jitter: 10%}\n",
                                      .timeline = "  - {id: cut, at: 1m, who: pods, do: die}\n"
                                                  "  - {id: back, at: 5m, who: cut, do: revive}\n",
                                      .expect = "{alerts: {AGENT_DEATH: none, \"*\": any}}"});
  const Shrunk shrunk = shrink(endless, 1, [] { return true; });
  EXPECT_EQ(shrunk.rule, "");
  EXPECT_FALSE(shrunk.whole);
  EXPECT_EQ(shrunk.tried, 0U);
  EXPECT_EQ(shrunk.scenario, endless);
}

TEST(Shrink, MakesTheSeedTheFilesOwn) {
  const Shrunk shrunk = shrink(failing(), 7, kNever);
  EXPECT_EQ(shrunk.scenario.ci, (SeedRange{7, 7}));
  EXPECT_EQ(shrunk.scenario.nightly, (SeedRange{7, 7}));
  EXPECT_THAT(failures_of(shrunk),
              ElementsAre("AGENT_DEATH told, and should not be, 1 agent told of"));
}

// --- no other failure of the same rule ---

Shrunk shrunk_story(const std::string& timeline, const std::string& expect) {
  return shrink(read(Parts{.run = "{for: 30m}",
                           .fleet = "  pods: {count: 6, id: \"pod-{i}\"}\n"
                                    "  rest: {count: 6, id: \"rest-{i}\"}\n",
                           .timeline = timeline,
                           .expect = expect}),
                1, kNever);
}

TEST(Shrink, KeepsHowOftenAnAgentIsToldOf) {
  const Shrunk shrunk =
      shrunk_story("  - {id: cut, at: 2m, who: {group: pods, pick: 3}, do: die}\n",
                   "{alerts: {AGENT_DEATH: {exactly: cut, times: 2}, \"*\": any}}");
  EXPECT_EQ(agents_of(shrunk.scenario), 1U);
  EXPECT_THAT(failures_of(shrunk),
              ElementsAre("AGENT_DEATH told too few times, 1 agent, 1 time each"));
}

// Were `cut` away for less long, its agents would be missing.
TEST(Shrink, KeepsADeathThatNoSetHas) {
  const Shrunk shrunk = shrunk_story(
      "  - {id: cut, at: 2m, who: {group: pods, pick: 3}, do: {restart: {down: 10m}}}\n"
      "  - {id: other, at: 3m, who: {group: rest, pick: 3}, do: die}\n",
      "{alerts: {AGENT_DEATH: {exactly: [cut]}, \"*\": any}}");
  EXPECT_EQ(shrunk.scenario.timeline.size(), 2U);
  EXPECT_THAT(failures_of(shrunk),
              ElementsAre("AGENT_DEATH told, and should not be, 2 agents told of"));
}

// Without `cut` its row would go, and every row that is left would hold.
TEST(Shrink, KeepsAnAgentThatIsMissing) {
  const Shrunk shrunk = shrunk_story(
      "  - {id: cut, at: 2m, who: {group: pods, pick: 3}, do: die}\n"
      "  - {id: blink, at: 3m, who: {group: rest, pick: 3}, do: {restart: {down: 2s}}}\n",
      "{alerts: {AGENT_DEATH: {exactly: [cut, blink]}, \"*\": any}}");
  ASSERT_EQ(shrunk.scenario.timeline.size(), 1U);
  EXPECT_EQ(shrunk.scenario.timeline[0].id, "blink");
  EXPECT_THAT(failures_of(shrunk), ElementsAre("AGENT_DEATH not told, 0 agents told of"));
}

TEST(Shrink, KeepsAFigureAsNearToItsBound) {
  const Shrunk shrunk = shrunk_story(
      "  - {id: cut, at: 2m, who: {group: pods, pick: 3}, do: die}\n"
      "  - {id: slow, during: [1m, 9m], do: {station: {slow: 100ms}}}\n",
      "{alerts: {\"*\": any}, outbox: {delivered: 4}}");
  ASSERT_EQ(shrunk.scenario.timeline.size(), 1U);
  EXPECT_EQ(shrunk.scenario.timeline[0].id, "cut");
  EXPECT_THAT(failures_of(shrunk), ElementsAre("outbox.delivered below, 3"));
}

TEST(Shrink, LeavesWholeWhatNeverHappened) {
  for (const char* expect : {"reach: overtaken", "outbox: {dropped: 2}"}) {
    const Shrunk shrunk = shrunk_story("  - {id: cut, at: 2m, who: pods, do: die}\n",
                                       std::string{"{alerts: {\"*\": any}, "} + expect + "}");
    EXPECT_TRUE(shrunk.never) << expect;
    EXPECT_TRUE(shrunk.whole);
    EXPECT_EQ(shrunk.tried, 0U);
    EXPECT_EQ(agents_of(shrunk.scenario), 12U);
  }
}

}  // namespace
}  // namespace pap::sim
