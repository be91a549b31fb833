// SPDX-License-Identifier: MIT
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/expect/judged_run.hpp"

namespace pap::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// pod-0 dies, pod-1 restarts twice, pod-2 and pod-3 go on.
JudgedRun story() {
  return JudgedRun(Parts{
      .run = "{for: 6m}",
      .fleet = "  pods: {count: 2, id: \"pod-{i}\"}\n  rest: {count: 2, id: \"rest-{i}\"}\n",
      .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1, order: id}, do: die}\n"
                  "  - {id: blink, every: {each: 2m, from: 80s, to: 4m}, "
                  "who: {group: pods, pick: 1, order: id}, do: {restart: {down: 2s}}}\n"
                  "  - {id: frost, at: 80s, who: {group: rest, pick: 1}, do: {freeze: 3s}}\n"});
}

Verdict of(const std::string& rows, const std::string& about = "") {
  JudgedRun run = story();
  return run.verdict("{alerts: {" + rows + "}}", "alerts", about);
}

TEST(ExpectAlerts, ExactlyFailsWhereOneIsMissingAndWhereOneIsTooMuch) {
  EXPECT_EQ(of("AGENT_DEATH: {exactly: cut}, '*': any", "AGENT_DEATH"), Verdict::kPassed);
  EXPECT_EQ(of("AGENT_DEATH: {exactly: [cut, blink]}, '*': any", "AGENT_DEATH"), Verdict::kFailed);
  EXPECT_EQ(of("AGENT_DEATH: {exactly: blink}, '*': any", "AGENT_DEATH"), Verdict::kFailed);
}

TEST(ExpectAlerts, AtMostFailsWhereOneIsTooMuch) {
  EXPECT_EQ(of("AGENT_DEATH: {at_most: pods}, '*': any", "AGENT_DEATH"), Verdict::kPassed);
  EXPECT_EQ(of("AGENT_DEATH: {at_most: rest}, '*': any", "AGENT_DEATH"), Verdict::kFailed);
}

TEST(ExpectAlerts, AtLeastFailsWhereOneIsMissing) {
  EXPECT_EQ(of("AGENT_DEATH: {at_least: cut}, '*': any", "AGENT_DEATH"), Verdict::kPassed);
  EXPECT_EQ(of("AGENT_DEATH: {at_least: pods}, '*': any", "AGENT_DEATH"), Verdict::kFailed);
}

TEST(ExpectAlerts, NoneFailsWhereOneIsTold) {
  EXPECT_EQ(of("EMERGENCY_MODE: none, '*': any", "EMERGENCY_MODE"), Verdict::kPassed);
  EXPECT_EQ(of("AGENT_DEATH: none, '*': any", "AGENT_DEATH"), Verdict::kFailed);
  EXPECT_EQ(of("AGENT_DEATH: any, '*': none", "AGENT_DEATH"), Verdict::kPassed);
}

TEST(ExpectAlerts, TimesCountForEachWhoIsToldOf) {
  EXPECT_EQ(of("RESTART_DETECTED: {exactly: blink, times: 2}, '*': any", "RESTART"),
            Verdict::kPassed);
  EXPECT_EQ(of("RESTART_DETECTED: {exactly: blink, times: 1}, '*': any", "RESTART"),
            Verdict::kFailed);
  EXPECT_EQ(of("RESTART_DETECTED: {exactly: blink, times: 3..9}, '*': any", "RESTART"),
            Verdict::kFailed);
  EXPECT_EQ(of("RESTART_DETECTED: {exactly: blink, times: 0..2}, '*': any", "RESTART"),
            Verdict::kPassed);
}

TEST(ExpectAlerts, TheRestIsAboutWhatNoOtherRowNames) {
  EXPECT_EQ(of("AGENT_DEATH: {exactly: cut}, RESTART_DETECTED: any, '*': none", "*"),
            Verdict::kPassed);
  EXPECT_EQ(of("AGENT_DEATH: {exactly: cut}, '*': none", "*"), Verdict::kFailed);
  EXPECT_EQ(of("'*': none", "*"), Verdict::kFailed);
}

TEST(ExpectAlerts, SayWhoIsMissingAndWhoIsTooMuch) {
  JudgedRun run = story();
  const Check check = run.check("{alerts: {AGENT_DEATH: {exactly: blink}, '*': any}}", "alerts");
  EXPECT_EQ(check.what, "AGENT_DEATH: exactly blink");
  EXPECT_EQ(check.value, "1 agent told of");
  EXPECT_THAT(check.chain, ElementsAre("not told: pod-1", "told, and should not be: pod-0"));
  EXPECT_GT(check.place.line, 0U);
}

TEST(ExpectAlerts, SayHowOftenWhereItIsAskedFor) {
  JudgedRun run = story();
  const Check once = run.check("{alerts: {AGENT_DEATH: {exactly: cut, times: 1}}}", "alerts");
  EXPECT_EQ(once.value, "1 agent, 1 time each");
  EXPECT_EQ(once.bound, "exactly 1 agent, 1 time each");
  const std::string rest = ", '*': any}}";
  const Check twice =
      run.check("{alerts: {RESTART_DETECTED: {at_most: pods, times: 1..3}" + rest, "alerts");
  EXPECT_EQ(twice.value, "1 agent, 2 times each");
  EXPECT_EQ(twice.bound, "at most 2 agents, 1 to 3 times each");
  const Check none =
      run.check("{alerts: {EMERGENCY_MODE: {at_most: pods, times: 1}" + rest, "alerts");
  EXPECT_EQ(none.value, "0 agents told of");
}

std::vector<std::string> failures(const std::string& rows) {
  JudgedRun run = story();
  std::vector<std::string> out;
  for (const Failure& failure : run.check("{alerts: {" + rows + "}}", "alerts").failures) {
    out.push_back(failure.what);
  }
  return out;
}

TEST(ExpectAlerts, NameEachWayInWhichTheyFail) {
  EXPECT_THAT(failures("AGENT_DEATH: {exactly: cut}, '*': any"), IsEmpty());
  EXPECT_THAT(failures("AGENT_DEATH: {exactly: blink}, '*': any"),
              ElementsAre("AGENT_DEATH not told", "AGENT_DEATH told, and should not be"));
  EXPECT_THAT(failures("RESTART_DETECTED: {exactly: blink, times: 3}, '*': any"),
              ElementsAre("RESTART_DETECTED told too few times"));
  EXPECT_THAT(failures("RESTART_DETECTED: {exactly: blink, times: 1}, '*': any"),
              ElementsAre("RESTART_DETECTED told too many times"));
  EXPECT_THAT(failures("'*': none"), ElementsAre("* told, and should not be"));
}

TEST(ExpectAlerts, HaveAPopulationEvenWhereNobodyIsToldOf) {
  JudgedRun run = story();
  const Check none = run.check("{alerts: {EMERGENCY_MODE: none, '*': any}}", "alerts", "EMERG");
  EXPECT_EQ(none.verdict, Verdict::kPassed);
  EXPECT_EQ(none.population, 4U);  // who might have been
  const Check some = run.check("{alerts: {AGENT_DEATH: {exactly: cut}}}", "alerts", "DEATH");
  EXPECT_EQ(some.population, 1U);
}

TEST(ExpectAlerts, CountADeathThatIsExcusedForNobody) {
  // Away after a beat that failed, and told dead like anyone.
  JudgedRun run(Parts{
      .run = "{for: 6m}",
      .fleet = "  pods: {count: 2, id: \"pod-{i}\"}\n",
      .timeline = "  - {id: cut, during: [1m, 100s], who: pods, do: {net: {cut: to}}}\n"
                  "  - {id: end, at: 250s, who: {group: pods, pick: 1, order: id}, do: die}\n"});
  ASSERT_EQ(run.oracle().deaths().size(), 3U);
  const std::string rows = "alerts: {AGENT_DEATH: {exactly: end, times: 1}}";
  EXPECT_EQ(run.verdict("{" + rows + "}", "alerts"), Verdict::kFailed);
  EXPECT_EQ(run.verdict("{" + rows + ", allow: agent_away}", "alerts"), Verdict::kPassed);
  EXPECT_EQ(run.verdict("{" + rows + ", allow: paused_twice}", "alerts"), Verdict::kFailed);
}

TEST(SomeOf, NamesThreeAndCountsTheRest) {
  JudgedRun run = story();
  const Scenario scenario = read(Parts{});
  const Plan plan = plan_of(scenario);
  const VirtualEvidence evidence(run.world(), run.oracle());
  const FinishedRun finished{scenario, plan, evidence};
  EXPECT_EQ(some_of(finished, {}), "");
  EXPECT_EQ(some_of(finished, {1}), "pod-1");
  EXPECT_EQ(some_of(finished, {0, 1, 2}), "pod-0, pod-1, rest-0");
  EXPECT_EQ(some_of(finished, {0, 1, 2, 3}), "pod-0, pod-1, rest-0 and 1 more");
}

}  // namespace
}  // namespace pap::sim
