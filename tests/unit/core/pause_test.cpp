// SPDX-License-Identifier: MIT
#include "pap/core/pause.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime kNow{1000s};

struct PauseTest : testing::Test {
  Random random{1};
  Pause pause{random};

  void fail_five_times(MonotonicTime now = kNow) {
    for (std::uint32_t i = 0; i < kFailuresBeforePause; ++i) pause.failed(false, now);
  }
};

struct Hold {
  std::optional<Nanos> retry_after;
  Nanos held;
};

class HoldOf : public testing::TestWithParam<Hold> {};

TEST_P(HoldOf, BelievesARetryAfterWithinBounds) {
  EXPECT_EQ(hold_of(GetParam().retry_after), GetParam().held);
}

INSTANTIATE_TEST_SUITE_P(RetryAfter, HoldOf,
                         testing::Values(Hold{std::nullopt, 5s}, Hold{-1s, 1s}, Hold{0s, 1s},
                                         Hold{1s, 1s}, Hold{30s, 30s}, Hold{5min, 5min},
                                         Hold{5min + 1ns, 5min}, Hold{24h, 5min}));

TEST_F(PauseTest, IsOpenAtFirst) {
  EXPECT_TRUE(pause.open(kNow));
  EXPECT_EQ(pause.opens_at(kNow), std::nullopt);
  EXPECT_FALSE(pause.away());
}

TEST_F(PauseTest, ARetryAfterHoldsUntilItHasRunOut) {
  pause.slow_down(false, 30s, kNow);
  EXPECT_FALSE(pause.open(kNow + 30s - 1ns));
  EXPECT_EQ(pause.opens_at(kNow), kNow + 30s);
  EXPECT_FALSE(pause.hold_over(kNow + 30s - 1ns));
  EXPECT_TRUE(pause.open(kNow + 30s));
  EXPECT_TRUE(pause.hold_over(kNow + 30s));
}

TEST_F(PauseTest, AShorterRetryAfterDoesNotShortenALongerOne) {
  pause.slow_down(false, 30s, kNow);
  pause.slow_down(false, 2s, kNow + 1s);
  EXPECT_EQ(pause.opens_at(kNow + 1s), kNow + 30s);
  pause.slow_down(false, 60s, kNow + 1s);
  EXPECT_EQ(pause.opens_at(kNow + 1s), kNow + 61s);
}

TEST_F(PauseTest, AFinalAnswerDoesNotShortenARetryAfter) {
  pause.slow_down(false, 30s, kNow);
  pause.answered(false, kNow + 1s);
  EXPECT_FALSE(pause.open(kNow + 30s - 1ns));
}

TEST_F(PauseTest, AHoldIsTakenNoteOfOnce) {
  pause.slow_down(false, 30s, kNow);
  EXPECT_TRUE(pause.hold_over(kNow + 30s));
  pause.forget_hold();
  EXPECT_FALSE(pause.hold_over(kNow + 31s));
}

TEST_F(PauseTest, FiveFailuresInARowAreAnAbsence) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(pause.failed(false, kNow));
  EXPECT_FALSE(pause.away());
  EXPECT_TRUE(pause.failed(false, kNow));
  EXPECT_TRUE(pause.away());
}

TEST_F(PauseTest, AFinalAnswerBreaksTheRow) {
  for (int i = 0; i < 4; ++i) pause.failed(false, kNow);
  EXPECT_FALSE(pause.answered(false, kNow));
  for (int i = 0; i < 4; ++i) pause.failed(false, kNow);
  EXPECT_FALSE(pause.away());
  pause.failed(false, kNow);
  EXPECT_TRUE(pause.away());
}

TEST_F(PauseTest, APleaToWaitIsNoFailureAndBreaksNoRow) {
  for (int i = 0; i < 100; ++i) pause.slow_down(false, std::nullopt, kNow);
  EXPECT_FALSE(pause.away());
  for (int i = 0; i < 4; ++i) pause.failed(false, kNow);
  pause.slow_down(false, std::nullopt, kNow);
  pause.failed(false, kNow);
  EXPECT_TRUE(pause.away());
}

TEST_F(PauseTest, AProbeLeavesWithinFiveSecondsAndThenDoublingTo30) {
  fail_five_times();
  MonotonicTime now = kNow;
  for (const Nanos ceiling : {5s, 10s, 20s, 30s, 30s, 30s}) {
    const auto opens = pause.opens_at(now);
    if (!pause.open(now)) {
      ASSERT_TRUE(opens);
      EXPECT_LE(*opens, now + ceiling);
      EXPECT_FALSE(pause.open(*opens - 1ns));
      now = *opens;
    }
    EXPECT_TRUE(pause.open(now));
    pause.probe_left();
    EXPECT_FALSE(pause.open(now + 1h));  // one at a time
    EXPECT_EQ(pause.opens_at(now), std::nullopt);
    pause.failed(true, now += 10s);
    EXPECT_TRUE(pause.away());
  }
}

TEST_F(PauseTest, ProbesAreSpreadByFullJitter) {
  Nanos sum{0};
  Nanos most{0};
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random other{seed};
    Pause each{other};
    for (int i = 0; i < 5; ++i) each.failed(false, kNow);
    const Nanos wait = each.opens_at(kNow).value_or(kNow) - kNow;
    sum += wait;
    most = std::max(most, wait);
  }
  EXPECT_LE(most, 5s);
  EXPECT_GT(most, 4900ms);
  EXPECT_NEAR(std::chrono::duration<double>(sum / 1000).count(), 2.5, 0.2);
}

TEST_F(PauseTest, OnlyAProbesAnswerEndsTheAbsence) {
  fail_five_times();
  EXPECT_FALSE(pause.answered(false, kNow + 1s));  // one that left before
  EXPECT_TRUE(pause.away());
  pause.probe_left();
  EXPECT_TRUE(pause.answered(true, kNow + 2s));
  EXPECT_FALSE(pause.away());
  EXPECT_TRUE(pause.open(kNow + 2s));
}

TEST_F(PauseTest, AfterAnAbsenceItTakesFiveFailuresAgain) {
  fail_five_times();
  pause.failed(false, kNow);
  pause.probe_left();
  pause.answered(true, kNow + 1s);
  for (int i = 0; i < 4; ++i) pause.failed(false, kNow + 2s);
  EXPECT_FALSE(pause.away());
}

TEST_F(PauseTest, AProbesDelayStartsOverInTheNextAbsence) {
  fail_five_times();
  for (int i = 0; i < 5; ++i) {
    pause.probe_left();
    pause.failed(true, kNow);
  }
  pause.probe_left();
  pause.answered(true, kNow);
  fail_five_times();
  EXPECT_LE(pause.opens_at(kNow).value_or(kNow), kNow + 5s);
}

TEST_F(PauseTest, AProbeThatIsAskedToWaitIsFollowedByAnother) {
  fail_five_times();
  pause.probe_left();
  pause.slow_down(true, 60s, kNow);
  EXPECT_TRUE(pause.away());
  EXPECT_FALSE(pause.probing());
  EXPECT_EQ(pause.opens_at(kNow), kNow + 60s);  // its own delay is over long before
  EXPECT_TRUE(pause.open(kNow + 60s));
}

TEST_F(PauseTest, CountsTheTimeSpentAway) {
  EXPECT_EQ(pause.away_total(kNow), 0s);
  fail_five_times();
  EXPECT_EQ(pause.away_total(kNow), 0s);
  EXPECT_EQ(pause.away_total(kNow + 7s), 7s);
  pause.probe_left();
  pause.answered(true, kNow + 10s);
  EXPECT_EQ(pause.away_total(kNow + 1h), 10s);
  fail_five_times(kNow + 1h);
  EXPECT_EQ(pause.away_total(kNow + 1h + 5s), 15s);
}

TEST_F(PauseTest, ARetryAfterIsNoTimeAway) {
  pause.slow_down(false, 60s, kNow);
  EXPECT_EQ(pause.away_total(kNow + 60s), 0s);
}

TEST_F(PauseTest, FailuresAndTheAbsenceTheyLedToAreOneRun) {
  const auto first = pause.run();
  fail_five_times();
  EXPECT_EQ(pause.run(), first);
  pause.answered(false, kNow);  // one that left before: the run goes on
  EXPECT_EQ(pause.run(), first);
  pause.probe_left();
  pause.answered(true, kNow);
  EXPECT_NE(pause.run(), first);
}

TEST_F(PauseTest, AFinalAnswerOutsideAnAbsenceEndsTheRun) {
  const auto first = pause.run();
  pause.failed(false, kNow);
  pause.answered(false, kNow);
  EXPECT_NE(pause.run(), first);
}

}  // namespace
}  // namespace pap::core
