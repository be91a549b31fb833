// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

TEST(CollectorHeartbeat, TheFirstOneOfAnAgentIsNew) {
  World world;
  const auto outcome = world.beat("a", Mode::kSleep, 12.5, "Anna");
  EXPECT_TRUE(outcome.accepted);
  EXPECT_TRUE(outcome.is_new);
  EXPECT_FALSE(outcome.restart_detected);
  EXPECT_EQ(outcome.mode, Mode::kSleep);
  const auto agent = world.agent("a");
  EXPECT_EQ(agent.at("agent_uuid"), "a");
  EXPECT_EQ(agent.at("agent_name"), "Anna");
  EXPECT_EQ(agent.at("mode"), "SLEEP");
  EXPECT_EQ(agent.at("uptime_seconds"), 12.5);
  EXPECT_EQ(agent.at("healthy"), true);
  EXPECT_EQ(agent.at("observation_mode"), false);
  EXPECT_EQ(agent.at("consecutive_heartbeats"), 1);
  EXPECT_EQ(world.collector().counters().agents_new, 1u);
}

TEST(CollectorHeartbeat, TheNextOneIsNotNewAndIsCounted) {
  World world;
  world.beat("a");
  world.run_for(30s);
  const auto outcome = world.beat("a");
  EXPECT_TRUE(outcome.accepted);
  EXPECT_FALSE(outcome.is_new);
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 2);
  EXPECT_EQ(world.collector().counters().agents_new, 1u);
  EXPECT_EQ(world.collector().counters().heartbeats[index_of(Mode::kIdle)], 2u);
}

TEST(CollectorHeartbeat, AnAgentWithoutANameIsNamedByItsId) {
  World world;
  world.beat("a");
  EXPECT_EQ(world.agent("a").at("agent_name"), "a");
}

TEST(CollectorHeartbeat, ANameIsKeptWhenAbsentAndReplacedWhenPresent) {
  World world;
  world.beat("a", Mode::kIdle, 1, "first");
  world.run_for(30s);
  world.beat("a", Mode::kIdle, 31);
  EXPECT_EQ(world.agent("a").at("agent_name"), "first");
  world.run_for(30s);
  world.beat("a", Mode::kIdle, 61, "second");
  EXPECT_EQ(world.agent("a").at("agent_name"), "second");
}

TEST(CollectorHeartbeat, TheAnswerKeepsToTheModeThatWasTaken) {
  World world;
  world.beat("a", Mode::kIdle);
  world.run_for(10s);
  EXPECT_EQ(world.beat("a", Mode::kEmergency).mode, Mode::kEmergency);
  world.run_for(5s);
  EXPECT_EQ(world.beat("a", Mode::kSleep).mode, Mode::kSleep);
}

TEST(CollectorHeartbeat, LastSeenIsToldByTodaysWallClock) {
  World world;
  world.beat("a");
  EXPECT_EQ(world.agent("a").at("last_seen"), "2026-11-24T14:00:00.000Z");
  world.run_for(10s);
  EXPECT_EQ(world.agent("a").at("last_seen"), "2026-11-24T14:00:00.000Z");
  world.step_wall_clock(1h);
  EXPECT_EQ(world.agent("a").at("last_seen"), "2026-11-24T15:00:00.000Z");
}

TEST(CollectorHeartbeat, ManyAtOneInstantAreAllCounted) {
  World world;
  for (int i = 0; i < 1000; ++i) world.beat("a", Mode::kIdle, 5);
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 1000);
  EXPECT_EQ(world.count(Notice::Kind::kAgentRestarted), 0u);
}

TEST(CollectorHeartbeat, CountsAreByModeAndFollowChanges) {
  World world;
  world.beat("a", Mode::kIdle);
  world.beat("b", Mode::kIdle);
  world.beat("c", Mode::kSleep);
  auto stats = world.stats();
  EXPECT_EQ(stats.total, 3u);
  EXPECT_EQ(stats.healthy, 3u);
  EXPECT_EQ(stats.unhealthy, 0u);
  EXPECT_EQ(stats.by_mode[index_of(Mode::kIdle)], 2u);
  world.run_for(1s);
  world.beat("b", Mode::kEmergency);
  stats = world.stats();
  EXPECT_EQ(stats.by_mode[index_of(Mode::kEmergency)], 1u);
  EXPECT_EQ(stats.by_mode[index_of(Mode::kIdle)], 1u);
  EXPECT_EQ(stats.by_mode[index_of(Mode::kSleep)], 1u);
}

TEST(CollectorHeartbeat, SinceWhenNobodyWasHeardIsKnown) {
  World world;
  EXPECT_EQ(world.collector().since_last_heartbeat(world.now()), std::nullopt);
  world.beat("a");
  world.run_for(7s);
  EXPECT_EQ(world.collector().since_last_heartbeat(world.now()), 7s);
}

// --- restarts ---

TEST(CollectorHeartbeat, ARestartIsAnsweredAndTold) {
  World world;
  world.beat("a", Mode::kIdle, 3600);
  world.run_for(30s);
  const auto outcome = world.beat("a", Mode::kIdle, 2.5);
  EXPECT_TRUE(outcome.restart_detected);
  EXPECT_FALSE(outcome.is_new);
  EXPECT_EQ(world.collector().counters().restarts, 1u);
  ASSERT_EQ(world.posts().size(), 1u);
  const auto alert = world.posts()[0].json();
  EXPECT_EQ(alert.at("type"), "RESTART_DETECTED");
  EXPECT_EQ(alert.at("severity"), "info");
  EXPECT_EQ(alert.at("timestamp"), "2026-11-24T14:00:30.000Z");
  EXPECT_EQ(alert.at("details"),
            (nlohmann::json{{"previous_uptime", 3600}, {"new_uptime", 2.5}, {"mode", "IDLE"}}));
}

TEST(CollectorHeartbeat, ARestartIsAnsweredEvenWhenItsAlertIsHeldBack) {
  World world;
  world.beat("a", Mode::kIdle, 3600);
  for (int i = 0; i < 3; ++i) {
    world.run_for(15s);
    EXPECT_TRUE(world.beat("a", Mode::kIdle, 1).restart_detected) << i;
  }
  EXPECT_EQ(world.posts_of("RESTART_DETECTED").size(), 1u);
  EXPECT_EQ(world.collector().counters().restarts, 3u);
  world.run_for(45s);  // 60 s after the first was told the last one is
  EXPECT_EQ(world.posts_of("RESTART_DETECTED").size(), 2u);
  EXPECT_EQ(world.posts().back().json().at("timestamp"), "2026-11-24T14:00:45.000Z");
}

TEST(CollectorHeartbeat, AFastCrashLoopIsSeen) {
  World world;
  world.beat("a", Mode::kEmergency, 100);
  for (int i = 0; i < 10; ++i) {
    world.run_for(2s);
    EXPECT_TRUE(world.beat("a", Mode::kEmergency, 0.5).restart_detected) << i;
    world.run_for(5s);
    EXPECT_FALSE(world.beat("a", Mode::kEmergency, 5.5).restart_detected) << i;
  }
}

TEST(CollectorHeartbeat, ARestartAfterADeathIsARestart) {
  World world;
  world.beat("a", Mode::kIdle, 5);
  world.run_for(10min);
  EXPECT_TRUE(world.beat("a", Mode::kIdle, 100).restart_detected);  // uptime rose; started since
}

TEST(CollectorHeartbeat, AnAgentThatWasOnlyCutOffDidNotRestart) {
  World world;
  world.beat("a", Mode::kIdle, 5);
  world.run_for(10min);
  EXPECT_FALSE(world.beat("a", Mode::kIdle, 605).restart_detected);
}

TEST(CollectorHeartbeat, TwoPodsOnOneIdAreOneRestartNotOneABeat) {
  World world;
  world.beat("a", Mode::kIdle, 5000);
  world.run_for(15s);
  EXPECT_TRUE(world.beat("a", Mode::kIdle, 2).restart_detected);
  for (int i = 1; i <= 10; ++i) {
    world.run_for(15s);
    EXPECT_FALSE(world.beat("a", Mode::kIdle, 5000 + 30 * i).restart_detected) << i;
    world.run_for(15s);
    EXPECT_FALSE(world.beat("a", Mode::kIdle, 2 + 30 * i).restart_detected) << i;
  }
}

TEST(CollectorHeartbeat, ALowerUptimeOfNoRestartIsTakenWhole) {
  World world;
  world.beat("a", Mode::kIdle, 5000);
  world.run_for(15s);
  world.beat("a", Mode::kIdle, 2);  // a second pod
  world.run_for(15s);
  world.beat("a", Mode::kIdle, 5030);  // the first one again
  world.run_for(15s);
  EXPECT_FALSE(world.beat("a", Mode::kSleep, 32, "new").restart_detected);
  EXPECT_EQ(world.collector().counters().overtaken, 0u);
  const auto agent = world.agent("a");
  EXPECT_EQ(agent.at("uptime_seconds"), 32);
  EXPECT_EQ(agent.at("mode"), "SLEEP");
  EXPECT_EQ(agent.at("agent_name"), "new");
}

// --- overtaken ---

TEST(CollectorHeartbeat, AnOvertakenOneChangesNothingButWhenItWasHeardAndTheCount) {
  World world;
  world.beat("a", Mode::kIdle, 100, "Anna");
  world.run_for(1s);
  const auto outcome = world.beat("a", Mode::kEmergency, 98, "Old Anna");
  EXPECT_EQ(outcome.mode, Mode::kIdle);  // the kept mode's interval
  EXPECT_FALSE(outcome.restart_detected);
  const auto agent = world.agent("a");
  EXPECT_EQ(agent.at("mode"), "IDLE");
  EXPECT_EQ(agent.at("agent_name"), "Anna");
  EXPECT_EQ(agent.at("uptime_seconds"), 100);
  EXPECT_EQ(agent.at("last_seen"), "2026-11-24T14:00:01.000Z");
  EXPECT_EQ(agent.at("consecutive_heartbeats"), 2);
  EXPECT_EQ(world.collector().counters().overtaken, 1u);
  world.run_for(10s);
  EXPECT_TRUE(world.posts().empty());  // no emergency
}

TEST(CollectorHeartbeat, AnOvertakenOneKeepsTheStart) {
  World world;
  world.beat("a", Mode::kIdle, 100);
  world.run_for(1s);
  world.beat("a", Mode::kIdle, 98);  // by itself a start 3 s later than the kept one
  EXPECT_EQ(world.collector().counters().overtaken, 1u);
  world.run_for(1s);
  world.beat("a", Mode::kIdle, 96.5);  // 5.5 s later than the kept one
  EXPECT_EQ(world.collector().counters().restarts, 1u);
}

// --- capacity ---

TEST(CollectorHeartbeat, AFullTableRefusesNewcomersAndServesTheOthers) {
  auto settings = test::usual_settings();
  settings.max_agents = 2;
  World world{settings};
  world.beat("a");
  world.beat("b");
  const auto refused = world.beat("c");
  EXPECT_FALSE(refused.accepted);
  EXPECT_TRUE(world.agent("c").is_null());
  EXPECT_EQ(world.collector().counters().heartbeats_refused_full, 1u);
  EXPECT_EQ(world.count(Notice::Kind::kTableFull, "c"), 1u);
  EXPECT_TRUE(world.beat("a").accepted);
  EXPECT_EQ(world.stats().total, 2u);
}

TEST(CollectorHeartbeat, ARefusedOneChangesNothing) {
  auto settings = test::usual_settings();
  settings.max_agents = 1;
  World world{settings};
  world.beat("a");
  world.run_for(1s);
  world.beat("b", Mode::kEmergency, 0);
  EXPECT_EQ(world.collector().since_last_heartbeat(world.now()), 1s);
  world.run_for(10s);
  EXPECT_TRUE(world.posts().empty());
  EXPECT_EQ(world.stats().by_mode[index_of(Mode::kEmergency)], 0u);
}

TEST(CollectorHeartbeat, RemovedAgentsAreNewAgain) {
  World world;
  world.beat("a", Mode::kIdle, 100, "Anna");
  EXPECT_TRUE(world.remove("a"));
  EXPECT_FALSE(world.remove("a"));
  EXPECT_EQ(world.stats().total, 0u);
  const auto outcome = world.beat("a", Mode::kIdle, 1);
  EXPECT_TRUE(outcome.is_new);
  EXPECT_FALSE(outcome.restart_detected);
  EXPECT_EQ(world.agent("a").at("agent_name"), "a");
  EXPECT_EQ(world.agent("a").at("consecutive_heartbeats"), 1);
  EXPECT_EQ(world.collector().counters().removed, 1u);
}

}  // namespace
}  // namespace pap::core
