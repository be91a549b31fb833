// SPDX-License-Identifier: MIT
// What a collector that could not hear for a while may conclude from the silence: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

struct Excuse {
  Mode mode;
  Nanos death;    // after the last heartbeat, by listening time
  Nanos excused;  // after a loss was over
};

void PrintTo(const Excuse& excuse, std::ostream* out) { *out << protocol::to_string(excuse.mode); }

class CollectorLoss : public testing::TestWithParam<Excuse> {
 protected:
  // Stops the collector for so long, and starts it again at the end of the stall.
  void stall(World& world, Nanos span) {
    world.stall(span);
    world.run_for(0s);
  }
};

TEST_P(CollectorLoss, AGapOfTwoSecondsIsNoLoss) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  stall(world, 2s);
  EXPECT_EQ(world.collector().counters().losses, 0u);
  world.run_for(GetParam().death);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death);
}

TEST_P(CollectorLoss, ALongerGapMovesEveryDeadlineByItselfLessOneSecond) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  stall(world, 2s + 1ns);
  EXPECT_EQ(world.collector().counters().losses, 1u);
  EXPECT_EQ(world.collector().counters().time_lost, 1s + 1ns);
  EXPECT_EQ(world.collector().counters().catch_ups, 0u);
  world.run_until(heard + GetParam().death + 1s);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.run_for(1ns);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death + 1s + 1ns);
}

// It waited in the socket, and who sent it has given up on us.
TEST_P(CollectorLoss, TheVeryFirstHeartbeatAfterAStallExcusesItsAgent) {
  World world;
  world.stall(60s);
  world.beat("a", GetParam().mode);
  world.run_for(0s);
  const MonotonicTime caught_up = world.mono();
  const Nanos due = std::max(GetParam().death, GetParam().excused);
  world.run_until(caught_up + due - 1ns);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.run_for(1ns);
  EXPECT_EQ(world.died_at("a"), caught_up + due);
}

TEST_P(CollectorLoss, HealthRunsOnListeningTimeToo) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  stall(world, 100s);
  EXPECT_TRUE(world.healthy("a"));
  const Nanos grace = 2 * protocol::interval_of(GetParam().mode);
  world.run_until(heard + grace + 99s - 1ns);
  EXPECT_TRUE(world.healthy("a"));
  world.run_for(1ns);
  EXPECT_FALSE(world.healthy("a"));
}

TEST_P(CollectorLoss, AGapOfJustUnderFiveSecondsSendsNobodyAway) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  stall(world, 5s - 1ns);
  EXPECT_EQ(world.collector().counters().catch_ups, 0u);
  world.run_for(GetParam().death + 10s);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death + 4s - 1ns);
}

TEST_P(CollectorLoss, AfterFiveSecondsNobodyHeardBeforeIsDeadUntilTheExtendedDeadline) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  stall(world, 5s);
  const MonotonicTime over = world.mono();  // all that waited has been handled
  EXPECT_EQ(world.collector().counters().catch_ups, 1u);
  const MonotonicTime deadline = std::max(over + GetParam().excused, heard + GetParam().death + 4s);
  world.run_until(deadline - 1ns);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.run_for(1ns);
  EXPECT_EQ(world.died_at("a"), deadline);
}

TEST_P(CollectorLoss, WhoeverIsHeardAfterwardsHasNoExcuse) {
  World world;
  world.beat("a", GetParam().mode);
  stall(world, 60s);
  world.run_for(1s);
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  world.run_for(GetParam().death + 1s);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death);
}

TEST_P(CollectorLoss, AHeartbeatThatWaitedWasHeardBeforeTheEndOfTheLoss) {
  World world;
  world.beat("a", GetParam().mode);
  world.stall(60s);
  world.beat("a", GetParam().mode);  // out of a socket; its sender has long gone
  EXPECT_TRUE(world.collector().catching_up());
  world.run_for(0s);
  EXPECT_FALSE(world.collector().catching_up());
  const MonotonicTime over = world.mono();
  const MonotonicTime deadline = over + std::max(GetParam().excused, GetParam().death);
  world.run_until(deadline - 1ns);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.run_for(1ns);
  EXPECT_EQ(world.died_at("a"), deadline);
}

TEST_P(CollectorLoss, WhatWaitedIsHandledWithinFiveSecondsOrCountsAsHandled) {
  World world;
  world.never_catches_up();
  world.beat("a", GetParam().mode);
  stall(world, 60s);
  const MonotonicTime awake = world.mono();
  world.run_for(5s - 1ns);
  EXPECT_TRUE(world.collector().catching_up());
  world.run_for(1ns);
  EXPECT_FALSE(world.collector().catching_up());
  const auto caught_up = world.notices_of(Notice::Kind::kCaughtUp);
  ASSERT_EQ(caught_up.size(), 1u);
  EXPECT_EQ(caught_up[0].at, awake + 5s);
  // Listening went on 1 s into the gap.
  const MonotonicTime deadline =
      std::max(awake + 5s + GetParam().excused, awake - 1s + GetParam().death);
  world.run_for(30min + 2min);
  EXPECT_EQ(world.died_at("a"), deadline);
}

TEST_P(CollectorLoss, ASecondStallDoesNotExcuseTheSameSilenceAgain) {
  World world;
  world.beat("a", GetParam().mode);
  stall(world, 20s);
  world.run_for(8s);
  stall(world, 30s);
  world.run_for(8s);
  stall(world, 100s);
  world.run_for(1h);
  // 19 + 29 + 99 s lost; the first loss was over 1 s after the heartbeat, by listening time.
  const Nanos listening = std::max(1s + GetParam().excused, GetParam().death);
  ASSERT_TRUE(world.died_at("a"));
  EXPECT_EQ(world.died_at("a"), world.mono() - 1h - 8s - 8s - 1s * 3 + listening);
}

// The worst case of design and contract: every death is told, however often the collector stalls.
TEST_P(CollectorLoss, ACollectorThatStallsAgainAndAgainStillTellsEveryDeath) {
  World world;
  world.beat("a", GetParam().mode);
  const Nanos listening = std::max(1s + GetParam().excused, GetParam().death);
  Nanos listened = 0s;
  while (world.collector().dead() == 0) {
    ASSERT_LE(listened, listening);
    stall(world, 7s);  // each costs 1 s of listening
    world.run_for(6s);
    listened += 7s;
  }
  EXPECT_GE(listened, listening);
}

TEST_P(CollectorLoss, NobodyAliveIsCalledDeadAfterTheOnlyPauseSinceItWasHeard) {
  // The beat that met the pause fails 5 s on; from then on the agent is away for a minute.
  World world;
  const Nanos interval = protocol::interval_of(GetParam().mode);
  for (const Nanos pause : {5s, 17s, 200s}) {
    world.beat("a", GetParam().mode);
    world.run_for(interval - 1s);
    world.stall(pause);
    world.run_for(0s);
    world.run_for(60s + interval);  // away, and the first beat after that
    world.beat("a", GetParam().mode);
    EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, CollectorLoss,
                         testing::Values(Excuse{Mode::kEmergency, 10500ms, 65500ms},
                                         Excuse{Mode::kIdle, 63s, 93s},
                                         Excuse{Mode::kSleep, 1807500ms, 967500ms}));

TEST(CollectorLossOfSleepers, WhenTheLossComesLateItsDeadlineIsTheLater) {
  World world;
  world.beat("a", Mode::kSleep);
  world.run_for(1500s);
  world.stall(10s);
  world.run_for(0s);
  const MonotonicTime over = world.mono();
  world.run_for(1h);
  EXPECT_EQ(world.died_at("a"), over + 967500ms);
}

TEST(CollectorLossOfSleepers, ASecondLateStallDoesNotExcuseThemAgain) {
  World world;
  world.beat("a", Mode::kSleep);
  world.run_for(1500s);
  world.stall(10s);
  world.run_for(0s);
  const MonotonicTime over = world.mono();
  world.run_for(900s);
  world.stall(10s);
  world.run_for(1h);
  EXPECT_EQ(world.died_at("a"), over + 967500ms + 9s);  // later by what was lost, no more
}

TEST(CollectorLossOfSleepers, StallsBetweenOthersHeartbeatsExcuseEachOnce) {
  World world;
  world.beat("a", Mode::kSleep);
  world.run_for(100s);
  world.stall(10s);
  world.run_for(100s);
  world.beat("b", Mode::kSleep);
  world.run_for(1300s);
  world.stall(10s);
  world.run_for(0s);
  const MonotonicTime second = world.mono();
  world.run_for(1h);
  EXPECT_EQ(world.notices_of(Notice::Kind::kAgentDead).at(0).notice.agent_id, "a");
  EXPECT_EQ(world.notices_of(Notice::Kind::kAgentDead).at(0).at,
            second - 1519s - 1s + 1807500ms + 18s);
  EXPECT_EQ(world.died_at("b"), second + 967500ms);
}

TEST(CollectorLosses, CountThoughNobodyIsKnown) {
  World world;
  world.stall(24h);
  world.beat("a");
  EXPECT_EQ(world.collector().counters().losses, 1u);
  EXPECT_EQ(world.count(Notice::Kind::kTimeLost), 1u);
}

TEST(CollectorLosses, WithinFiveSecondsShareTheLaterEnd) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.stall(6s);
  world.run_for(2s);
  world.stall(6s);
  world.run_for(0s);
  const MonotonicTime second = world.mono();
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), second + 65500ms);
}

TEST(CollectorLosses, FiveSecondsApartCountFromTheFirstEnd) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.stall(6s);
  world.run_for(4s);
  world.stall(6s);  // one more second of listening
  world.run_for(0s);
  const MonotonicTime second = world.mono();
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), second - 5s + 65500ms);
}

TEST(CollectorLosses, AreNoRestarts) {
  World world;
  world.beat("a", Mode::kIdle, 100);
  world.run_for(29s);
  world.stall(40s);
  // Written at 30 s by an agent that gave up at 35 s, read at 69 s: as if it were 39 s younger.
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 130).restart_detected);
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 130).restart_detected);
  world.run_for(60s);
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 229).restart_detected);
}

TEST(CollectorLosses, LetTwoThatWaitedChangePlacesWithoutARestart) {
  World world;
  world.beat("a", Mode::kIdle, 100);
  world.run_for(1s);
  world.stall(40s);
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 130).restart_detected);  // left 11 s ago
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 104).restart_detected);  // left 37 s ago
  EXPECT_EQ(world.collector().counters().overtaken, 1u);
  EXPECT_EQ(world.agent("a").at("uptime_seconds"), 130);
}

TEST(CollectorLosses, LeaveARealRestartVisible) {
  World world;
  world.beat("a", Mode::kIdle, 1000);
  world.run_for(10s);
  world.stall(30s);
  world.run_for(60s);
  EXPECT_TRUE(world.beat("a", Mode::kIdle, 2).restart_detected);
}

TEST(CollectorLosses, PutADeathsTimestampWhereHealthyBecameFalse) {
  World world;
  world.beat("a");  // 14:00:00
  world.run_for(30s);
  world.stall(41s);  // until 14:01:11, and 40 s were lost
  world.run_for(10min);
  ASSERT_EQ(world.posts().size(), 1u);
  // 60 s of listening after it was heard, which is 100 s of anybody's time.
  EXPECT_EQ(world.posts()[0].json().at("timestamp"), "2026-11-24T14:01:40.000Z");
  EXPECT_EQ(world.posts()[0].json().at("details").at("last_seen"), "2026-11-24T14:00:00.000Z");
}

TEST(CollectorLosses, AreNotedWithTheirLength) {
  World world;
  world.beat("a");
  world.stall(31s);
  world.run_for(0s);
  const auto lost = world.notices_of(Notice::Kind::kTimeLost);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].notice.amount, 30s);
  EXPECT_EQ(world.count(Notice::Kind::kCaughtUp), 1u);
}

TEST(CollectorLosses, DelayNoAlertThatWasDecided) {
  World world;
  world.beat("a");
  world.run_for(1s);
  world.beat("a", Mode::kEmergency);
  EXPECT_EQ(world.posts().size(), 1u);
}

}  // namespace
}  // namespace pap::core
