// SPDX-License-Identifier: MIT
// What may be expected, and expectations that nothing could test; messages letter for letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::IsEmpty;

constexpr auto kDying =
    "  - {id: cut, at: 70s, who: pods, do: die}\n"
    "  - {id: off, during: [1m, 2m], do: {station: down}}\n"
    "  - {id: back, at: 5m, who: cut, do: revive}\n";

Expect expect(const std::string& text) {
  return read(Parts{.timeline = kDying, .expect = text}).expect;
}
std::string problem_expecting(const std::string& text) {
  return problem_of({.timeline = kDying, .expect = text});
}

TEST(Expect, CountsAlertsOfSets) {
  const auto alerts = expect(
                          "{alerts: {AGENT_DEATH: {exactly: [cut, pods], times: 0..3}, "
                          "EMERGENCY_MODE: any, RESTART_DETECTED: [{at_least: back}, {at_most: "
                          "pods}]}}")
                          .alerts;
  ASSERT_EQ(alerts.size(), 5U);
  EXPECT_EQ(alerts[0].kind, SetKind::kExactly);
  EXPECT_EQ(alerts[0].agents.size(), 2U);
  EXPECT_EQ(alerts[0].times_from, 0U);
  EXPECT_EQ(alerts[0].times_to, 3U);
  EXPECT_EQ(alerts[1].kind, SetKind::kAny);
  EXPECT_EQ(alerts[2].kind, SetKind::kAtLeast);
  EXPECT_EQ(alerts[3].kind, SetKind::kAtMost);
  EXPECT_EQ(alerts[4].type, std::nullopt);
  EXPECT_EQ(alerts[4].kind, SetKind::kNone) << "what is not named must not be";
}

TEST(Expect, HasFiguresWithStatisticsAndSpans) {
  const auto figures =
      expect(
          "{outbox: [{dropped: 0}, {waiting: {max: \"<= 5\"}, during: off}], deaths: {lag_ms: "
          "{p99: \"< 3500\"}}}")
          .thresholds;
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(figures[0].during, std::nullopt);
  EXPECT_EQ(figures[1].metric, Metric::kOutboxWaiting);
  EXPECT_EQ(figures[1].statistic, Statistic::kMax);
  EXPECT_EQ(figures[1].comparison, Comparison::kLessEqual);
  EXPECT_EQ(figures[1].during, 1U);
  EXPECT_EQ(figures[2].statistic, Statistic::kP99);
}

TEST(Expect, GrantsExcusesAndWantsMarks) {
  const Expect list = expect("{alerts: {}, allow: [queue_full, state_lost], reach: [retold]}");
  ASSERT_EQ(list.allow.size(), 2U);
  EXPECT_EQ(list.allow[1].excuse, Excuse::kStateLost);
  EXPECT_EQ(list.reach[0].mark, Mark::kRetold);
  const Expect map = expect("{alerts: {}, allow: {queue_full: \"<= 5\", state_lost: any}}");
  EXPECT_EQ(map.allow[0].at_most, 5U);
  EXPECT_EQ(map.allow[1].at_most, std::nullopt);
  EXPECT_EQ(problem_expecting("{alerts: {}, allow: [queue_full, queue_full]}"),
            "'queue_full' stands twice in allow");
  EXPECT_EQ(problem_expecting("{alerts: {}, allow: {queue_full: \">= 5\"}}"),
            "queue_full: '>= 5' is not how often at most, like \"<= 5\" or any");
}

TEST(Expect, SaysHowAlertsAreWritten) {
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: cut}}"),
            "AGENT_DEATH is none, any, or {exactly: …}, not 'cut'");
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: {times: 1}}}"),
            "expect.alerts.AGENT_DEATH: one of exactly, at_most or at_least is missing");
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: {exactly: []}}}"),
            "exactly: the list is empty");
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: {exactly: [cut, cut]}}}"),
            "'cut' stands twice in the list");
  EXPECT_EQ(problem_expecting("{alerts: {\"*\": some}}"),
            "*: 'some' is not known here; there are none and any");
}

TEST(Expect, IsNoExpectationThatCanNeverBeTested) {
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: {exactly: cut, times: 0}}}"),
            "`times: 0` names agents to say nothing of them; say none");
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: {exactly: off}}}"),
            "AGENT_DEATH: 'off' picks no agents, so no alert can be about whom it picked");
  EXPECT_EQ(problem_expecting("{detection: {of: back, window: [2I, 2I + slack]}}"),
            "detection of 'back' can never be tested: 'revive' makes no agent fall silent");
  EXPECT_EQ(problem_expecting("{detection: {of: off, window: [2I, 2I + slack]}}"),
            "detection of 'off' can never be tested: 'station' makes no agent fall silent");
  EXPECT_EQ(problem_expecting("{detection: {of: cut, window: [2I + slack, 2I]}}"),
            "no moment lies between 2I + slack and 2I");
  EXPECT_EQ(problem_expecting("{outbox: {dropped: \">= 0\"}}"),
            "dropped is never below 0, so this tests nothing");
  EXPECT_EQ(problem_expecting("{outbox: {dropped: 0, during: cut}}"),
            "'cut' is over the moment it happens, so there is nothing to measure during it");
}

TEST(Expect, LeavesWhatCanBeTestedAndCannotHoldToTheRun) {
  EXPECT_THAT(problems_of(Parts{.timeline = kDying, .expect = "{outbox: {delivered: \"< 0\"}}"}),
              IsEmpty());
  EXPECT_THAT(problems_of(Parts{.timeline = kDying,
                                .expect = "{alerts: {EMERGENCY_MODE: {exactly: cut}}}"}),
              IsEmpty());
}

TEST(Expect, IsNotEmptyWhereItIsWritten) {
  EXPECT_EQ(problem_expecting("{alerts: {}, detection: []}"), "an empty list expects nothing");
  EXPECT_EQ(problem_expecting("{alerts: {}, outbox: []}"), "an empty list expects nothing");
  EXPECT_EQ(problem_expecting("{alerts: {AGENT_DEATH: []}}"), "an empty list expects nothing");
  EXPECT_EQ(problem_expecting("{alerts: {}, allow: []}"), "an empty list allows nothing");
  EXPECT_EQ(problem_expecting("{alerts: {}, allow: {}}"), "an empty map allows nothing");
  EXPECT_EQ(problem_expecting("{detection: {of: cut, window: [2I]}}"),
            "window must be [earliest, latest], not a list of 1");
}

TEST(Expect, SaysHowFiguresAreWritten) {
  EXPECT_EQ(problem_expecting("{outbox: {during: off}}"), "expect.outbox names no figure");
  EXPECT_EQ(problem_expecting("{outbox: 5}"), "expect.outbox must be a map of figures, not '5'");
  EXPECT_EQ(problem_expecting("{deaths: {lag_ms: 5}}"),
            "'lag_ms' has no single value; say which: min, max, p50, p90, p99 and p999");
  EXPECT_EQ(problem_expecting("{outbox: {dropped: 0, during: of}}"),
            "there is no timeline entry 'of'; did you mean 'off'?");
  EXPECT_EQ(problem_expecting("{outbox: {dropped: 0, during: pods}}"),
            "there is no timeline entry 'pods'; there are cut, off and back");
}

}  // namespace
}  // namespace pap::sim
