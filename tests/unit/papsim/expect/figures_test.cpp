// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/papsim/expect/judged_run.hpp"

namespace pap::sim {
namespace {

// Of four pods pod-0 dies, in a time without a Station; two more join at 5 minutes.
JudgedRun growing_fleet() {
  return JudgedRun(
      Parts{.run = "{for: 7m}",
            .fleet = "  pods: {count: 4, id: \"pod-{i}\", phase: aligned}\n"
                     "  late: {count: 2, id: \"late-{i}\", join: {from: 5m}}\n",
            .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1, order: id}, do: die}\n"
                        "  - {id: dark, during: [90s, 200s], do: {station: down}}\n"
                        "  - {id: calm, during: [210s, 280s], do: {station: {slow: 20ms}}}\n"});
}

Verdict figures(const std::string& expect) {
  JudgedRun run = growing_fleet();
  return run.verdict('{' + expect + '}', "thresholds");
}

TEST(ExpectFigures, HoldUnderEachComparison) {
  EXPECT_EQ(figures("agents: {total: 6}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: 5}"), Verdict::kFailed);
  EXPECT_EQ(figures("agents: {total: \"< 7\"}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: \"< 6\"}"), Verdict::kFailed);
  EXPECT_EQ(figures("agents: {total: \"<= 6\"}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: \"<= 5\"}"), Verdict::kFailed);
  EXPECT_EQ(figures("agents: {total: \"> 5\"}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: \"> 6\"}"), Verdict::kFailed);
  EXPECT_EQ(figures("agents: {total: \">= 6\"}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: \">= 7\"}"), Verdict::kFailed);
}

TEST(ExpectFigures, AreTheGrowthOfCountersAndGaugesAtTheEnd) {
  EXPECT_EQ(figures("outbox: {delivered: 1}"), Verdict::kPassed);
  EXPECT_EQ(figures("outbox: {waiting: 0}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {dead: 1}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {new: 6}"), Verdict::kPassed);
}

TEST(ExpectFigures, HaveLeastAndMost) {
  EXPECT_EQ(figures("outbox: {waiting: {max: 1}}"), Verdict::kPassed);
  EXPECT_EQ(figures("outbox: {waiting: {max: 0}}"), Verdict::kFailed);
  EXPECT_EQ(figures("agents: {total: {min: 4}}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: {max: 6}}"), Verdict::kPassed);
}

TEST(ExpectFigures, AreOfATimelineEntryWhereTheySaySo) {
  EXPECT_EQ(figures("outbox: {delivered: 0, during: dark}"), Verdict::kPassed);
  EXPECT_EQ(figures("outbox: {decided: 1, during: dark}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {new: 0, during: dark}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {total: 4, during: dark}"), Verdict::kPassed);
  EXPECT_EQ(figures("outbox: {decided: 0, during: calm}"), Verdict::kPassed);
  EXPECT_EQ(figures("agents: {healthy: {min: 3}, during: dark}"), Verdict::kPassed);
}

TEST(ExpectFigures, OfDistributionsAreTheLagsOfDeaths) {
  EXPECT_EQ(figures("deaths: {lag_ms: {max: 3000}}"), Verdict::kPassed);
  EXPECT_EQ(figures("deaths: {lag_ms: {p50: \"< 3000\"}}"), Verdict::kFailed);
  EXPECT_EQ(figures("deaths: {lag_ms: {p99: \"<= 3000\"}}"), Verdict::kPassed);
  EXPECT_EQ(figures("deaths: {lag_ms: {min: \"> 2999\"}}"), Verdict::kPassed);
}

TEST(ExpectFigures, OfDistributionsAreTheNearestRank) {
  // A hundred deaths, told to the oracle by hand, each with a silence of its own.
  const Parts parts{.run = "{for: 1m}", .fleet = "  pods: {count: 100}\n"};
  JudgedRun run(parts);
  std::vector<std::int64_t> lags;
  for (AgentNumber agent = 0; agent < 100; ++agent) {
    run.oracle().decided_dead(run.world().now(), agent);
    lags.push_back(run.oracle().deaths().back().silence - 60'000);
  }
  std::sort(lags.begin(), lags.end());
  ASSERT_NE(lags[0], lags[99]);
  Scenario scenario = read(parts);
  const Plan plan = plan_of(scenario);
  const auto value = [&](Statistic statistic) {
    scenario.expect.thresholds = {{{}, Metric::kDetectionLagMs, statistic, {}, 0, {}}};
    std::vector<Check> checks;
    const VirtualEvidence evidence(run.world(), run.oracle());
    check_figures({scenario, plan, evidence}, checks);
    EXPECT_EQ(checks[0].population, 100U);
    return checks[0].value;
  };
  EXPECT_EQ(value(Statistic::kMin), std::to_string(lags[0]));
  EXPECT_EQ(value(Statistic::kP50), std::to_string(lags[49]));
  EXPECT_EQ(value(Statistic::kP90), std::to_string(lags[89]));
  EXPECT_EQ(value(Statistic::kP99), std::to_string(lags[98]));
  EXPECT_EQ(value(Statistic::kP999), std::to_string(lags[99]));
  EXPECT_EQ(value(Statistic::kMax), std::to_string(lags[99]));
}

TEST(ExpectFigures, OfDistributionsAreOfATimelineEntryToo) {
  JudgedRun run = growing_fleet();
  // pod-0 is decided dead at 123 s.
  const Check dark = run.check("{deaths: {lag_ms: {max: 3000}, during: dark}}", "thresholds");
  EXPECT_EQ(dark.verdict, Verdict::kPassed);
  EXPECT_EQ(dark.population, 1U);
  const Check calm = run.check("{deaths: {lag_ms: {max: 3000}, during: calm}}", "thresholds");
  EXPECT_EQ(calm.verdict, Verdict::kUntested);
  EXPECT_EQ(calm.population, 0U);
}

TEST(ExpectFigures, AreUnknownWithoutASample) {
  JudgedRun run(Parts{.run = "{for: 2m}"});
  const Check none = run.check("{deaths: {lag_ms: {max: \"< 1\"}}}", "thresholds");
  EXPECT_EQ(none.verdict, Verdict::kUntested);
  EXPECT_EQ(none.value, "no sample");
  EXPECT_EQ(none.population, 0U);
}

TEST(ExpectFigures, ShowWhatTheyWereBesideWhatWasAsked) {
  JudgedRun run = growing_fleet();
  const Check check = run.check("{outbox: {decided: \"> 7\", during: dark}}", "thresholds");
  EXPECT_EQ(check.what, "outbox.decided during dark");
  EXPECT_EQ(check.value, "1");
  EXPECT_EQ(check.bound, "> 7");
  EXPECT_EQ(run.check("{deaths: {lag_ms: {p90: 1}}}", "thresholds").what, "deaths.lag_ms.p90");
}

TEST(ExpectFigures, SayHowFarFromTheirBoundAndOnWhichSideTheyFail) {
  JudgedRun run = growing_fleet();
  const auto failure = [&](const char* expect) {
    const Check check = run.check(expect, "thresholds");
    EXPECT_EQ(check.failures.size(), 1U);
    return check.failures.empty() ? Failure{} : check.failures[0];
  };
  const Failure below = failure("{agents: {total: 8}}");
  EXPECT_EQ(below.what, "agents.total below");
  EXPECT_EQ(below.beyond, 2);
  EXPECT_FALSE(below.never);
  const Failure above = failure("{agents: {total: {max: \"< 3\"}, during: dark}}");
  EXPECT_EQ(above.what, "agents.total.max during dark above");
  EXPECT_EQ(above.beyond, 1);
  EXPECT_EQ(failure("{agents: {total: \"> 6\"}}").what, "agents.total below");
  EXPECT_EQ(failure("{agents: {total: \"< 6\"}}").what, "agents.total above");
  EXPECT_TRUE(failure("{outbox: {dropped: 1}}").never);
  EXPECT_TRUE(failure("{outbox: {dropped: \"> 0\"}}").never);
  EXPECT_TRUE(run.check("{agents: {total: 6}}", "thresholds").failures.empty());
}

TEST(ExpectReach, NamesTheMarkThatWasNeverHit) {
  const Check check = growing_fleet().check("{reach: overtaken}", "reach");
  ASSERT_EQ(check.failures.size(), 1U);
  EXPECT_EQ(check.failures[0].what, "overtaken");
  EXPECT_TRUE(check.failures[0].never);
}

TEST(ExpectReach, FailsWhereAMarkWasNeverHit) {
  JudgedRun run = growing_fleet();
  EXPECT_EQ(run.verdict("{reach: death_decided}", "reach"), Verdict::kPassed);
  EXPECT_EQ(run.verdict("{reach: overtaken}", "reach"), Verdict::kFailed);
  EXPECT_EQ(run.verdict("{reach: [death_decided, forgotten]}", "reach", "forgotten"),
            Verdict::kFailed);
  EXPECT_EQ(run.check("{reach: death_decided}", "reach").population, 1U);
}

}  // namespace
}  // namespace pap::sim
