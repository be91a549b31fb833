// SPDX-License-Identifier: MIT
#include "pap/core/failure_detector.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;

struct Slack {
  Nanos check_interval;
  Nanos emergency;
  Nanos idle;
  Nanos sleep;
};

class SlackOf : public testing::TestWithParam<Slack> {};

TEST_P(SlackOf, IsATenthOfTheIntervalButAtMostThreeQuartersOfTheCheckInterval) {
  const Slack& c = GetParam();
  EXPECT_EQ(slack_of(Mode::kEmergency, c.check_interval), c.emergency);
  EXPECT_EQ(slack_of(Mode::kIdle, c.check_interval), c.idle);
  EXPECT_EQ(slack_of(Mode::kSleep, c.check_interval), c.sleep);
}

INSTANTIATE_TEST_SUITE_P(CheckIntervals, SlackOf,
                         testing::Values(Slack{10s, 500ms, 3s, 7500ms},
                                         Slack{100ms, 75ms, 75ms, 75ms},
                                         Slack{1s, 500ms, 750ms, 750ms}, Slack{4s, 500ms, 3s, 3s},
                                         Slack{0s, 0s, 0s, 0s}, Slack{1h, 500ms, 3s, 90s}));

struct FailureDetectorTest : testing::Test {
  AgentTable table{1};
  FailureDetector detector{table, 10s};
  ListeningTime now{1000s};

  Slot heard(const std::string& name, Mode mode) {
    const Slot slot = table.insert(*protocol::AgentId::parse(name));
    table[slot].mode = mode;
    table[slot].heard_listening = now;
    detector.follow(slot);
    return slot;
  }
};

TEST_F(FailureDetectorTest, TheEarliestOfAllModesIsDueNext) {
  const Slot sleeper = heard("sleeper", Mode::kSleep);
  const Slot idler = heard("idler", Mode::kIdle);
  now += 52500ms + 1ns;
  const Slot worker = heard("worker", Mode::kEmergency);
  EXPECT_EQ(detector.next_due()->slot, idler);  // in 10.5 s less one ns
  detector.unfollow(idler);
  EXPECT_EQ(detector.next_due()->slot, worker);
  detector.unfollow(worker);
  EXPECT_EQ(detector.next_due()->slot, sleeper);
}

TEST_F(FailureDetectorTest, AnAgentIsHealthyForLessThanTwoIntervals) {
  for (const Mode mode : protocol::kModes) {
    const Slot slot = heard(std::string{protocol::to_string(mode)}, mode);
    const Nanos grace = 2 * protocol::interval_of(mode);
    EXPECT_TRUE(detector.is_healthy(slot, now + grace - 1ns));
    EXPECT_FALSE(detector.is_healthy(slot, now + grace));
    EXPECT_FALSE(detector.is_healthy(slot, now + grace + 1ns));
  }
}

TEST_F(FailureDetectorTest, TheDeadAreNotHealthy) {
  const Slot slot = heard("a", Mode::kIdle);
  detector.unfollow(slot);
  table[slot].set(AgentRecord::kDead);
  EXPECT_FALSE(detector.is_healthy(slot, now));
}

TEST_F(FailureDetectorTest, NobodyIsDueWhileALossIsCaughtUp) {
  heard("a", Mode::kEmergency);
  detector.lost(now, 3s, 2s);
  EXPECT_TRUE(detector.catching_up());
  EXPECT_EQ(detector.next_due(), std::nullopt);
  EXPECT_EQ(detector.catch_up_ends(), now + 5s);
  EXPECT_EQ(detector.loss_being_caught_up(), 2s);
  detector.caught_up(now);
  EXPECT_FALSE(detector.catching_up());
  EXPECT_EQ(detector.loss_being_caught_up(), 0s);
  EXPECT_EQ(detector.next_due()->when, now + 10500ms);
}

TEST_F(FailureDetectorTest, AgentsLeaveAfterAGapOfFiveSecondsAndNotBefore) {
  heard("a", Mode::kEmergency);
  detector.lost(now, 5s - 1ns, 4s - 1ns);
  detector.caught_up(now);
  EXPECT_EQ(detector.next_due()->when, now + 10500ms);
  detector.lost(now, 5s, 4s);
  detector.caught_up(now);
  EXPECT_EQ(detector.next_due()->when, now + 60s + 5s + 500ms);
}

TEST_F(FailureDetectorTest, ALossWhileCatchingUpPutsTheEndOff) {
  heard("a", Mode::kEmergency);
  detector.lost(now, 5s, 4s);
  now += 3s;
  detector.lost(now, 3s, 2s);
  EXPECT_EQ(detector.catch_up_ends(), now + 5s);
  EXPECT_EQ(detector.loss_being_caught_up(), 6s);
  detector.caught_up(now);
  EXPECT_EQ(detector.next_due()->when, now + 65500ms);
}

TEST_F(FailureDetectorTest, CountsTheLivingAndTheUnhealthyOfAllModes) {
  heard("a", Mode::kEmergency);
  heard("b", Mode::kIdle);
  heard("c", Mode::kSleep);
  EXPECT_EQ(detector.living(), 3u);
  std::size_t budget = 10;
  EXPECT_TRUE(detector.advance_health(now + 60s, budget));
  EXPECT_EQ(detector.unhealthy(), 2u);
  EXPECT_EQ(budget, 8u);
}

}  // namespace
}  // namespace pap::core
