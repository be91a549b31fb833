// SPDX-License-Identifier: MIT
#include "pap/core/listening_time.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime kStart{1000s};

TEST(ListeningTime, IsMonotonicTimeUntilSomethingIsLost) {
  ListeningTimeline timeline{kStart};
  EXPECT_EQ(timeline.now().time_since_epoch(), kStart.time_since_epoch());
  EXPECT_EQ(timeline.advance(kStart + 1s).now.time_since_epoch(), 1001s);
  EXPECT_EQ(timeline.lost(), 0s);
}

struct Gap {
  Nanos between_calls;
  Nanos lost;
};

class ListeningTimeGap : public testing::TestWithParam<Gap> {};

TEST_P(ListeningTimeGap, LosesAllButOneSecondOfAGapOfMoreThanTwo) {
  ListeningTimeline timeline{kStart};
  const auto step = timeline.advance(kStart + GetParam().between_calls);
  EXPECT_EQ(step.gap, GetParam().between_calls);
  EXPECT_EQ(step.lost, GetParam().lost);
  EXPECT_EQ(timeline.lost(), GetParam().lost);
  EXPECT_EQ(step.now.time_since_epoch(), 1000s + GetParam().between_calls - GetParam().lost);
  EXPECT_EQ(timeline.last_call(), kStart + GetParam().between_calls);
}

INSTANTIATE_TEST_SUITE_P(AtTheBoundaries, ListeningTimeGap,
                         testing::Values(Gap{1ns, 0s}, Gap{1s, 0s}, Gap{2s - 1ns, 0s}, Gap{2s, 0s},
                                         Gap{2s + 1ns, 1s + 1ns}, Gap{5s - 1ns, 4s - 1ns},
                                         Gap{5s, 4s}, Gap{24h, 24h - 1s}));

TEST(ListeningTime, GapsAddUp) {
  ListeningTimeline timeline{kStart};
  timeline.advance(kStart + 10s);
  timeline.advance(kStart + 11s);
  timeline.advance(kStart + 14s);
  EXPECT_EQ(timeline.lost(), 9s + 2s);
  EXPECT_EQ(timeline.now().time_since_epoch(), 1014s - 11s);
}

TEST(ListeningTime, StandsStillWithAClockThatDoesNotMove) {
  ListeningTimeline timeline{kStart};
  timeline.advance(kStart + 30s);
  for (int i = 0; i < 3; ++i) {
    const auto step = timeline.advance(kStart + 30s);
    EXPECT_EQ(step.gap, 0s);
    EXPECT_EQ(step.lost, 0s);
    EXPECT_EQ(step.now, timeline.now());
  }
  EXPECT_EQ(timeline.lost(), 29s);
}

TEST(ListeningTime, NeverGoesBackWithAClockThatDoes) {
  ListeningTimeline timeline{kStart};
  const ListeningTime before = timeline.advance(kStart + 1s).now;
  EXPECT_EQ(timeline.advance(kStart).now, before);
  EXPECT_EQ(timeline.last_call(), kStart + 1s);
}

TEST(ListeningTime, TurnsBackIntoMonotonicTimeOnEitherSideOfALoss) {
  ListeningTimeline timeline{kStart};
  timeline.advance(kStart + 1s);
  timeline.advance(kStart + 11s);  // 9 s lost, from 1 s after the call before
  const auto listening = [](Nanos since) { return ListeningTime{1000s + since}; };
  EXPECT_EQ(timeline.monotonic_of(listening(0s)), kStart);
  EXPECT_EQ(timeline.monotonic_of(listening(1s)), kStart + 1s);
  EXPECT_EQ(timeline.monotonic_of(listening(2s)), kStart + 2s);
  EXPECT_EQ(timeline.monotonic_of(listening(2s + 1ns)), kStart + 11s + 1ns);
  EXPECT_EQ(timeline.monotonic_of(timeline.now() + 1min), timeline.last_call() + 1min);
  timeline.advance(kStart + 12s);
  EXPECT_EQ(timeline.monotonic_of(timeline.now()), timeline.last_call());
}

TEST(ListeningTime, StoodStillDuringALossSoThatItsMomentIsTheFirstOne) {
  ListeningTimeline timeline{kStart};
  timeline.advance(kStart + 10s);
  EXPECT_EQ(timeline.monotonic_of(timeline.now()), kStart + 1s);
}

TEST(ListeningTime, StandsStillWhileDeafHoweverOftenItIsCalled) {
  ListeningTimeline timeline{kStart};
  timeline.advance(kStart + 1s);
  timeline.deafen();
  EXPECT_TRUE(timeline.deaf());
  for (const Nanos call : {Nanos{1s + 1ns}, Nanos{2s}, Nanos{3s}, Nanos{63s}, Nanos{64s}}) {
    EXPECT_EQ(timeline.advance(kStart + call).now.time_since_epoch(), 1001s);
  }
  EXPECT_EQ(timeline.lost(), 63s);
  EXPECT_EQ(timeline.hear(), 63s);
  EXPECT_FALSE(timeline.deaf());
  EXPECT_EQ(timeline.advance(kStart + 66s).now.time_since_epoch(), 1003s);
  EXPECT_EQ(timeline.hear(), 0s);
}

TEST(ListeningTime, TakesDeafnessForOneLossWhenItTurnsBackIntoMonotonicTime) {
  ListeningTimeline timeline{kStart};
  timeline.deafen();
  MonotonicTime call = kStart;
  for (std::size_t i = 0; i < 2 * kLossesRemembered; ++i) timeline.advance(call += 1s);
  timeline.hear();
  timeline.advance(call + 1s);
  EXPECT_EQ(timeline.monotonic_of(ListeningTime{1000s}), kStart);
  EXPECT_EQ(timeline.monotonic_of(ListeningTime{1000s + 1ns}), call + 1ns);
}

TEST(ListeningTime, RemembersSoManyLosses) {
  ListeningTimeline timeline{kStart};
  MonotonicTime call = kStart;
  for (std::size_t i = 0; i < kLossesRemembered; ++i) timeline.advance(call += 4s);
  EXPECT_EQ(timeline.lost(), 3s * kLossesRemembered);
  EXPECT_EQ(timeline.monotonic_of(ListeningTime{1000s}), kStart);
  timeline.advance(call += 4s);
  EXPECT_EQ(timeline.monotonic_of(ListeningTime{1000s}), kStart + 3s);  // off by the one forgotten
  timeline.advance(call += 1s);
  EXPECT_EQ(timeline.monotonic_of(timeline.now()), call);
}

}  // namespace
}  // namespace pap::core
