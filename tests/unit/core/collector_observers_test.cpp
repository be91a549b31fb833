// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using protocol::Mode;
using test::World;

constexpr std::size_t kRoomy = 1'000'000;

class CollectorObservers : public testing::Test {
 protected:
  World world;

  ObserverId observe(std::string id, std::size_t max_bytes = kRoomy) {
    return world.collector().observe({std::move(id), std::nullopt, ""}, max_bytes, world.now());
  }
  ObserverId observe_all(std::optional<Mode> mode = std::nullopt, std::string name = "") {
    return world.collector().observe({std::nullopt, mode, std::move(name)}, kRoomy, world.now());
  }
  std::vector<json> taken(ObserverId observer) {
    std::vector<json> messages;
    while (const Message message = world.collector().events().next(observer)) {
      messages.push_back(json::parse(*message));
    }
    return messages;
  }
  std::vector<std::string> types(ObserverId observer) {
    std::vector<std::string> names;
    for (const json& message : taken(observer)) names.push_back(message.at("type"));
    return names;
  }
};

using Types = std::vector<std::string>;

TEST_F(CollectorObservers, GetTheAgentAtOnce) {
  world.beat("a", Mode::kIdle, 5, "Anna");
  const auto messages = taken(observe("a"));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0], json::parse(R"({"type": "initial", "cluster_id": "c1", "agent": {
    "agent_uuid": "a", "agent_name": "Anna", "mode": "IDLE", "uptime_seconds": 5,
    "last_seen": "2026-11-24T14:00:00.000Z", "healthy": true, "observation_mode": true,
    "consecutive_heartbeats": 1}})"));
}

TEST_F(CollectorObservers, LearnThatAnAgentWasNeverSeen) {
  const auto messages = taken(observe("a"));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0], json::parse(R"({"type": "initial", "cluster_id": "c1",
    "agent": {"agent_uuid": "a", "status": "unknown"}})"));
}

TEST_F(CollectorObservers, OfAnAgentThatIsYetToComeGetItsHeartbeats) {
  const ObserverId observer = observe("a");
  taken(observer);
  world.beat("a", Mode::kIdle, 5, "Anna");
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0], json::parse(R"({"type": "heartbeat", "cluster_id": "c1", "agent": {
    "agent_uuid": "a", "agent_name": "Anna", "mode": "IDLE", "uptime_seconds": 5,
    "last_seen": "2026-11-24T14:00:00.000Z", "consecutive_heartbeats": 1},
    "timestamp": "2026-11-24T14:00:00.000Z"})"));
  EXPECT_EQ(world.agent("a").at("observation_mode"), true);
  EXPECT_EQ(world.stats().observed, 1u);
}

TEST_F(CollectorObservers, GetNothingOfOthers) {
  const ObserverId observer = observe("a");
  taken(observer);
  world.beat("b");
  EXPECT_TRUE(taken(observer).empty());
  EXPECT_EQ(world.agent("b").at("observation_mode"), false);
}

TEST_F(CollectorObservers, OfAllGetWhatMatches) {
  const ObserverId every = observe_all();
  const ObserverId idle = observe_all(Mode::kIdle);
  const ObserverId rack = observe_all(std::nullopt, "rack");
  EXPECT_TRUE(taken(every).empty());  // no initial message
  world.beat("a", Mode::kIdle, 5, "rack-7");
  world.beat("b", Mode::kSleep, 5, "rack-8");
  world.beat("c", Mode::kIdle, 5);
  EXPECT_EQ(taken(every).size(), 3u);
  EXPECT_EQ(taken(idle).size(), 2u);
  EXPECT_EQ(taken(rack).size(), 2u);
  EXPECT_EQ(world.agent("a").at("observation_mode"), false);  // nobody watches this very agent
  EXPECT_EQ(world.stats().observed, 0u);
}

TEST_F(CollectorObservers, GetAnOvertakenHeartbeatWithTheKeptValues) {
  world.beat("a", Mode::kIdle, 100, "Anna");
  const ObserverId observer = observe("a");
  taken(observer);
  world.run_for(1s);
  world.beat("a", Mode::kSleep, 98, "Old");
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].at("agent").at("mode"), "IDLE");
  EXPECT_EQ(messages[0].at("agent").at("uptime_seconds"), 100);
  EXPECT_EQ(messages[0].at("agent").at("agent_name"), "Anna");
  EXPECT_EQ(messages[0].at("agent").at("last_seen"), "2026-11-24T14:00:01.000Z");
  EXPECT_EQ(messages[0].at("agent").at("consecutive_heartbeats"), 2);
}

TEST_F(CollectorObservers, GetAlertsAsTheyArePosted) {
  world.beat("a");
  const ObserverId observer = observe("a");
  const ObserverId every = observe_all();
  taken(observer);
  world.run_for(63s);
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].at("type"), "alert");
  EXPECT_EQ(messages[0].at("cluster_id"), "c1");
  EXPECT_EQ(messages[0].at("alert"), world.posts().at(0).json());
  EXPECT_EQ(types(every), Types{"alert"});
}

TEST_F(CollectorObservers, GetAHeldAlertWhenItIsReleased) {
  world.station(test::Reply{201, 0s});
  world.beat("a", Mode::kIdle, 100);
  const ObserverId observer = observe("a");
  world.run_for(20s);
  world.beat("a", Mode::kIdle, 1);
  world.run_for(20s);
  world.beat("a", Mode::kIdle, 1.5);
  EXPECT_EQ(types(observer), (Types{"initial", "alert", "heartbeat", "heartbeat"}));
  world.run_for(40s);
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].at("alert").at("details").at("new_uptime"), 1.5);
}

TEST_F(CollectorObservers, GetARetoldAlertOnce) {
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = 0;
  World failing{settings};
  failing.station(test::kServerError);
  failing.beat("a", Mode::kEmergency);
  const ObserverId observer =
      failing.collector().observe({"a", std::nullopt, ""}, kRoomy, failing.now());
  failing.run_for(10min);
  EXPECT_GT(failing.alert_counters().retold, 1u);
  std::size_t alerts = 0;
  while (const Message message = failing.collector().events().next(observer)) {
    if (json::parse(*message).at("type") == "alert") ++alerts;
  }
  EXPECT_EQ(alerts, 1u);
}

TEST_F(CollectorObservers, LearnThatAnAgentIsBack) {
  world.beat("a", Mode::kEmergency);
  const ObserverId observer = observe("a");
  const ObserverId every = observe_all();
  world.run_for(20s);
  EXPECT_EQ(types(observer), (Types{"initial", "alert"}));
  taken(every);
  world.beat("a", Mode::kEmergency, 3620);
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0], json::parse(R"({"type": "recovered", "cluster_id": "c1", "agent": {
    "agent_uuid": "a", "agent_name": "a", "mode": "EMERGENCY", "uptime_seconds": 3620,
    "last_seen": "2026-11-24T14:00:20.000Z", "healthy": true, "observation_mode": true,
    "consecutive_heartbeats": 1}, "timestamp": "2026-11-24T14:00:20.000Z"})"));
  EXPECT_EQ(messages[1].at("type"), "heartbeat");
  EXPECT_EQ(types(every), (Types{"recovered", "heartbeat"}));
}

TEST_F(CollectorObservers, AreToldOfARemovalAndStay) {
  world.beat("a");
  const ObserverId observer = observe("a");
  taken(observer);
  EXPECT_EQ(world.stats().observed, 1u);
  world.remove("a");
  EXPECT_EQ(world.stats().observed, 0u);
  const auto messages = taken(observer);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0], json::parse(R"({"type": "removed", "cluster_id": "c1",
    "agent_uuid": "a", "timestamp": "2026-11-24T14:00:00.000Z"})"));
  world.beat("a");
  EXPECT_EQ(types(observer), Types{"heartbeat"});
  EXPECT_EQ(world.stats().observed, 1u);
}

TEST_F(CollectorObservers, CountAsOneForTheAgentHoweverManyTheyAre) {
  world.beat("a");
  const ObserverId first = observe("a");
  const ObserverId second = observe("a");
  EXPECT_EQ(world.stats().observed, 1u);
  world.collector().stop_observing(first);
  EXPECT_EQ(world.agent("a").at("observation_mode"), true);
  world.collector().stop_observing(second);
  world.collector().stop_observing(second);
  EXPECT_EQ(world.agent("a").at("observation_mode"), false);
  EXPECT_EQ(world.stats().observed, 0u);
}

TEST_F(CollectorObservers, MayLeaveBeforeTheAgentComes) {
  const ObserverId observer = observe("a");
  world.collector().stop_observing(observer);
  world.beat("a");
  EXPECT_EQ(world.agent("a").at("observation_mode"), false);
  EXPECT_FALSE(world.collector().events().anybody());
}

TEST_F(CollectorObservers, ShareOneMessage) {
  world.beat("a");
  const ObserverId first = observe("a");
  const ObserverId second = observe("a");
  const ObserverId every = observe_all();
  taken(first);
  taken(second);
  world.run_for(1s);
  world.beat("a");
  const Message message = world.collector().events().next(first);
  ASSERT_TRUE(message);
  EXPECT_EQ(message, world.collector().events().next(second));
  EXPECT_EQ(message, world.collector().events().next(every));
}

TEST_F(CollectorObservers, ThatFallBehindLearnHowMuchTheyMissed) {
  world.beat("a");
  const ObserverId observer = observe("a", 1000);
  for (int i = 0; i < 100; ++i) world.beat("a");
  EXPECT_LE(world.collector().events().queued_bytes(), 1000u);
  const auto missed = world.collector().events().missed();
  const auto messages = taken(observer);
  EXPECT_EQ(messages.back(), (json{{"type", "dropped"}, {"count", missed}}));
  EXPECT_EQ(messages.size() - 2 + missed, 100u);  // besides the initial one and the notice
}

TEST_F(CollectorObservers, AreWokenByWhatConcernsThem) {
  world.beat("a");
  const ObserverId observer = observe("a");
  EXPECT_EQ(world.collector().events().take_woken(), std::vector<ObserverId>{observer});
  taken(observer);
  world.beat("b");
  EXPECT_FALSE(world.collector().events().any_woken());
  world.beat("a");
  EXPECT_EQ(world.collector().events().take_woken(), std::vector<ObserverId>{observer});
}

}  // namespace
}  // namespace pap::core
