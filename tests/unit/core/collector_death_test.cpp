// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "support/build_kind.hpp"
#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

struct Limits {
  Mode mode;
  Nanos check_interval;
  Nanos grace;
  Nanos death;
};

void PrintTo(const Limits& limits, std::ostream* out) {
  *out << protocol::to_string(limits.mode) << ", checked every " << limits.check_interval.count();
}

class CollectorDeathLimits : public testing::TestWithParam<Limits> {
 protected:
  static CollectorSettings settings() {
    auto settings = test::usual_settings();
    settings.check_interval = GetParam().check_interval;
    return settings;
  }
};

TEST_P(CollectorDeathLimits, HealthFlipsAtExactlyTwoIntervals) {
  World world{settings()};
  world.beat("a", GetParam().mode);
  world.run_for(GetParam().grace - 1ns);
  EXPECT_TRUE(world.healthy("a"));
  EXPECT_EQ(world.stats().healthy, 1u);
  world.run_for(1ns);
  EXPECT_FALSE(world.healthy("a"));
  EXPECT_EQ(world.stats().unhealthy, 1u);
}

TEST_P(CollectorDeathLimits, ADeathIsDecidedAtTwoIntervalsAndTheSlackAndNotBefore) {
  World world{settings()};
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  world.run_for(GetParam().death - 1ns);
  EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 0u);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.run_for(1ns);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death);
  EXPECT_EQ(world.collector().dead(), 1u);
  EXPECT_EQ(world.stats().unhealthy, 1u);
}

TEST_P(CollectorDeathLimits, AHeartbeatWithinTheSlackCancelsTheDeath) {
  World world{settings()};
  world.beat("a", GetParam().mode);
  world.run_for(GetParam().death - 1ns);
  world.beat("a", GetParam().mode);
  EXPECT_TRUE(world.healthy("a"));
  EXPECT_EQ(world.stats().healthy, 1u);
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 2);
  const MonotonicTime heard = world.mono();
  world.run_for(GetParam().death);
  EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 1u);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death);
}

INSTANTIATE_TEST_SUITE_P(Modes, CollectorDeathLimits,
                         testing::Values(Limits{Mode::kEmergency, 10s, 10s, 10s + 500ms},
                                         Limits{Mode::kIdle, 10s, 60s, 60s + 3s},
                                         Limits{Mode::kSleep, 10s, 1800s, 1800s + 7500ms},
                                         Limits{Mode::kEmergency, 100ms, 10s, 10s + 75ms},
                                         Limits{Mode::kIdle, 100ms, 60s, 60s + 75ms},
                                         Limits{Mode::kIdle, 2s, 60s, 60s + 1500ms},
                                         Limits{Mode::kSleep, 10min, 1800s, 1800s + 90s}));

TEST(CollectorDeath, IsToldWithWhatWasKnown) {
  World world;
  world.beat("550e8400-e29b-41d4-a716-446655440000", Mode::kIdle, 3600.5, "Anna");
  world.run_for(63s);
  ASSERT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.posts()[0].key, "start-1");
  EXPECT_EQ(world.posts()[0].json(), nlohmann::json::parse(R"({
    "type": "AGENT_DEATH", "severity": "critical", "cluster_id": "c1",
    "agent_uuid": "550e8400-e29b-41d4-a716-446655440000", "agent_name": "Anna",
    "details": {"missed_intervals": 2, "last_seen": "2026-11-24T14:00:00.000Z", "mode": "IDLE",
                "uptime_before_death": 3600.5},
    "timestamp": "2026-11-24T14:01:00.000Z"})"));  // when it ceased to be healthy
}

TEST(CollectorDeath, IsToldOncePerSilence) {
  World world;
  world.beat("a");
  world.run_for(24h);
  EXPECT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 1u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDeath, AnAgentThatComesBackIsHealthyWithItsFirstHeartbeat) {
  World world;
  world.beat("a");
  world.beat("a");
  world.run_for(5min);
  const auto outcome = world.beat("a");
  EXPECT_FALSE(outcome.is_new);
  EXPECT_TRUE(world.healthy("a"));
  EXPECT_EQ(world.stats().healthy, 1u);
  EXPECT_EQ(world.collector().dead(), 0u);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  EXPECT_EQ(world.collector().counters().recoveries, 1u);
  const auto recovered = world.notices_of(Notice::Kind::kAgentRecovered, "a");
  ASSERT_EQ(recovered.size(), 1u);
  EXPECT_EQ(recovered[0].notice.amount, 5min);
}

TEST(CollectorDeath, BreaksTheRunOfHeartbeats) {
  World world;
  world.beat("a");
  world.run_for(30s);
  world.beat("a");
  world.run_for(62s);
  world.beat("a");
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 3);  // unhealthy, but never dead
  world.run_for(63s);
  world.beat("a");
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 1);
}

TEST(CollectorDeath, TheSecondOneNeedsAHeartbeatBetween) {
  World world;
  world.beat("a");
  world.run_for(10min);
  world.beat("a");
  world.run_for(10min);
  EXPECT_EQ(world.posts_of("AGENT_DEATH").size(), 2u);
  EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 2u);
}

TEST(CollectorDeath, ACountedHeartbeatOfAnotherModeMovesTheDeadline) {
  World world;
  world.beat("a", Mode::kSleep);
  world.run_for(10s);
  world.beat("a", Mode::kEmergency);
  const MonotonicTime heard = world.mono();
  world.run_for(30s);
  EXPECT_EQ(world.died_at("a"), heard + 10500ms);
}

TEST(CollectorDeath, AClockThatDoesNotMoveKillsNobody) {
  World world;
  world.beat("a", Mode::kEmergency);
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(world.collector().tick(world.now()));
  }
  EXPECT_EQ(world.collector().dead(), 0u);
  EXPECT_TRUE(world.healthy("a"));
}

TEST(CollectorDeath, StepsOfTheWallClockKillAndResurrectNobody) {
  World world;
  world.beat("a");
  world.step_wall_clock(24h);
  world.run_for(59s);
  EXPECT_TRUE(world.healthy("a"));
  world.step_wall_clock(-48h);
  EXPECT_TRUE(world.healthy("a"));
  world.run_for(4s);
  EXPECT_EQ(world.collector().dead(), 1u);
  world.step_wall_clock(-24h);
  EXPECT_FALSE(world.healthy("a"));
}

TEST(CollectorDeath, ManyOfDifferentModesAreDecidedInTheOrderOfTheirDeadlines) {
  World world;
  world.beat("sleep", Mode::kSleep);
  world.beat("idle", Mode::kIdle);
  world.beat("emergency", Mode::kEmergency);
  world.run_for(1h);
  const auto deaths = world.notices_of(Notice::Kind::kAgentDead);
  ASSERT_EQ(deaths.size(), 3u);
  EXPECT_EQ(deaths[0].notice.agent_id, "emergency");
  EXPECT_EQ(deaths[1].notice.agent_id, "idle");
  EXPECT_EQ(deaths[2].notice.agent_id, "sleep");
}

TEST(CollectorDeath, TheLagIsCountedFromWhenHealthyBecameFalse) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(30s);
  const Histogram& lag = world.collector().counters().detection_lag;
  EXPECT_EQ(lag.count(), 1u);
  EXPECT_EQ(lag.sum(), 500ms);
}

TEST(CollectorDeath, ALateTickIsLateAndNothingElse) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(10s);
  world.stall(1900ms);  // an ordinary delay, no loss
  world.run_for(0s);
  EXPECT_EQ(world.collector().counters().losses, 0u);
  EXPECT_EQ(world.collector().dead(), 1u);
  EXPECT_EQ(world.posts().at(0).json().at("timestamp"), "2026-11-24T14:00:10.000Z");
  EXPECT_EQ(world.collector().counters().detection_lag.sum(), 1900ms);
}

TEST(CollectorDeath, AgentsThatNeverFailAreNothingToTheOthers) {
  std::vector<std::optional<MonotonicTime>> died;
  for (const int others : {0, 5}) {
    World world;
    world.beat("a");
    for (int second = 0; second < 100; ++second) {
      for (int i = 0; i < others; ++i) world.beat("other " + std::to_string(i));
      world.run_for(1s);
    }
    died.push_back(world.died_at("a"));
  }
  EXPECT_TRUE(died[0]);
  EXPECT_EQ(died[0], died[1]);
}

// --- many at once ---

protocol::AgentId numbered(std::uint64_t number) {
  protocol::UuidBytes bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  return protocol::AgentId::from_uuid(bytes);
}

// A million of them, where that takes a second and not half a minute.
TEST(CollectorDeath, AMillionDueInOneTickAreWorkedOffInSlices) {
  constexpr std::size_t kAgents = test::kOptimised ? 1'000'000 : 50'000;
  auto settings = test::usual_settings();
  settings.has_station = false;  // the outbox has tests of its own
  Instant now{MonotonicTime{1000s}, WallTime{1'000'000s}};
  Collector collector{settings, now};
  const protocol::Heartbeat heartbeat{Mode::kEmergency, 10'000, ""};
  for (std::size_t i = 0; i < kAgents; ++i) collector.heartbeat(numbered(i), heartbeat, now);
  ASSERT_EQ(collector.agents(), kAgents);

  for (int i = 0; i < 10; ++i) {
    now.mono += 1s;
    now.wall += 1s;
    std::size_t slices = 0;
    while (collector.tick(now)) ++slices;
    ASSERT_LT(slices, kAgents / kSliceUnits + 2);
  }
  EXPECT_EQ(collector.stats().unhealthy, kAgents);
  EXPECT_EQ(collector.dead(), 0u);
  now.mono += 500ms;
  std::size_t dead = 0;
  std::size_t slices = 0;
  std::size_t noticed = 0;
  for (bool more = true; more; ++slices) {
    more = collector.tick(now);
    ASSERT_LE(collector.dead(), dead + kSliceUnits);
    dead = collector.dead();
    noticed += collector.take_notices().size();
    ASSERT_EQ(more, collector.next_deadline(now) <= now.mono);
    if (slices == 10) {
      // A heartbeat between two slices is heard in time.
      EXPECT_TRUE(collector.heartbeat(numbered(kAgents - 1), heartbeat, now).accepted);
    }
  }
  EXPECT_EQ(dead, kAgents - 1);
  EXPECT_GE(slices, kAgents / kSliceUnits);
  EXPECT_EQ(collector.notices_lost(), 0u);
  EXPECT_GE(noticed, 2 * dead);
  EXPECT_EQ(collector.stats().healthy, 1u);
}

TEST(CollectorDeath, ASliceIsAsLargeAsItsBudget) {
  World world;
  for (int i = 0; i < 10; ++i) world.beat(std::to_string(i), Mode::kEmergency);
  world.run_for(10s);
  world.stall(600ms);
  EXPECT_TRUE(world.collector().tick(world.now(), 3));
  EXPECT_EQ(world.collector().dead(), 3u);
  EXPECT_TRUE(world.collector().tick(world.now(), 3));
  EXPECT_TRUE(world.collector().tick(world.now(), 3));
  EXPECT_EQ(world.collector().dead(), 9u);
  while (world.collector().tick(world.now(), 3)) {
  }
  EXPECT_EQ(world.collector().dead(), 10u);
}

}  // namespace
}  // namespace pap::core
