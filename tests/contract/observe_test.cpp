// SPDX-License-Identifier: MIT
// WebSocket observation of one agent.
#include "contract/contract_test.hpp"
#include "support/observer.hpp"

namespace pap::test {
namespace {

using testing::MatchesRegex;

class Observe : public ContractTest {
 protected:
  Observer observe(const std::string& target, Observer::Headers headers = {}) {
    return {collectord().port(), target, {std::move(headers), 0}};
  }
  Observer observe_agent() { return observe("/observe/" + std::string(kAgent)); }
};

constexpr const char* kTime = "20[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z";

TEST_F(Observe, AnAgentNeverSeenIsUnknownAtOnce) {
  start();
  Observer observer = observe_agent();
  EXPECT_EQ(observer.receive(),
            nlohmann::json::parse(R"({"type":"initial","cluster_id":"is.plugged.in","agent":)"
                                  R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
                                  R"("status":"unknown"}})"));
}

TEST_F(Observe, AKnownAgentIsShownAtOnceAsInTheList) {
  start();
  beat();
  Observer observer = observe_agent();
  const auto initial = observer.receive();
  EXPECT_EQ(initial["type"], "initial");
  EXPECT_EQ(initial["cluster_id"], "is.plugged.in");
  EXPECT_EQ(initial["agent"], get("/agents").json()["agents"][0]);
  EXPECT_TRUE(initial["agent"]["observation_mode"].get<bool>());
}

TEST_F(Observe, EachHeartbeatIsStreamed) {
  start();
  Observer observer = observe_agent();
  observer.receive("initial");
  beat();
  beat(kAgent, heartbeat("EMERGENCY", 3601.5));
  auto message = observer.receive("heartbeat");
  EXPECT_EQ(message["cluster_id"], "is.plugged.in");
  EXPECT_THAT(message["timestamp"].get<std::string>(), MatchesRegex(kTime));
  auto agent = message["agent"];
  EXPECT_THAT(agent["last_seen"].get<std::string>(), MatchesRegex(kTime));
  agent.erase("last_seen");
  EXPECT_EQ(agent, nlohmann::json::parse(
                       R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
                       R"("agent_name":"my-agent","mode":"IDLE","uptime_seconds":3600.123,)"
                       R"("consecutive_heartbeats":1})"));
  message = observer.receive("heartbeat");
  EXPECT_EQ(message["agent"]["mode"], "EMERGENCY");
  EXPECT_EQ(message["agent"]["consecutive_heartbeats"], 2);
}

TEST_F(Observe, OtherAgentsAreNotStreamed) {
  start();
  Observer observer = observe_agent();
  observer.receive("initial");
  beat("another");
  beat();
  EXPECT_EQ(observer.receive()["agent"]["agent_uuid"], kAgent);
}

TEST_F(Observe, AnOvertakenHeartbeatIsStreamedWithTheKeptValues) {
  start();
  beat(kAgent, heartbeat("IDLE", 10, "kept"));
  Observer observer = observe_agent();
  beat(kAgent, heartbeat("SLEEP", 9.5, "stale"));
  const auto agent = observer.receive("heartbeat")["agent"];
  EXPECT_EQ(agent["mode"], "IDLE");
  EXPECT_EQ(agent["agent_name"], "kept");
  EXPECT_EQ(agent["uptime_seconds"], 10);
}

TEST_F(Observe, AlertsAreStreamed) {
  start();
  beat(kAgent, heartbeat("IDLE", 3600));
  Observer observer = observe_agent();
  beat(kAgent, heartbeat("EMERGENCY", 3601));
  const auto message = observer.receive("alert");
  EXPECT_EQ(message["cluster_id"], "is.plugged.in");
  auto alert = get("/alerts").json()["alerts"][0];
  alert.erase("delivery");
  EXPECT_EQ(message["alert"], alert);
  beat(kAgent, heartbeat("EMERGENCY", 1));
  EXPECT_EQ(observer.receive("alert")["alert"]["type"], "RESTART_DETECTED");
}

TEST_F(Observe, DeathAndRecoveryAreStreamed) {
  start({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  beat(kAgent, heartbeat("EMERGENCY", 100));
  Observer observer = observe_agent();
  EXPECT_EQ(observer.receive("alert")["alert"]["type"], "AGENT_DEATH");
  beat(kAgent, heartbeat("EMERGENCY", 112));
  const auto recovered = observer.receive("recovered");
  EXPECT_EQ(recovered["agent"], get("/agents").json()["agents"][0]);
  EXPECT_EQ(observer.receive()["type"], "heartbeat") << "the beat that it came back with";
}

TEST_F(Observe, RemovalIsStreamedAndTheObserverStays) {
  start();
  beat();
  Observer observer = observe_agent();
  ask("DELETE", "/agents/" + std::string(kAgent));
  auto removed = observer.receive("removed");
  EXPECT_EQ(removed["agent_uuid"], kAgent);
  EXPECT_EQ(removed["cluster_id"], "is.plugged.in");
  EXPECT_THAT(removed["timestamp"].get<std::string>(), MatchesRegex(kTime));
  beat();
  EXPECT_EQ(observer.receive()["agent"]["consecutive_heartbeats"], 1) << "it is new, and streamed";
}

TEST_F(Observe, APingIsAnsweredWithAPong) {
  start();
  Observer observer = observe_agent();
  observer.receive("initial");
  observer.send(R"({"type":"ping"})");
  const auto pong = observer.receive();
  EXPECT_EQ(pong["type"], "pong");
  EXPECT_THAT(pong["timestamp"].get<std::string>(), MatchesRegex(kTime));
  EXPECT_EQ(pong.size(), 2U);
}

TEST_F(Observe, AnythingElseFromAClientIsIgnored) {
  start();
  Observer observer = observe_agent();
  observer.receive("initial");
  for (const auto* text :
       {"", "ping", "{}", "[]", "null", R"({"type":"subscribe"})", R"({"type":{"ping":1}})",
        R"({"type":"PING"})", "\xC3\xA4", R"({"type":"ping")", "[[[[[[[[[[[["}) {
    observer.send(text);
  }
  observer.send_binary(R"({"type":"ping"})");
  observer.send_binary(std::string("\xFF\x00", 2));
  observer.send(R"({"type":"ping"})");
  EXPECT_EQ(observer.receive()["type"], "pong") << "of the last one";
  beat();
  EXPECT_EQ(observer.receive()["type"], "heartbeat") << "and of no other";
}

TEST_F(Observe, WithoutAnAgentIdEndsWithAMessageAnd4000) {
  start();
  for (const auto* target : {"/observe", "/observe/", "/observe?x=1"}) {
    Observer observer = observe(target);
    const auto message = observer.receive();
    EXPECT_EQ(message["error"], "Agent ID required") << target;
    EXPECT_TRUE(message["usage"].is_string()) << target;
    EXPECT_EQ(observer.wait_for_close(), 4000) << target;
  }
  EXPECT_EQ(metric("observations_active"), 0);
}

TEST_F(Observe, AgentIdsArePercentDecodedAndChecked) {
  start();
  EXPECT_EQ(observe("/observe/team%2Fa%20b").receive()["agent"]["agent_uuid"], "team/a b");
  for (const auto* target : {"/observe/%01", "/observe/%zz"}) {
    Observer observer = observe(target);
    ASSERT_TRUE(observer.refused()) << target;
    EXPECT_EQ(observer.refused()->status, 400) << target;
  }
}

TEST_F(Observe, IsSeenInTheListAndInTheMetrics) {
  start();
  beat();
  EXPECT_EQ(get("/agents").json()["stats"]["observed"], 0);
  Observer one = observe_agent();
  one.receive("initial");
  Observer two = observe_agent();
  two.receive("initial");
  EXPECT_EQ(get("/agents").json()["stats"]["observed"], 1) << "agents, not observers";
  EXPECT_EQ(metric("observations_active"), 2);
  EXPECT_EQ(metric("observers_accepted_total"), 2);
  EXPECT_EQ(metric("observer_messages_total"), 2);
  one.close();
  two.close();
  EXPECT_TRUE(eventually([&] { return metric("observations_active") == 0; }));
  EXPECT_EQ(get("/agents").json()["stats"]["observed"], 0);
  EXPECT_FALSE(get("/agents").json()["agents"][0]["observation_mode"].get<bool>());
  EXPECT_EQ(metric("observers_lost_total"), 0) << "they said goodbye";
}

TEST_F(Observe, AnObserverThatBreaksOffIsCounted) {
  start();
  {
    Observer observer = observe_agent();
    observer.receive("initial");
  }
  EXPECT_TRUE(eventually([&] { return metric("observers_lost_total") == 1; }));
  EXPECT_EQ(metric("observations_active"), 0);
}

TEST_F(Observe, NeedsTheKeyBeforeTheUpgrade) {
  start({{"COLLECTOR_API_KEY", "open sesame"}});
  const std::string target = "/observe/" + std::string(kAgent);
  Observer refused = observe(target);
  ASSERT_TRUE(refused.refused());
  EXPECT_EQ(refused.refused()->status, 401);
  EXPECT_EQ(refused.refused()->body, recorded::kAgentsNoKey);
  EXPECT_EQ(observe(target, {{"X-Collector-Key", "open sesame"}}).receive()["type"], "initial");
  EXPECT_EQ(observe(target, {{"Authorization", "Bearer open sesame"}}).receive()["type"],
            "initial");
  EXPECT_EQ(observe(target + "?api_key=open%20sesame").receive()["type"], "initial");
}

TEST_F(Observe, WithoutUpgradeIsAnswered426) {
  start();
  const HttpAnswer answer = get("/observe/a");
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.header("upgrade"), "websocket");
  EXPECT_TRUE(answer.json()["error"].is_string());
}

TEST_F(Observe, AnUpgradeThatIsNoneIsRefusedInJson) {
  start();
  const std::string good = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  for (const auto& [lines, status] :
       {std::pair{std::string("Connection: Upgrade\r\nUpgrade: h2c\r\n"), 426},
        {"Connection: Upgrade\r\n", 426},
        {good + "Sec-WebSocket-Version: 13\r\n", 400},
        {good + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 426},
        {good + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", 400},
        {good + "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
         426}}) {
    const HttpAnswer answer = get("/observe/a", lines);
    EXPECT_EQ(answer.status, status) << lines;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8") << lines;
    EXPECT_TRUE(nlohmann::json::accept(answer.body)) << lines << answer.body;
  }
  EXPECT_EQ(metric("observers_accepted_total"), 0);
}

}  // namespace
}  // namespace pap::test
