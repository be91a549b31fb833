// SPDX-License-Identifier: MIT
// How alerts reach a Station that is slow, away, or asks for patience.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::Post;
using test::Reply;
using test::World;

// So many agents that are heard once, and die together.
void fleet_of(World& world, int agents, Mode mode = Mode::kEmergency) {
  for (int i = 0; i < agents; ++i) world.beat("agent " + std::to_string(i), mode);
}

std::map<std::string, int> deliveries(const World& world, const std::set<std::string>& keys) {
  std::map<std::string, int> by_agent;
  for (const Post& post : world.posts()) {
    if (keys.count(post.key) > 0) ++by_agent[post.agent()];
  }
  return by_agent;
}

TEST(CollectorDelivery, ManyDeathsReachASlowStationOnceEachAndSoon) {
  World world;
  world.station(Reply{201, 100ms});
  fleet_of(world, 1500);
  world.run_for(10500ms);
  EXPECT_EQ(world.collector().dead(), 1500u);
  world.run_for(30s);
  EXPECT_EQ(world.collector().told_dead(), 1500u);
  EXPECT_EQ(world.posts().size(), 1500u);
  std::set<std::string> agents;
  for (const Post& post : world.posts()) agents.insert(post.agent());
  EXPECT_EQ(agents.size(), 1500u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDelivery, AnAlertThatIsRefusedHoldsUpNoOther) {
  World world;
  world.station(
      [](const Post& post) { return post.agent() == "agent 0" ? test::kBadAlert : test::kStored; });
  fleet_of(world, 3);
  world.run_for(11s);
  EXPECT_EQ(world.posts().size(), 3u);
  EXPECT_EQ(world.alert_counters().refused, 1u);
  EXPECT_EQ(world.alert_counters().delivered, 2u);
  EXPECT_EQ(world.collector().told_dead(), 3u);  // answered finally is told
  world.run_for(1h);
  EXPECT_EQ(world.posts().size(), 3u);
}

TEST(CollectorDelivery, DeathsDuringAnOutageLongerThanTheyAreKeptAreAllToldWhenItIsOver) {
  World world;  // with a queue of 100, for 5 min
  world.station(test::kNoConnection);
  fleet_of(world, 300);
  world.run_for(1h);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  EXPECT_GE(world.alert_counters().dropped_full, 200u);
  EXPECT_GE(world.alert_counters().dropped_expired, 100u);
  EXPECT_LE(world.collector().alert_queue(world.now()).size, 100u);
  const std::size_t before = world.posts().size();
  world.station(test::kStored);
  world.run_for(2min);
  EXPECT_EQ(world.collector().told_dead(), 300u);
  std::map<std::string, std::set<std::string>> keys;
  std::set<std::string> timestamps;
  for (const Post& post : world.posts()) {
    keys[post.agent()].insert(post.key);
    timestamps.insert(post.json().at("timestamp"));
  }
  // Told afresh under the same key and timestamp.
  for (const auto& [agent, own] : keys) EXPECT_EQ(own.size(), 1u) << agent;
  EXPECT_EQ(timestamps.size(), 1u);
  EXPECT_EQ(world.posts().size() - before, 300u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDelivery, ALonelyDeathDuringALongOutageIsToldWhenItIsOver) {
  World world;
  world.station(test::kNoConnection);
  world.beat("a", Mode::kEmergency);
  world.run_for(6h);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  world.station(test::kStored);
  // The longest rest, the longest delay of a probe, and a re-telling without a pause.
  world.run_for(60s + 30s + 60s);
  EXPECT_EQ(world.collector().told_dead(), 1u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDelivery, ADeathThatEndedDuringTheOutageIsToldAsOverOrCountedAsDropped) {
  World world;
  world.station(test::kNoConnection);
  fleet_of(world, 150);
  world.run_for(20s);
  for (int second = 0; second < 120; second += 5) {
    for (int i = 0; i < 150; ++i) world.beat("agent " + std::to_string(i), Mode::kEmergency);
    world.run_for(5s);
  }
  world.station(test::kStored);
  for (int second = 0; second < 120; second += 5) {
    for (int i = 0; i < 150; ++i) world.beat("agent " + std::to_string(i), Mode::kEmergency);
    world.run_for(5s);
  }
  const auto counters = world.alert_counters();
  EXPECT_EQ(counters.delivered + counters.dropped_full + counters.dropped_expired, 150u);
  EXPECT_GE(counters.delivered, 100u);
  EXPECT_EQ(world.posts().back().json().at("details").count("recovered_at"), 1u);
  EXPECT_EQ(counters.retold, 0u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDelivery, AnEmergencyThatLastsIsToldAfreshToo) {
  auto settings = test::usual_settings();
  settings.alert_queue_ttl = 10s;
  World world{settings};
  world.station(test::kServerError);
  world.beat("a");
  const auto beats = [&](Nanos span) {
    for (const MonotonicTime end = world.mono() + span; world.mono() < end; world.run_for(5s)) {
      world.beat("a", Mode::kEmergency);
    }
  };
  beats(10min);
  EXPECT_GT(world.alert_counters().dropped_expired, 0u);
  world.station(test::kStored);
  beats(3min);
  EXPECT_EQ(world.alert_counters().delivered, 1u);
  const std::set<std::string> key{world.posts().back().key};
  EXPECT_EQ(deliveries(world, key).at("a"), static_cast<int>(world.posts().size()));
}

TEST(CollectorDelivery, WithoutAPauseWhatWasDroppedIsToldSixtySecondsLater) {
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = 0;
  World world{settings};
  world.station(Reply{500, 0s});
  world.beat("a", Mode::kEmergency);
  world.run_for(10500ms);
  EXPECT_EQ(world.alert_counters().dropped_full, 1u);
  const MonotonicTime dropped = world.mono();
  world.station(test::kStored);
  world.run_until(dropped + 60s - 1ns);
  EXPECT_EQ(world.posts().size(), 1u);
  world.run_for(1ns);
  ASSERT_EQ(world.posts().size(), 2u);
  EXPECT_EQ(world.posts()[1].key, world.posts()[0].key);
  EXPECT_EQ(world.posts()[1].json(), world.posts()[0].json());
}

TEST(CollectorDelivery, NothingLeavesAfterItsTimeHoweverMuchElseIsOverWithIt) {
  constexpr int kAgents = 3 * kSliceUnits;
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = 10'000;
  settings.alert_queue_ttl = 40s;
  World world{settings};
  world.station(test::kHangs);
  fleet_of(world, kAgents);
  world.run_for(10500ms + 10s);  // those in flight fail; the rest has 40 s from now on
  ASSERT_EQ(world.count(Notice::Kind::kStationAway), 1u);
  world.station(test::kServerError);
  world.run_for(10s);
  ASSERT_GT(world.collector().alerts().outbox().waiting(), 2 * kSliceUnits);
  world.stall(1min);  // a probe is long due, and so are all the ends
  for (int i = 0; i < 10; ++i) {
    // Not even while the tick that drops them is late. (Then one of the dropped is the probe.)
    const auto delivery = world.collector().next_delivery(world.now());
    EXPECT_TRUE(!delivery || world.alert_counters().dropped_expired == kAgents) << i;
  }
  EXPECT_EQ(world.alert_counters().dropped_expired, std::uint64_t{kAgents});
}

// --- patience ---

TEST(CollectorDelivery, ARetryAfterIsKeptByAllAlertsAndNotMuchLonger) {
  World world;
  bool asked = false;
  world.station([&](const Post&) {
    if (!std::exchange(asked, true)) return test::slow_down(90s, 503);
    return test::kStored;
  });
  fleet_of(world, 3);
  world.run_for(10500ms + 20ms);
  const MonotonicTime until = world.mono() + 90s;
  const std::size_t before = world.posts().size();
  EXPECT_EQ(before, 3u);  // the others were on their way already
  world.beat("late", Mode::kIdle);
  world.run_for(1s);
  world.beat("late", Mode::kEmergency);
  world.run_until(until - 1ns);
  EXPECT_EQ(world.posts().size(), before);
  world.run_for(1ns);
  EXPECT_GE(world.posts().size(), before + 2);
}

struct Asked {
  std::optional<Nanos> retry_after;
  Nanos kept;
};

class CollectorRetryAfter : public testing::TestWithParam<Asked> {};

TEST_P(CollectorRetryAfter, IsKeptToTheNanosecond) {
  World world;
  world.station([](const Post& post) {
    return post.sequence == 1 ? test::slow_down(GetParam().retry_after) : test::kStored;
  });
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(20ms);
  world.station(test::kStored);
  const MonotonicTime until = world.mono() + GetParam().kept;
  world.run_until(until - 1ns);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
  world.run_for(1ns);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Answers, CollectorRetryAfter,
                         testing::Values(Asked{std::nullopt, 5s}, Asked{30s, 30s},
                                         Asked{5min, 5min}, Asked{1h, 5min}, Asked{0s, 1s}));

TEST(CollectorDelivery, ABurstThatTheStationTakesInSlowlyIsNeverDropped) {
  World world;
  int taken = 0;
  // Ten every ten seconds, and 429 for the rest.
  Nanos window{-1};
  world.station([&](const Post&) {
    const Nanos now = world.since_start() / 10s * 10s;
    if (now != window) taken = 0;
    window = now;
    return ++taken <= 10 ? test::kStored : test::slow_down(10s);
  });
  fleet_of(world, 1000);
  world.run_for(30min);
  EXPECT_EQ(world.collector().told_dead(), 1000u);
  EXPECT_EQ(world.alert_counters().dropped_full + world.alert_counters().dropped_expired, 0u);
  EXPECT_EQ(world.count(Notice::Kind::kStationAway), 0u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorDelivery, AStationThatAlwaysAsksForNoTimeAtAllIsNotHammered) {
  World world;
  world.station(test::slow_down(0s, 503));
  fleet_of(world, 3);
  world.run_for(10500ms);
  world.forget_the_past();
  world.run_for(60s);
  EXPECT_LE(world.posts().size(), 3u * 60u);
}

TEST(CollectorDelivery, FiveFailuresInARowLeaveOneProbeAtATime) {
  World world;
  world.station(test::kHangs);
  fleet_of(world, 40);
  world.run_for(10500ms + 10s);  // 32 are answered by nothing
  EXPECT_EQ(world.count(Notice::Kind::kStationAway), 1u);
  world.forget_the_past();
  world.run_for(10min);
  // At most one every 10 s, which is how long each hangs.
  EXPECT_LE(world.posts().size(), 60u);
  EXPECT_GE(world.posts().size(), 15u);
  for (std::size_t i = 1; i < world.posts().size(); ++i) {
    EXPECT_GE(world.posts()[i].at - world.posts()[i - 1].at, 10s);
  }
  world.station(test::kStored);
  world.run_for(60s);
  EXPECT_EQ(world.count(Notice::Kind::kStationBack), 1u);
  EXPECT_EQ(world.collector().told_dead(), 40u);
}

TEST(CollectorDelivery, TheNoticeOfAFailureSaysWhatCameBack) {
  World world;
  world.station(Reply{404, 0s});
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(0s);
  const auto notices = world.notices_of(Notice::Kind::kAlertMisdirected, "a");
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].notice.text, "HTTP 404");
  EXPECT_EQ(notices[0].notice.count, 1u);
  EXPECT_EQ(notices[0].notice.alert, protocol::AlertType::kEmergencyMode);
}

TEST(CollectorDelivery, AMisdirectedAlertIsKeptAndRetried) {
  World world;
  world.station(Reply{401, 0s});
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(1min);
  world.station(test::kStored);
  world.run_for(2min);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").back().key, "start-1");
  EXPECT_GE(world.alert_counters().delivered, 1u);
}

TEST(CollectorDelivery, AnAnswerToNothingChangesNothing) {
  World world;
  world.collector().station_answered(77, {201, std::nullopt, ""}, world.now());
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(1s);
  EXPECT_EQ(world.alert_counters().delivered, 1u);
  world.collector().station_answered(1, {500, std::nullopt, ""}, world.now());
  world.run_for(10min);
  EXPECT_EQ(world.alert_counters().attempts_failed, 0u);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
}

TEST(CollectorDelivery, WhatWasStoredIsNeverPostedAgain) {
  World world;
  std::set<std::string> stored;
  bool twice = false;
  int posts = 0;
  world.station([&](const Post& post) {
    twice = twice || stored.count(post.key) > 0;
    if (++posts % 3 != 0) return test::kServerError;
    stored.insert(post.key);
    return test::kStored;
  });
  fleet_of(world, 200);
  world.run_for(30min);
  EXPECT_FALSE(twice);
  EXPECT_EQ(stored.size(), 200u);
  EXPECT_EQ(world.collector().told_dead(), 200u);
}

// --- removed agents ---

TEST(CollectorRemoval, WithdrawsWhatWaits) {
  World world;
  world.station(test::kServerError);
  fleet_of(world, 1);
  world.run_for(10500ms + 20ms);
  EXPECT_TRUE(world.remove("agent 0"));
  EXPECT_EQ(world.alert_counters().withdrawn, 1u);
  EXPECT_EQ(world.alert_rows().at(0).at("delivery").at("state"), "dropped");
  world.run_for(10min);
  EXPECT_EQ(world.posts().size(), 1u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorRemoval, OneInFlightIsNotRetried) {
  World world;
  world.station(test::kHangs);
  fleet_of(world, 1);
  world.run_for(10500ms);
  EXPECT_TRUE(world.remove("agent 0"));
  EXPECT_EQ(world.alert_counters().withdrawn, 0u);  // it may still arrive
  world.run_for(10min);
  EXPECT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.alert_counters().withdrawn, 1u);
  EXPECT_TRUE(world.conserved());
}

TEST(CollectorRemoval, ANewAgentOfTheSameIdWaitsForTheOneInFlight) {
  World world;
  world.station(test::kHangs);
  fleet_of(world, 1);
  world.run_for(10500ms);
  const MonotonicTime posted = world.mono();
  world.remove("agent 0");
  world.station(test::kStored);
  world.beat("agent 0");
  world.run_for(1s);
  world.beat("agent 0", Mode::kEmergency);
  world.run_until(posted + 10s - 1ns);
  EXPECT_EQ(world.posts().size(), 1u);
  world.run_for(1ns);
  ASSERT_EQ(world.posts().size(), 2u);
  EXPECT_EQ(world.posts()[1].type(), "EMERGENCY_MODE");
}

TEST(CollectorRemoval, TellsTheNewAgentNothingOfTheOld) {
  World world;
  world.station(test::kHangs);
  fleet_of(world, 1);
  world.run_for(10500ms);
  world.remove("agent 0");
  world.beat("agent 0", Mode::kEmergency);
  world.station(test::kStored);
  world.run_for(11s);  // dead itself, and the old one's post has come to nothing
  EXPECT_EQ(world.posts_of("AGENT_DEATH").size(), 2u);
  EXPECT_EQ(world.alert_counters().held_back, 0u);
}

TEST(CollectorRemoval, OfAnAgentWithAHeldAlertWithdrawsIt) {
  World world;
  world.beat("a");
  for (const double uptime : {10.0, 5.0}) {
    world.run_for(12s);
    world.beat("a", Mode::kIdle, uptime);
  }
  EXPECT_EQ(world.collector().alerts().held(), 1u);
  world.remove("a");
  EXPECT_EQ(world.collector().alerts().held(), 0u);
  EXPECT_EQ(world.alert_counters().withdrawn, 1u);
  EXPECT_TRUE(world.conserved());
}

}  // namespace
}  // namespace pap::core
