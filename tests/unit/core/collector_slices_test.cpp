// SPDX-License-Identifier: MIT
// Nothing that may be long is done in one go: the worst cases, judged by the work of their largest
// slice, which is counted. What a unit of it costs stands beside each limit (limits.hpp).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "support/build_kind.hpp"
#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Heartbeat;
using protocol::Mode;
using test::World;

constexpr std::size_t kFleet = test::kOptimised ? 100'000 : 10'000;
constexpr std::size_t kLargeFleet = test::kOptimised ? 1'000'000 : 50'000;
constexpr Heartbeat kIdle{Mode::kIdle, 10'000, ""};
constexpr Heartbeat kEmergency{Mode::kEmergency, 10'000, ""};

protocol::AgentId numbered(std::uint64_t number) {
  protocol::UuidBytes bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  return protocol::AgentId::from_uuid(bytes);
}

// A collector and its time.
struct Slices : testing::Test {
  void start(const CollectorSettings& settings = test::usual_settings()) {
    collector = std::make_unique<Collector>(settings, now);
  }
  void pass(Nanos span) {
    now.mono += span;
    now.wall += span;
  }
  void beat(std::uint64_t first, std::uint64_t last, const Heartbeat& heartbeat) {
    for (std::uint64_t i = first; i < last; ++i) {
      ASSERT_TRUE(collector->heartbeat(numbered(i), heartbeat, now).accepted);
    }
    collector->take_notices();
  }
  // All that is due, a slice at a time; how many there were.
  std::size_t work_off() {
    std::size_t slices = 1;
    for (; collector->tick(now); ++slices) collector->take_notices();
    collector->take_notices();
    return slices;
  }
  void wait(Nanos span) {
    for (; span > 0ns; span -= 1s) {
      pass(std::min<Nanos>(span, 1s));
      work_off();
    }
  }
  // Hands out what may leave and answers it at once.
  void deliver(std::uint16_t status) {
    while (auto delivery = collector->next_delivery(now)) {
      collector->station_answered(delivery->sequence, {status, std::nullopt, "test"}, now);
      collector->take_notices();
    }
  }
  const Counters& counters() const { return collector->counters(); }

  Instant now{MonotonicTime{1000s}, WallTime{1'000'000s}};
  std::unique_ptr<Collector> collector;
};

// --- lists ---

TEST_F(Slices, AListLooksAtNoMoreThanItsLimitInOneOfThem) {
  start();
  beat(0, kFleet, kIdle);
  for (const auto* name : {"", "nobody's"}) {
    auto list = collector->begin_list({{}, {}, name}, std::nullopt, "");
    std::string text;
    std::size_t slices = 0;
    for (; !list->done; ++slices) collector->continue_list(*list, text, now);
    EXPECT_GE(slices, kFleet / kListSlice);
  }
  EXPECT_LE(counters().list_slices.largest(), kListSlice);
  EXPECT_GE(counters().list_slices.count(), 2 * kFleet / kListSlice);
}

TEST_F(Slices, AListOfTheLongestNamesIsCutByItsBytes) {
  start();
  const std::string name(protocol::kMaxAgentNameBytes, '\x01');  // six bytes each, as JSON
  beat(0, 1000, {Mode::kIdle, 10'000, name});
  auto list = collector->begin_list({}, std::nullopt, "");
  std::size_t bytes = 0;
  while (!list->done) {
    std::string text;
    collector->continue_list(*list, text, now);
    EXPECT_LE(text.size(), kListSliceBytes + 2048);
    bytes += text.size();
  }
  EXPECT_GE(bytes, 1000 * 6 * name.size());
}

// --- deaths ---

// The driver's policy where work takes time: each unit of a slice what it is reckoned with
// (kSliceUnits), and a heartbeat as long as on a connection of its own. Sockets are served between
// slices.
TEST_F(Slices, ManyDeathsInOneInstantAreToldWithinASecondWhileHeartbeatsGoOn) {
  constexpr Nanos kUnit = 5us;
  constexpr Nanos kSlice = kSliceUnits * kUnit;
  static_assert(kSlice <= 1ms);
  constexpr Nanos kBeat = 25us;
  constexpr Nanos kBetweenBeats = 100us;
  constexpr Nanos kStation = 10ms;
  constexpr std::size_t kLiving = 1000;
  constexpr std::size_t kAll = kFleet + kLiving;
  start();
  beat(0, kFleet, kIdle);
  wait(62s);
  beat(kFleet, kAll, kIdle);
  pass(1s);
  const MonotonicTime due = now.mono;
  ASSERT_EQ(collector->dead(), 0u);

  MonotonicTime next_beat = due;
  Nanos longest_wait{0};
  std::uint64_t beats = 0;
  std::deque<std::pair<MonotonicTime, std::uint64_t>> answers;
  for (bool more = true; more;) {
    for (; next_beat <= now.mono; next_beat += kBetweenBeats, ++beats) {
      ASSERT_TRUE(collector->heartbeat(numbered(kFleet + beats % kLiving), kIdle, now).accepted);
      pass(kBeat);
      longest_wait = std::max<Nanos>(longest_wait, now.mono - next_beat);
    }
    for (; !answers.empty() && answers.front().first <= now.mono; answers.pop_front()) {
      collector->station_answered(answers.front().second, {201, std::nullopt, ""}, now);
    }
    more = collector->tick(now);
    pass(kSlice);
    while (auto delivery = collector->next_delivery(now)) {
      answers.emplace_back(now.mono + kStation, delivery->sequence);
    }
    collector->take_notices();
  }

  EXPECT_EQ(collector->dead(), kFleet);
  const Outbox& outbox = collector->alerts().outbox();
  const auto& deaths = counters().alerts[index_of(protocol::AlertType::kAgentDeath)];
  EXPECT_EQ(outbox.waiting() + outbox.in_flight() + deaths.delivered, kFleet);
  EXPECT_GT(deaths.delivered, 0u) << "the first are told while the last are decided";
  EXPECT_LE(now.mono - due, 1s);
  EXPECT_GE(beats, (now.mono - due - kSlice) / kBetweenBeats);
  EXPECT_LE(longest_wait, 2 * kSlice);
  EXPECT_LE(counters().work_slices.largest(), kSliceUnits);
  EXPECT_EQ(collector->notices_lost(), 0u);
}

TEST_F(Slices, WhatObserversAreSentOfDeathsCountsToo) {
  constexpr std::size_t kObservers = 1000;
  constexpr std::size_t kDying = 500;
  start();
  beat(0, kDying, kEmergency);
  for (std::size_t i = 0; i < kObservers; ++i) collector->observe({}, 1U << 20U, now);
  wait(10s);
  pass(500ms);
  const std::uint64_t before = collector->events().published();
  std::uint64_t messages = 0;
  for (bool more = true; more;) {
    const std::uint64_t so_far = collector->events().published();
    more = collector->tick(now);
    messages = std::max(messages, collector->events().published() - so_far);
  }
  EXPECT_EQ(collector->events().published() - before, kDying * kObservers);
  EXPECT_LE(messages, kSliceUnits * kMessagesPerUnit + kObservers) << "and the last one's";
}

TEST_F(Slices, CountingTheHealthyOfALargeFleetIsCutToo) {
  start();
  beat(0, kLargeFleet, kIdle);
  for (int second = 0; second < 60; ++second) {
    pass(1s);
    collector->tick(now, 0);
  }
  std::size_t slices = 0;
  while (!collector->settle_health(now)) ++slices;
  EXPECT_GE(slices, kLargeFleet / kSliceUnits - 1);
  EXPECT_EQ(collector->stats().unhealthy, kLargeFleet);
  EXPECT_LE(counters().work_slices.largest(), kSliceUnits);
}

// --- the table ---

TEST_F(Slices, ATableThatGrowsPaysForNoMoreThanOneChunkOfEachWithOneAgent) {
  start();
  beat(0, kLargeFleet, kIdle);
  const SliceMeter& growth = collector->table().growth();
  EXPECT_LE(growth.largest(), kGrowthUnits);
  EXPECT_GE(growth.largest(), kTableChunk);
  EXPECT_GE(growth.count(), kLargeFleet / 2) << "a bucket is split with nearly every agent";
}

TEST_F(Slices, ForgettingAWholeFleetIsCut) {
  auto settings = test::usual_settings();
  settings.has_station = false;
  settings.agent_retention = 1h;
  start(settings);
  beat(0, kFleet, kEmergency);
  pass(1s);
  wait(11s);
  ASSERT_EQ(collector->told_dead(), kFleet);
  wait(1h - 3s);
  ASSERT_EQ(collector->agents(), kFleet);
  wait(5s);
  EXPECT_EQ(collector->agents(), 0u);
  EXPECT_LE(counters().work_slices.largest(), kSliceUnits);
}

TEST_F(Slices, AFullTableMakesRoomForOneAgentWithOneAndGrowsNoMore) {
  auto settings = test::usual_settings();
  settings.has_station = false;
  settings.max_agents = kFleet;
  start(settings);
  beat(0, kFleet, kEmergency);
  wait(12s);
  ASSERT_EQ(collector->told_dead(), kFleet);
  wait(61s);
  const std::uint64_t slices = counters().work_slices.count();
  const std::uint64_t grown = collector->table().growth().count();
  for (std::uint64_t i = kFleet; i < 2 * kFleet; ++i) {
    ASSERT_TRUE(collector->heartbeat(numbered(i), kIdle, now).accepted);
    ASSERT_EQ(counters().evicted, i - kFleet + 1);
    collector->take_notices();
  }
  EXPECT_FALSE(collector->heartbeat(numbered(2 * kFleet), kIdle, now).accepted) << "all are alive";
  EXPECT_EQ(counters().work_slices.count(), slices);
  EXPECT_EQ(collector->table().growth().count(), grown);
}

// --- alerts ---

TEST_F(Slices, ABurstOfAlertsThatAnAbsentStationDropsAndIsToldAfreshIsCut) {
  start();
  beat(0, kFleet, kIdle);
  wait(20s);
  beat(0, kFleet, kEmergency);
  ASSERT_EQ(collector->alerts().outbox().waiting(), kFleet);
  deliver(503);  // five fail: from now on all that waits counts, and nearly all has to go
  ASSERT_TRUE(collector->alerts().outbox().pause().away());
  work_off();
  const auto& emergencies = counters().alerts[index_of(protocol::AlertType::kEmergencyMode)];
  EXPECT_GE(emergencies.dropped_full, kFleet - 200);
  const std::uint64_t slices = counters().work_slices.count();
  EXPECT_GE(slices, emergencies.dropped_full / kSliceUnits);

  // Back, all are told afresh; a minute later the windows of all end together.
  for (int i = 0; i < 60 && emergencies.delivered < kFleet; ++i) {
    wait(1s);
    beat(0, kFleet, kEmergency);
    deliver(201);
  }
  EXPECT_EQ(emergencies.delivered, kFleet);
  EXPECT_GE(counters().work_slices.count(), slices + emergencies.retold / kSliceUnits);
  EXPECT_LE(counters().work_slices.largest(), kSliceUnits);
}

TEST_F(Slices, TheEndsOfManyBackoffsAndTimesToLiveAreCut) {
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = kFleet;
  settings.alert_queue_ttl = 30s;
  start(settings);
  beat(0, kFleet, kIdle);
  wait(20s);
  beat(0, kFleet, kEmergency);
  deliver(503);
  for (int i = 0; i < 40; ++i) {
    wait(1s);
    beat(0, kFleet, kEmergency);
    deliver(503);
  }
  const auto& emergencies = counters().alerts[index_of(protocol::AlertType::kEmergencyMode)];
  EXPECT_GE(emergencies.dropped_expired, kFleet - 100);
  EXPECT_LE(counters().work_slices.largest(), kSliceUnits);
}

}  // namespace
}  // namespace pap::core
