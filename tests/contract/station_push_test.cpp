// SPDX-License-Identifier: MIT
// What the Station receives. The stand-in judges each alert by the contract (alert_rules.hpp).
#include <set>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using Alerts = Station::Alerts;
using testing::HasSubstr;
using testing::MatchesRegex;

class StationPush : public ContractTest {
 protected:
  // Waits until this many were received, and gives them.
  Alerts received(std::size_t count) {
    EXPECT_TRUE(station().wait_for([&](const Alerts& all) { return all.size() >= count; },
                                   std::chrono::seconds(30)));
    return station().received();
  }
  // The names of the fields, in their order.
  static std::vector<std::string> fields(const std::string& text) {
    std::vector<std::string> out;
    const auto object = nlohmann::ordered_json::parse(text);
    for (const auto& [name, value] : object.items()) out.push_back(name);
    return out;
  }
};

TEST_F(StationPush, EmergencyModeIsToldAtOnceAsRecorded) {
  start_with_station();
  beat(kAgent, heartbeat("IDLE", 3634, "my-agent"));
  beat(kAgent, heartbeat("EMERGENCY", 3635, "my-agent"));
  const auto alert = received(1).at(0);
  EXPECT_EQ(alert.status, 200) << alert.refused;
  EXPECT_EQ(without_times(alert.body), without_times(std::string(recorded::kPushEmergencyMode)));
}

TEST_F(StationPush, ARestartIsToldAtOnceAsRecorded) {
  start_with_station();
  beat(kAgent, heartbeat("EMERGENCY", 3635, "my-agent"));
  beat(kAgent, heartbeat("EMERGENCY", 2.5, "my-agent"));
  const auto alert = received(1).at(0);
  EXPECT_EQ(alert.status, 200) << alert.refused;
  EXPECT_EQ(without_times(alert.body), without_times(std::string(recorded::kPushRestartDetected)));
}

TEST_F(StationPush, ADeathIsToldOnceAsRecorded) {
  start_with_station({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  beat(kAgent, heartbeat("EMERGENCY", 2.5, "my-agent"));
  const std::string seen = get("/agents/" + std::string(kAgent)).json()["agent"]["last_seen"];
  const auto alert = received(1).at(0);
  EXPECT_EQ(alert.status, 200) << alert.refused;
  auto expected = nlohmann::json::parse(recorded::kPushAgentDeath);
  expected["details"]["missed_intervals"] = 2;  // told when two are over, not at a later look
  expected["details"]["last_seen"] = seen;
  expected["timestamp"] = alert.alert["timestamp"];
  EXPECT_EQ(alert.alert, expected);
  EXPECT_EQ(fields(alert.body), fields(std::string(recorded::kPushAgentDeath)));
  // The moment when it stopped being healthy: ten seconds after it was seen.
  EXPECT_NE(alert.alert["timestamp"], seen);
  EXPECT_EQ(alert.alert["timestamp"].get<std::string>().substr(19), seen.substr(19))
      << "the same milliseconds";

  EXPECT_EQ(get("/health").json()["agents"]["unhealthy"], 1);
  beat(kAgent, heartbeat("EMERGENCY", 15, "my-agent"));
  EXPECT_EQ(station().received().size(), 1U) << "its return is no alert";
}

TEST_F(StationPush, ADeathThatIsOverWhenItIsPostedSaysSo) {
  start_with_station({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  station().always(StationAct::answer(500));
  beat(kAgent, heartbeat("EMERGENCY", 2.5));
  received(1);
  beat(kAgent, heartbeat("EMERGENCY", 15));
  station().always(StationAct::judge());
  ASSERT_TRUE(station().wait_for([](const Alerts& all) { return all.back().status == 200; }));
  const auto all = station().received();
  EXPECT_FALSE(all.front().alert["details"].contains("recovered_at"));
  EXPECT_TRUE(all.back().alert["details"].contains("recovered_at"));
  EXPECT_EQ(all.front().headers.at("idempotency-key"), all.back().headers.at("idempotency-key"));
  EXPECT_EQ(all.front().alert["timestamp"], all.back().alert["timestamp"]);
}

TEST_F(StationPush, AnAgentFirstSeenInEmergencyIsToldWhenItIsYoungerThanTheCollector) {
  start_with_station();
  beat(agent_id(1), heartbeat("EMERGENCY", 3600));  // older: known from before, perhaps
  beat(agent_id(2), heartbeat("EMERGENCY", 0));
  const auto all = received(1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].alert["agent_uuid"], agent_id(2));
  EXPECT_TRUE(all[0].alert["details"]["previous_mode"].is_null());
  EXPECT_EQ(all[0].status, 200) << all[0].refused;
}

TEST_F(StationPush, IsAPostWithKeyContentTypeAndIdempotencyKey) {
  start_with_station({{"STATION_ALERT_KEY", "test-key\n"}});
  beat(kAgent, heartbeat("IDLE", 1));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  const auto alert = received(1).at(0);
  EXPECT_EQ(alert.method, "POST");
  EXPECT_EQ(alert.target, "/alerts");
  EXPECT_EQ(alert.headers.at("authorization"), "Bearer test-key") << "its newline is cut";
  EXPECT_EQ(alert.headers.at("content-type"), "application/json");
  EXPECT_EQ(alert.headers.at("host"), "127.0.0.1:" + std::to_string(station().port()));
  EXPECT_EQ(alert.headers.at("content-length"), std::to_string(alert.body.size()));
  EXPECT_THAT(alert.headers.at("idempotency-key"), MatchesRegex("[0-9a-f]+-[0-9]+"));
}

TEST_F(StationPush, KeysAreStableOverRetriesAndDifferBetweenAlerts) {
  start_with_station();
  station().once(StationAct::answer(500));
  beat(agent_id(1), heartbeat("IDLE", 1));
  beat(agent_id(1), heartbeat("EMERGENCY", 2));
  const auto twice = received(2);
  EXPECT_EQ(twice[0].headers.at("idempotency-key"), twice[1].headers.at("idempotency-key"));
  EXPECT_EQ(twice[0].body, twice[1].body);
  beat(agent_id(2), heartbeat("IDLE", 1));
  beat(agent_id(2), heartbeat("EMERGENCY", 2));
  EXPECT_NE(received(3)[2].headers.at("idempotency-key"), twice[0].headers.at("idempotency-key"));
}

TEST_F(StationPush, KeysDifferBetweenStarts) {
  std::set<std::string> keys;
  for (std::size_t i = 1; i <= 2; ++i) {
    start_with_station();
    beat(kAgent, heartbeat("IDLE", 1));
    beat(kAgent, heartbeat("EMERGENCY", 2));
    keys.insert(received(1).at(0).headers.at("idempotency-key"));
  }
  EXPECT_EQ(keys.size(), 2U);
}

TEST_F(StationPush, TheSameAgainWithinAMinuteIsHeldBack) {
  start_with_station();
  double uptime = 100;
  for (int i = 0; i < 3; ++i) {
    beat(kAgent, heartbeat("IDLE", uptime++));
    beat(kAgent, heartbeat("EMERGENCY", uptime++));
  }
  received(1);
  EXPECT_TRUE(eventually([&] { return metric("alerts_held") == 1; }));
  EXPECT_EQ(station().received().size(), 1U);
}

TEST_F(StationPush, AWrongKeyIsOneLoudLineNotOneAnAlert) {
  start_with_station({{"STATION_ALERT_KEY", "wrong-key"}});
  for (std::size_t i = 1; i <= 4; ++i) {
    beat(agent_id(i), heartbeat("IDLE", 1));
    beat(agent_id(i), heartbeat("EMERGENCY", 2));
  }
  received(4);
  ASSERT_TRUE(collectord().wait_for_log("station_address_or_key_wrong"));
  ASSERT_TRUE(eventually([&] {
    return metric(R"(alerts_total{type="EMERGENCY_MODE",event="attempt_failed"})") >= 4;
  }));
  const std::string log = collectord().log();
  const std::size_t first = log.find("station_address_or_key_wrong");
  EXPECT_EQ(log.find("station_address_or_key_wrong", first + 1), std::string::npos) << log;
  EXPECT_THAT(log, HasSubstr("401"));
  EXPECT_THAT(log, HasSubstr(" error station_address_or_key_wrong")) << "loud, and named";
}

TEST_F(StationPush, ARefusedAlertIsNotSentAgainAndInTheWayOfNoOther) {
  start_with_station();
  station().refuse(agent_id(1));
  for (std::size_t i = 1; i <= 3; ++i) {
    beat(agent_id(i), heartbeat("IDLE", 1));
    beat(agent_id(i), heartbeat("EMERGENCY", 2));
  }
  received(3);
  ASSERT_TRUE(eventually(
      [&] { return metric(R"(alerts_total{type="EMERGENCY_MODE",event="refused"})") == 1; }));
  EXPECT_EQ(metric("alerts_waiting"), 0);
  EXPECT_EQ(station().stored().size(), 2U);
}

TEST_F(StationPush, AnIdThatIsNoUuidIsRefusedByTheStationAndCounted) {
  start_with_station();
  beat("test-agent-123", heartbeat("IDLE", 1));
  beat("test-agent-123", heartbeat("EMERGENCY", 2));
  EXPECT_EQ(received(1).at(0).status, 400);
  ASSERT_TRUE(collectord().wait_for_log("alert_refused"));
}

TEST_F(StationPush, TheLargestAlertStaysUnder10000Bytes) {
  // Quotes and control characters double or sextuple in JSON.
  start_with_station({{"CLUSTER_ID", std::string(256, '"')}});
  station().accept_any_id();
  std::string id;
  for (int i = 0; i < 128; ++i) id += "%22";
  const std::string name(256, '\x01');
  beat(id, heartbeat("IDLE", 123456789.123456, name));
  beat(id, heartbeat("EMERGENCY", 123456790.123456, name));
  const auto alert = received(1).at(0);
  EXPECT_EQ(alert.status, 200) << alert.refused;
  EXPECT_LT(alert.body.size(), 10'000U);
  EXPECT_EQ(alert.alert["agent_name"], name);
}

TEST_F(StationPush, WithoutAKeyAlertsAreLoggedOnly) {
  start_with_station({{"STATION_ALERT_KEY", std::nullopt}});
  beat(kAgent, heartbeat("IDLE", 1));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  ASSERT_TRUE(collectord().wait_for_log("EMERGENCY_MODE"));
  EXPECT_EQ(station().connections_accepted(), 0U);
  EXPECT_THAT(collectord().log(), HasSubstr("STATION_ALERT_KEY")) << "and the log says why";
}

TEST_F(StationPush, AnotherHostIsNotGivenTheKey) {
  Station elsewhere;
  start_with_station();
  station().always(StationAct::answer(307, {{"Location", elsewhere.url("localhost")}}));
  beat(kAgent, heartbeat("IDLE", 1));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  ASSERT_TRUE(collectord().wait_for_log("station_address_or_key_wrong"));
  EXPECT_EQ(elsewhere.connections_accepted(), 0U);
}

// ---- The traffic that it saves ----

TEST_F(StationPush, AnIdleFleetIsNoTrafficAndADeathIsOneRequest) {
  constexpr std::size_t kFleet = 300;
  start_with_station({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  RawClient agents = connect();
  const auto beat_all = [&](double uptime) {
    std::string requests;
    for (std::size_t i = 0; i < kFleet; ++i) {
      requests += http_request("POST", "/heartbeat/" + agent_id(i), {}, heartbeat("IDLE", uptime));
    }
    agents.send(requests);
    for (std::size_t i = 0; i < kFleet; ++i) ASSERT_EQ(agents.receive().status, 200);
  };
  beat_all(100);
  beat(agent_id(kFleet), heartbeat("EMERGENCY", 100));  // this one will die
  beat_all(130);
  EXPECT_EQ(station().connections_accepted(), 0U) << "602 heartbeats, and nothing to tell";

  received(1);
  beat_all(160);
  const HttpAnswer page = get("/agents?limit=50");  // a page opened
  EXPECT_EQ(page.json()["stats"]["unhealthy"], 1);
  const auto all = station().received();
  ASSERT_EQ(all.size(), 1U) << "a death is one request";
  EXPECT_EQ(all[0].alert["agent_uuid"], agent_id(kFleet));
  EXPECT_EQ(station().connections_accepted(), 1U);
}

}  // namespace
}  // namespace pap::test
