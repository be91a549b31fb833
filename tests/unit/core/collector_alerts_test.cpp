// SPDX-License-Identifier: MIT
// What is told, and what is held back. How it gets to the Station: collector_delivery_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

// --- emergencies ---

TEST(CollectorEmergency, IsToldWhenTheModeBecomesIt) {
  World world;
  world.beat("a", Mode::kSleep, 100, "Anna");
  world.run_for(10s);
  world.beat("a", Mode::kEmergency, 110);
  ASSERT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.posts()[0].json(), nlohmann::json::parse(R"({
    "type": "EMERGENCY_MODE", "severity": "warning", "cluster_id": "c1",
    "agent_uuid": "a", "agent_name": "Anna",
    "details": {"previous_mode": "SLEEP", "uptime_seconds": 110},
    "timestamp": "2026-11-24T14:00:10.000Z"})"));
}

TEST(CollectorEmergency, IsNotToldWhileItGoesOn) {
  World world;
  world.beat("a");
  for (int i = 0; i < 100; ++i) {
    world.run_for(5s);
    world.beat("a", Mode::kEmergency);
  }
  EXPECT_EQ(world.posts().size(), 1u);
}

TEST(CollectorEmergency, IsNotToldAgainByARestartWithinIt) {
  World world;
  world.beat("a");
  world.run_for(5s);
  world.beat("a", Mode::kEmergency);
  world.run_for(5s);
  EXPECT_TRUE(world.beat("a", Mode::kEmergency, 0).restart_detected);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
}

TEST(CollectorEmergency, ThatIsARestartAtOnceIsBoth) {
  World world;
  world.beat("a");
  world.run_for(20s);
  world.beat("a", Mode::kEmergency, 1);
  world.run_for(1s);
  EXPECT_EQ(world.posts_of("RESTART_DETECTED").size(), 1u);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
}

struct FirstSight {
  std::string name;
  Nanos after_start;
  double uptime;
  bool told;
};

void PrintTo(const FirstSight& sight, std::ostream* out) { *out << sight.name; }

class EmergencyAtFirstSight : public testing::TestWithParam<FirstSight> {};

TEST_P(EmergencyAtFirstSight, IsToldUnlessItMayHaveBeenBefore) {
  World world;
  world.run_for(GetParam().after_start);
  world.beat("a", Mode::kEmergency, GetParam().uptime);
  ASSERT_EQ(world.posts().size(), GetParam().told ? 1u : 0u);
  if (GetParam().told) {
    EXPECT_TRUE(world.posts()[0].json().at("details").at("previous_mode").is_null());
  }
}

INSTANTIATE_TEST_SUITE_P(AroundTheCollectorsStart, EmergencyAtFirstSight,
                         testing::Values(FirstSight{"OlderWithin75Seconds", 75s - 1ns, 3600, false},
                                         FirstSight{"OlderAt75Seconds", 75s, 3600, true},
                                         FirstSight{"AsOldAsTheCollector", 30s, 30, false},
                                         FirstSight{"ALittleYounger", 30s, 30 - 1e-9, true},
                                         FirstSight{"ALittleOlder", 30s, 30 + 1e-9, false},
                                         FirstSight{"YoungLongAfter", 1h, 1, true},
                                         FirstSight{"OldLongAfter", 1h, 1e6, true},
                                         FirstSight{"AtTheVeryStart", 0s, 0, false}),
                         [](const auto& each) { return each.param.name; });

TEST(CollectorEmergency, TakenAsToldIsTakenAsToldNow) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(10s);
  world.beat("a", Mode::kIdle);
  world.run_for(20s);
  world.beat("a", Mode::kEmergency);
  EXPECT_TRUE(world.posts().empty());  // held back
  for (int i = 0; i < 6; ++i) {
    world.run_for(5s);
    world.beat("a", Mode::kEmergency);
  }
  ASSERT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.posts()[0].at - world.mono(), 0s);  // 60 s after it was taken as told
  EXPECT_EQ(world.posts()[0].json().at("timestamp"), "2026-11-24T14:00:30.000Z");
}

// --- held back ---

class CollectorDedup : public testing::Test {
 protected:
  World world;
  MonotonicTime told;

  // In EMERGENCY, and told so.
  void SetUp() override {
    world.station(test::Reply{201, 0s});
    world.beat("a");
    world.run_for(5s);
    world.beat("a", Mode::kEmergency);
    world.run_for(0s);
    told = world.mono();
  }
  void keeps_beating(Nanos span, Mode mode) {
    const MonotonicTime end = world.mono() + span;
    while (world.mono() + 4s < end) {
      world.run_for(4s);
      world.beat("a", mode);
    }
    world.run_until(end);
  }
};

TEST_F(CollectorDedup, WithinSixtySecondsTheSameIsHeldBackAndToldIfItIsStillTrueThen) {
  world.run_for(5s);
  world.beat("a", Mode::kIdle);
  world.run_for(5s);
  world.beat("a", Mode::kEmergency);
  const auto again = "2026-11-24T14:00:15.000Z";
  keeps_beating(told + 60s - 1ns - world.mono(), Mode::kEmergency);
  EXPECT_EQ(world.posts().size(), 1u);
  world.run_for(1ns);
  ASSERT_EQ(world.posts().size(), 2u);
  EXPECT_EQ(world.posts()[1].json().at("timestamp"), again);
  EXPECT_EQ(world.posts()[1].json().at("details").at("previous_mode"), "IDLE");
  EXPECT_NE(world.posts()[1].key, world.posts()[0].key);
}

TEST_F(CollectorDedup, WhatIsOverThenLapses) {
  world.run_for(5s);
  world.beat("a", Mode::kIdle);
  world.run_for(5s);
  world.beat("a", Mode::kEmergency);
  world.run_for(5s);
  world.beat("a", Mode::kIdle);
  keeps_beating(2min, Mode::kIdle);
  EXPECT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.alert_counters().lapsed, 1u);
}

TEST_F(CollectorDedup, AnAgentThatDiedMeanwhileIsInNoEmergency) {
  world.run_for(5s);
  world.beat("a", Mode::kIdle);
  world.run_for(5s);
  world.beat("a", Mode::kEmergency);
  world.run_for(5min);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
  EXPECT_EQ(world.posts_of("AGENT_DEATH").size(), 1u);
}

TEST_F(CollectorDedup, AtSixtySecondsItIsToldAtOnce) {
  keeps_beating(55s, Mode::kIdle);
  world.run_until(told + 60s);
  world.beat("a", Mode::kEmergency);
  EXPECT_EQ(world.posts().size(), 2u);
  EXPECT_EQ(world.alert_counters().held_back, 0u);
}

TEST(CollectorDeaths, TheSecondThatLastsIsToldLate) {
  World world;
  world.station(test::Reply{201, 0s});
  world.beat("a", Mode::kEmergency);
  world.run_for(10500ms);
  const MonotonicTime told = world.mono();
  world.run_for(5s);
  world.beat("a", Mode::kEmergency);
  world.run_until(told + 60s - 1ns);
  EXPECT_EQ(world.posts_of("AGENT_DEATH").size(), 1u);
  EXPECT_EQ(world.collector().dead(), 1u);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  world.run_for(1ns);
  const auto deaths = world.posts_of("AGENT_DEATH");
  ASSERT_EQ(deaths.size(), 2u);
  EXPECT_EQ(deaths[1].json().at("details").at("last_seen"), "2026-11-24T14:00:15.500Z");
  EXPECT_EQ(deaths[1].json().at("timestamp"), "2026-11-24T14:00:25.500Z");
  EXPECT_FALSE(deaths[1].json().at("details").contains("recovered_at"));
  world.run_for(0s);
  EXPECT_EQ(world.collector().told_dead(), 1u);
}

TEST(CollectorDeaths, AFlapIsNotToldTwice) {
  World world;
  world.beat("a", Mode::kEmergency);
  for (int i = 0; i < 4; ++i) {
    world.run_for(12s);  // dead again
    world.beat("a", Mode::kEmergency);
  }
  for (int i = 0; i < 20; ++i) {
    world.run_for(5s);
    world.beat("a", Mode::kEmergency);
  }
  EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 4u);
  EXPECT_EQ(world.posts_of("AGENT_DEATH").size(), 1u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDeaths, OneThatIsOverWhenItIsPostedSaysSo) {
  World world;
  world.station(test::kServerError);
  world.beat("a", Mode::kEmergency);
  world.run_for(11s);
  EXPECT_FALSE(world.posts().at(0).json().at("details").contains("recovered_at"));
  world.run_for(1s);
  world.beat("a", Mode::kEmergency);  // 14:00:12
  for (int i = 0; i < 12; ++i) {
    world.run_for(5s);
    world.beat("a", Mode::kEmergency);
  }
  ASSERT_GE(world.posts().size(), 2u);
  const auto last = world.posts().back().json();
  EXPECT_EQ(last.at("type"), "AGENT_DEATH");
  EXPECT_EQ(last.at("details").at("recovered_at"), "2026-11-24T14:00:12.000Z");
  EXPECT_EQ(last.at("timestamp"), "2026-11-24T14:00:10.000Z");
}

// --- what is shown ---

TEST(CollectorAlertRows, AreTheMostRecentNewestFirstWithTheirDelivery) {
  World world;
  world.station([](const test::Post& post) {
    return post.agent() == "refused" ? test::kBadAlert : test::kStored;
  });
  world.beat("told");
  world.beat("refused");
  world.run_for(1s);
  world.beat("told", Mode::kEmergency);
  world.run_for(1s);
  world.beat("refused", Mode::kEmergency);
  world.run_for(1s);
  world.station(test::kHangs);
  world.beat("told", Mode::kEmergency, 0);
  const auto rows = world.alert_rows();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("type"), "RESTART_DETECTED");
  EXPECT_EQ(
      rows[0].at("delivery"),
      nlohmann::json::parse(R"({"state": "queued", "attempts": 1, "idempotency_key": "start-3"})"));
  EXPECT_EQ(rows[1].at("agent_uuid"), "refused");
  EXPECT_EQ(rows[1].at("delivery").at("state"), "refused");
  EXPECT_EQ(rows[2].at("delivery"),
            nlohmann::json::parse(
                R"({"state": "delivered", "attempts": 1, "idempotency_key": "start-1"})"));
  EXPECT_EQ(world.alert_rows(2).size(), 2u);
  EXPECT_EQ(world.alert_rows(0).size(), 0u);
}

TEST(CollectorAlertRows, CountAttempts) {
  World world;
  world.station(test::kServerError);
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(3min);
  const auto rows = world.alert_rows();
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.back().at("delivery").at("attempts"), world.posts_of("EMERGENCY_MODE").size());
}

TEST(CollectorAlertRows, SayWhatWasDropped) {
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = 0;
  World world{settings};
  world.station(test::kServerError);
  world.beat("a");
  world.run_for(20s);
  world.beat("a", Mode::kIdle, 0);
  world.run_for(1s);
  EXPECT_EQ(world.alert_rows().at(0).at("delivery").at("state"), "dropped");
}

TEST(CollectorAlertQueue, IsWhatCounts) {
  World world;
  EXPECT_EQ(world.collector().alert_queue(world.now()).size, 0u);
  EXPECT_EQ(world.collector().alert_queue(world.now()).oldest_age_ms, std::nullopt);
  world.station(test::kServerError);
  world.beat("a", Mode::kEmergency);
  world.run_for(10500ms + 20ms);  // its first attempt has just failed
  const auto queue = world.collector().alert_queue(world.now());
  EXPECT_EQ(queue.size, 1u);
  EXPECT_EQ(queue.oldest_age_ms, 520);  // since it happened
}

TEST(CollectorWithoutStation, LogsEachAlertAsItWouldBePosted) {
  auto settings = test::usual_settings();
  settings.has_station = false;
  World world{settings};
  world.beat("a");
  world.run_for(1s);
  world.beat("a", Mode::kEmergency);
  EXPECT_TRUE(world.posts().empty());
  const auto logged = world.notices_of(Notice::Kind::kAlertLogged, "a");
  ASSERT_EQ(logged.size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(logged[0].notice.text).at("type"), "EMERGENCY_MODE");
  EXPECT_EQ(world.alert_counters().logged, 1u);
  EXPECT_EQ(world.alert_rows().at(0).at("delivery").at("state"), "delivered");
}

TEST(CollectorWithoutStation, DeathsAreToldByTheLog) {
  auto settings = test::usual_settings();
  settings.has_station = false;
  World world{settings};
  world.beat("a", Mode::kEmergency);
  world.run_for(11s);
  EXPECT_EQ(world.collector().told_dead(), 1u);
  EXPECT_TRUE(world.conserved());
}

}  // namespace
}  // namespace pap::core
