// SPDX-License-Identifier: MIT
#include "papsim/run/run_seed.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

// --- how long a run settles ---

Millis settle(const Parts& parts) { return settle_time(read(parts)); }

TEST(SettleTime, IsAsWrittenWhereNothingHappens) {
  EXPECT_EQ(settle({.run = "{for: 4m}"}), 30s);
  EXPECT_EQ(settle({.run = "{for: 4m, settle: 7s}"}), 7s);
}

// An agent of this mode may be away, excused by a pause, and held back.
constexpr Millis longest(Millis interval) {
  return 65s + 4 * interval + interval / 10 + 65s + 170s;
}

TEST(SettleTime, IsLengthenedToTheLongestLivenessBoundInPlay) {
  const char* cut = "  - {id: cut, at: 1m, who: pods, do: die}\n";
  EXPECT_EQ(settle({.fleet = "  pods: {count: 1}\n", .timeline = cut}), longest(30s));
  EXPECT_EQ(settle({.fleet = "  pods: {count: 1, mode: SLEEP}\n", .timeline = cut}), longest(900s));
  EXPECT_EQ(settle({.fleet = "  pods: {count: 1, mode: EMERGENCY}\n", .timeline = cut}),
            longest(5s));
  EXPECT_EQ(settle({.run = "{for: 4m, settle: 2h}", .timeline = cut}), 2h);
}

TEST(SettleTime, MindsTheModesOfThoseAloneWhomTheTimelineTouches) {
  const char* fleet = "  pods: {count: 1}\n  asleep: {count: 1, mode: SLEEP}\n";
  EXPECT_EQ(settle({.fleet = fleet, .timeline = "  - {id: a, at: 1m, who: pods, do: die}\n"}),
            longest(30s));
  EXPECT_EQ(settle({.fleet = fleet, .timeline = "  - {id: a, at: 1m, who: asleep, do: die}\n"}),
            longest(900s));
  // What is done to the collector touches all.
  EXPECT_EQ(settle({.fleet = fleet,
                    .timeline = "  - {id: a, at: 1m, do: {collector: {pause: "
                                "7s}}}\n"}),
            longest(900s));
  EXPECT_EQ(settle({.fleet = fleet,
                    .timeline = "  - {id: a, at: 1m, who: pods, do: die}\n"
                                "  - {id: b, at: 1m, who: a, do: revive}\n"}),
            longest(30s));
}

TEST(SettleTime, MindsTheModesThatTheTimelineBrings) {
  EXPECT_EQ(settle({.timeline = "  - {id: a, at: 1m, who: pods, do: {mode: SLEEP}}\n"}),
            longest(900s));
}

TEST(SettleTime, WaitsForARetryAfterFiveMinutesAtMost) {
  const auto with = [](const char* fault) {
    return settle({.fleet = "  pods: {count: 1}\n",
                   .timeline = std::string{"  - {id: a, during: [1m, 2m], do: {station: {"} +
                               fault + "}}}\n"});
  };
  EXPECT_EQ(with("status: 503, retry_after: 40s"), longest(30s) + 40s);
  EXPECT_EQ(with("status: 503, retry_after: 1h"), longest(30s) + 300s);
  EXPECT_EQ(with("status: 429"), longest(30s) + 5s);
}

// --- one seed ---

SeedResult run(const Parts& parts, std::uint64_t seed = 1) {
  RunProgress progress;
  return run_seed(read(parts), seed, progress);
}

const Check* row(const SeedResult& result, const std::string& rule) {
  const auto found = std::find_if(result.checks.begin(), result.checks.end(),
                                  [&](const Check& check) { return check.rule == rule; });
  return found == result.checks.end() ? nullptr : &*found;
}

const Parts kDeath{.run = "{for: 3m}",
                   .fleet = "  pods: {count: 10, id: \"pod-{i}\"}\n",
                   .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n",
                   .expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 1}}}"};

TEST(RunSeed, PassesAGoodStoryAndCounts) {
  const SeedResult result = run(kDeath, 5);
  EXPECT_EQ(result.verdict, Verdict::kPassed);
  EXPECT_EQ(result.seed, 5U);
  EXPECT_EQ(result.alerts, 1U);
  EXPECT_GT(result.heartbeats, 100U);
  EXPECT_EQ(result.virtual_ms, 180'000 + longest(30s).count());
  EXPECT_FALSE(result.interrupted);
  EXPECT_TRUE(std::all_of(result.checks.begin(), result.checks.end(),
                          [](const Check& check) { return check.verdict == Verdict::kPassed; }));
}

TEST(RunSeed, IsTheSameEachTime) {
  EXPECT_EQ(run(kDeath, 5).digest, run(kDeath, 5).digest);
  EXPECT_NE(run(kDeath, 5).digest, run(kDeath, 6).digest);
}

TEST(RunSeed, FailsWhereAnExpectationFails) {
  Parts parts = kDeath;
  parts.expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 2}}}";
  EXPECT_EQ(run(parts).verdict, Verdict::kFailed);
}

TEST(RunSeed, IsUnknownWhereAFaultBitNobody) {
  Parts parts = kDeath;
  parts.timeline += "  - {id: dark, during: [10s, 20s], do: {station: down}}\n";
  EXPECT_EQ(run(parts).verdict, Verdict::kUntested);
}

TEST(RunSeed, IsInvalidWhereThePlanMeetsNobody) {
  Parts parts = kDeath;
  parts.timeline =
      "  - {id: cut, at: 70s, who: pods, do: die}\n"
      "  - {id: again, at: 80s, who: pods, do: die}\n";
  const SeedResult result = run(parts);
  EXPECT_EQ(result.verdict, Verdict::kVoid);
  ASSERT_NE(row(result, "plan"), nullptr);
}

// --- stories that must fail ---

TEST(NegativeStory, PassesByFailingAsItSays) {
  Parts parts = kDeath;
  parts.head = "fails: alerts\n";
  parts.expect = "{alerts: {AGENT_DEATH: none}}";
  const SeedResult result = run(parts);
  EXPECT_EQ(result.verdict, Verdict::kPassed);
  const Check* fails = row(result, "fails");
  ASSERT_NE(fails, nullptr);
  EXPECT_EQ(fails->what, "must fail by alerts");
  EXPECT_EQ(fails->value, "alerts: 1 agent told of");
  // What failed as it was to fail is no row any more.
  EXPECT_TRUE(std::all_of(result.checks.begin(), result.checks.end(),
                          [](const Check& check) { return check.verdict == Verdict::kPassed; }));
}

TEST(NegativeStory, FailsWhereNothingFails) {
  Parts parts = kDeath;
  parts.head = "fails: alerts\n";
  const SeedResult result = run(parts);
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  ASSERT_NE(row(result, "fails"), nullptr);
  EXPECT_EQ(row(result, "fails")->value, "nothing of these failed");
}

TEST(NegativeStory, FailsWhereSomethingElseFails) {
  Parts parts = kDeath;
  parts.head = "fails: [S1, detection]\n";
  parts.expect = "{alerts: {AGENT_DEATH: none}}";
  const SeedResult result = run(parts);
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  EXPECT_TRUE(std::any_of(result.checks.begin(), result.checks.end(), [](const Check& check) {
    return check.rule == "alerts" && check.verdict == Verdict::kFailed;
  }));
}

TEST(NegativeStory, PassesByOneOfSeveralRules) {
  Parts parts = kDeath;
  parts.head = "fails: [S1, alerts]\n";
  parts.expect = "{alerts: {AGENT_DEATH: none}}";
  EXPECT_EQ(run(parts).verdict, Verdict::kPassed);
}

// --- a run that is stopped ---

Parts long_run(Parts parts) {
  parts.run = "{for: 100d}";
  parts.fleet = "  pods: {count: 1000, id: \"pod-{i}\"}\n";
  parts.timeline = "  - {id: cut, at: 99d, who: {group: pods, pick: 1}, do: die}\n";
  return parts;
}

SeedResult stopped(const Parts& parts) {
  RunProgress progress;
  progress.stop = true;
  return run_seed(read(long_run(parts)), 1, progress);
}

TEST(StoppedRun, IsStoppedByWhoRunsItAndStaysSo) {
  RunProgress progress;
  int asked = 0;
  progress.ends = [&] { return ++asked == 3; };
  const SeedResult result = run_seed(read(long_run(kDeath)), 1, progress);
  EXPECT_TRUE(result.interrupted);
  EXPECT_LT(result.virtual_ms, 86'400'000);
  EXPECT_EQ(asked, 3);
}

TEST(StoppedRun, IsUnknownNotFailed) {
  const SeedResult result = stopped(kDeath);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.verdict, Verdict::kUntested);
  EXPECT_LT(result.virtual_ms, 86'400'000);
  EXPECT_GT(result.heartbeats, 0U);
  EXPECT_EQ(row(result, "alerts"), nullptr);
}

TEST(StoppedRun, OfAStoryThatMustFailIsUnknownToo) {
  Parts parts = kDeath;
  parts.head = "fails: alerts\n";
  parts.expect = "{alerts: {AGENT_DEATH: none}}";
  EXPECT_EQ(stopped(parts).verdict, Verdict::kUntested);
}

}  // namespace
}  // namespace pap::sim
