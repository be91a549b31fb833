// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/papsim/expect/judged_run.hpp"

namespace pap::sim {
namespace {

// pod-0 is last heard at 60.002 s and decided dead 63 s later, 43.002 s after the moment of 80 s.
JudgedRun aligned_pods() {
  return JudgedRun(
      Parts{.run = "{for: 4m}",
            .fleet = "  pods: {count: 2, id: \"pod-{i}\", phase: aligned}\n",
            .timeline = "  - {id: cut, at: 80s, who: {group: pods, pick: 1, order: id}, do: die}\n"
                        "  - {id: blink, at: 90s, who: {group: pods, pick: 1, order: id}, "
                        "do: {restart: {down: 2s}}}\n"});
}

Check check(const std::string& detection) {
  JudgedRun run = aligned_pods();
  return run.check("{detection: {" + detection + "}}", "detection");
}

TEST(ExpectDetection, HoldsWithinItsWindowEndsIncluded) {
  EXPECT_EQ(check("of: cut, window: [2I, 2I + slack]").verdict, Verdict::kPassed);
  EXPECT_EQ(check("of: cut, window: [63000ms, 63000ms]").verdict, Verdict::kPassed);
  EXPECT_EQ(check("of: cut, window: [63001ms, 64s]").verdict, Verdict::kFailed);
  EXPECT_EQ(check("of: cut, window: [60s, 62999ms]").verdict, Verdict::kFailed);
}

TEST(ExpectDetection, CountsFromTheEventWhereItIsToldSo) {
  EXPECT_EQ(check("of: cut, from: event, window: [43002ms, 43002ms]").verdict, Verdict::kPassed);
  EXPECT_EQ(check("of: cut, from: event, window: [43003ms, 1m]").verdict, Verdict::kFailed);
  EXPECT_EQ(check("of: cut, from: event, window: [0s, 43001ms]").verdict, Verdict::kFailed);
}

TEST(ExpectDetection, IsUnknownWhereNoneOfTheseWasDecidedDead) {
  const Check none = check("of: blink, window: [2I, 2I + slack]");
  EXPECT_EQ(none.verdict, Verdict::kUntested);
  EXPECT_EQ(none.population, 0U);
  EXPECT_EQ(none.value, "no death of these was decided");
}

TEST(ExpectDetection, ShowsWhatItSawBesideWhatWasAsked) {
  const Check late = check("of: pods, window: [2I, 2I]");
  EXPECT_EQ(late.verdict, Verdict::kFailed);
  EXPECT_EQ(late.value, "63000 ms");
  EXPECT_EQ(late.bound, "60000 ms");
  EXPECT_EQ(late.population, 1U);
  ASSERT_EQ(late.chain.size(), 1U);
  EXPECT_EQ(late.chain[0], "too late: pod-0");
  ASSERT_EQ(late.failures.size(), 1U);
  EXPECT_EQ(late.failures[0].what, "too late");
  const Check early = check("of: pods, window: [64s, 65s]");
  EXPECT_EQ(early.bound, "64000 to 65000 ms");
  ASSERT_EQ(early.failures.size(), 1U);
  EXPECT_EQ(early.failures[0].what, "too early");
}

TEST(ExpectDetection, ShowsEachModeBesideItsOwnWindow) {
  JudgedRun run(Parts{.run = "{for: 4m}",
                      .fleet = "  calm: {count: 1, id: \"calm-{i}\", phase: aligned}\n"
                               "  loud: {count: 1, id: \"loud-{i}\", phase: aligned, "
                               "mode: {EMERGENCY: 100%}}\n",
                      .timeline = "  - {id: cut, at: 80s, who: [calm, loud], do: die}\n"});
  const Check both = run.check("{detection: {of: cut, window: [2I, 2I + slack]}}", "detection");
  EXPECT_EQ(both.verdict, Verdict::kPassed);
  EXPECT_EQ(both.bound, "EMERGENCY 10000 to 10500 ms, IDLE 60000 to 63000 ms");
  EXPECT_EQ(both.value, "EMERGENCY 10500 ms, IDLE 63000 ms");
}

}  // namespace
}  // namespace pap::sim
