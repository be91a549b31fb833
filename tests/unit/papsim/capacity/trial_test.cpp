// SPDX-License-Identifier: MIT
#include "papsim/capacity/trial.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/live/live_run.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TrialWish wish_of(std::uint32_t agents, Incident incident = Incident::kNone) {
  std::string error;
  TrialWish wish;
  wish.agents = agents;
  wish.incident = incident;
  wish.mix = *read_mode_mix("IDLE:100%", error);
  return wish;
}

// A minute of a thousand beats a second, each answered in 2 ms.
Gauge::Window calm_window() {
  Gauge::Window window;
  window.span = 60s;
  window.planned = 60'000;
  window.accepted = 60'000;
  for (int i = 0; i < 60'000; ++i) {
    window.answer.add(2'000);
    window.lag.add(100);
  }
  window.first = ProcessUse{1s, 10'000'000};
  window.last = ProcessUse{2s, 10'000'000};
  window.own_cpu = 600ms;
  return window;
}

Check check_of(Verdict verdict) {
  Check check;
  check.verdict = verdict;
  check.rule = "S1";
  check.what = "nobody living is called dead";
  check.value = "1";
  check.bound = "0";
  return check;
}

TrialResult judged(const Gauge::Window& window, const TrialWish& wish = wish_of(30'000),
                   const Limits& limits = {}, bool kept = false, const SeedResult& run = {}) {
  return judge(wish, run, window, limits, kept);
}

TEST(Trial, HoldsWhereNothingIsWrong) {
  const TrialResult result = judged(calm_window(), wish_of(30'000), {200, 256'000'000}, true);
  EXPECT_EQ(result.outcome, TrialOutcome::kHeld) << result.why;
  EXPECT_EQ(result.why, "");
  EXPECT_DOUBLE_EQ(result.rate, 1'000);
  EXPECT_NEAR(*result.cpu_percent, 8.33, 0.01);  // a second of 60, of a fifth of a core
  EXPECT_NEAR(*result.cpu_us_per_beat, 16.67, 0.01);
  EXPECT_DOUBLE_EQ(result.own_cpu_us_per_beat, 10);
  EXPECT_EQ(result.canaries, 30U);
  EXPECT_EQ(result.grew_bytes, 0);
}

TEST(Trial, FailsWithTheRuleThatWasBroken) {
  SeedResult run;
  run.checks = {check_of(Verdict::kPassed), check_of(Verdict::kFailed)};
  const TrialResult result = judged(calm_window(), wish_of(30'000), {}, false, run);
  EXPECT_EQ(result.outcome, TrialOutcome::kFailed);
  EXPECT_EQ(result.why, "S1: nobody living is called dead: 1, bound 0");
}

TEST(Trial, IsInvalidWhereTheHarnessFailedOrNothingWasTested) {
  for (const Verdict verdict : {Verdict::kVoid, Verdict::kUntested}) {
    SeedResult run;
    run.checks = {check_of(verdict)};
    EXPECT_EQ(judged(calm_window(), wish_of(30'000), {}, false, run).outcome,
              TrialOutcome::kInvalid);
  }
  EXPECT_EQ(judged({}).outcome, TrialOutcome::kInvalid);
  EXPECT_EQ(judged({}).why, "nothing was measured");
}

TEST(Trial, FailsWithOneHeartbeatThatHadNoGoodAnswer) {
  Gauge::Window window = calm_window();
  window.failed = 1;
  EXPECT_EQ(judged(window).outcome, TrialOutcome::kFailed);
  EXPECT_THAT(judged(window).why, HasSubstr("1 of 60000 heartbeats"));
}

TEST(Trial, FailsWhereOneInAHundredTakesTwentyMilliseconds) {
  Gauge::Window window = calm_window();
  for (int i = 0; i < 600; ++i) window.answer.add(25'000);
  EXPECT_EQ(judged(window).outcome, TrialOutcome::kHeld) << judged(window).why;
  for (int i = 0; i < 10; ++i) window.answer.add(25'000);
  EXPECT_EQ(judged(window).outcome, TrialOutcome::kFailed);
  EXPECT_THAT(judged(window).why, HasSubstr("at p99, bound 20.0 ms"));
}

TEST(Trial, MayTakeHalfASecondForOneInAHundredInAnIncident) {
  const TrialWish wish = wish_of(1, Incident::kTenthDies);
  Gauge::Window window = calm_window();
  for (int i = 0; i < 610; ++i) window.answer.add(490'000);
  EXPECT_EQ(judged(window, wish).outcome, TrialOutcome::kHeld) << judged(window, wish).why;
  for (int i = 0; i < 640; ++i) window.answer.add(510'000);
  EXPECT_EQ(judged(window, wish).outcome, TrialOutcome::kFailed);
  EXPECT_THAT(judged(window, wish).why, HasSubstr("at p99, bound 500.0 ms"));
}

TEST(Trial, MayHaveALagOfATenthOfThatInAnIncident) {
  const TrialWish wish = wish_of(1, Incident::kTenthDies);
  Gauge::Window window = calm_window();
  for (int i = 0; i < 1'000; ++i) window.lag.add(49'000);
  EXPECT_EQ(judged(window, wish).outcome, TrialOutcome::kHeld) << judged(window, wish).why;
  for (int i = 0; i < 1'000; ++i) window.lag.add(52'000);
  EXPECT_EQ(judged(window, wish).outcome, TrialOutcome::kInvalid);
}

TEST(Trial, IsInvalidWhereWeWereLateOurselves) {
  Gauge::Window window = calm_window();
  for (int i = 0; i < 1'000; ++i) {
    window.lag.add(6'000);
    window.answer.add(30'000);
  }
  EXPECT_EQ(judged(window).outcome, TrialOutcome::kInvalid);
  EXPECT_THAT(judged(window).why, HasSubstr("we are late ourselves"));
}

TEST(Trial, FailsAboveSeventyPercentOfItsQuotaInCalmAlone) {
  Gauge::Window window = calm_window();
  const Limits limits{200, 0};
  window.last->cpu = window.first->cpu + 8'400ms;  // 70 % of 12 s
  EXPECT_EQ(judged(window, wish_of(1), limits).outcome, TrialOutcome::kHeld);
  window.last->cpu += 10ms;
  EXPECT_EQ(judged(window, wish_of(1), limits).outcome, TrialOutcome::kFailed);
  EXPECT_THAT(judged(window, wish_of(1), limits).why, HasSubstr("bound 70.0 %"));
  EXPECT_EQ(judged(window, wish_of(1, Incident::kTenthDies), limits).outcome, TrialOutcome::kHeld);
}

TEST(Trial, FailsAboveItsQuotaInAnIncidentWhereNoControlGroupKeepsIt) {
  Gauge::Window window = calm_window();
  window.last->cpu = window.first->cpu + 12'010ms;
  const TrialWish wish = wish_of(1, Incident::kEmergency);
  EXPECT_EQ(judged(window, wish, {200, 0}, true).outcome, TrialOutcome::kHeld);
  EXPECT_EQ(judged(window, wish, {200, 0}, false).outcome, TrialOutcome::kFailed);
}

TEST(Trial, FailsWhereMemoryGrowsOrIsBeyondItsQuota) {
  Gauge::Window window = calm_window();
  window.last->resident_bytes += kMostGrowth;
  EXPECT_EQ(judged(window).outcome, TrialOutcome::kHeld);
  window.last->resident_bytes += 1;
  EXPECT_THAT(judged(window).why, HasSubstr("memory grew by 1048577 bytes"));
  EXPECT_EQ(judged(window, wish_of(1, Incident::kTenthDies)).outcome, TrialOutcome::kHeld);
  EXPECT_THAT(judged(calm_window(), wish_of(1), {0, 9'999'999}).why, HasSubstr("quota 9999999"));
}

TEST(Trial, AsksAfterNoRuleWhereTheGeneratorIsProved) {
  SeedResult run;
  run.checks = {check_of(Verdict::kFailed), check_of(Verdict::kUntested)};
  TrialWish wish = wish_of(1'000);
  wish.proof = true;
  EXPECT_EQ(judged(calm_window(), wish, {}, false, run).outcome, TrialOutcome::kHeld);
}

TEST(Trial, SaysNothingOfTheCpuOfACollectorThatWasStartedAnew) {
  const TrialResult result = judged(calm_window(), wish_of(1, Incident::kRestart));
  EXPECT_EQ(result.cpu_percent, std::nullopt);
  EXPECT_EQ(result.outcome, TrialOutcome::kHeld);
}

// --- its story ---

TEST(TrialStory, IsAGoodScenarioForLiveRunsInEveryIncident) {
  for (std::size_t i = 0; i < kIncidents; ++i) {
    for (const std::uint32_t agents : {1U, 999U, 50'000U}) {
      for (const char* mix : {"IDLE:100%", "EMERGENCY:100%", "IDLE:90%,SLEEP:10%"}) {
        std::string error;
        TrialWish wish = wish_of(agents, Incident(i));
        wish.mix = *read_mode_mix(mix, error);
        const TrialStory story = story_of(wish);
        const auto file = ScenarioFile::from_text("trial", story.text);
        ASSERT_TRUE(file.good()) << story.text << file.problems().front().message;
        LiveOptions live;
        live.spawn = "collectord";
        EXPECT_TRUE(live_refusals(file.as_written(), live).empty()) << story.text;
        EXPECT_LT(story.measured_from, file.as_written().run_for.count());
        EXPECT_EQ(story.lasts, (file.as_written().run_for + file.as_written().settle).count());
      }
    }
  }
}

TEST(TrialStory, HasAsManyAgentsAsAskedForAndAThousandthOfThemCanaries) {
  const auto file = ScenarioFile::from_text("trial", story_of(wish_of(50'000)).text);
  ASSERT_EQ(file.as_written().fleet.size(), 2U);
  EXPECT_EQ(file.as_written().fleet[0].count, 49'950U);
  EXPECT_EQ(file.as_written().fleet[1].count, 50U);
}

TEST(TrialStory, OfAQuickOneTakesLessThanAMinute) {
  TrialWish wish = wish_of(1'000);
  wish.quick = true;
  EXPECT_LT(story_of(wish).lasts, 60'000);
  EXPECT_TRUE(ScenarioFile::from_text("trial", story_of(wish).text).good());
}

}  // namespace
}  // namespace pap::sim
