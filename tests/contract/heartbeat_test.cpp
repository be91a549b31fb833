// SPDX-License-Identifier: MIT
// POST /heartbeat/:agentId as agents know it: status, content type and body as the Node collector
// sends them, letter for letter.
#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::string_view_literals;
using Heartbeat = ContractTest;

constexpr std::string_view kJson = "application/json; charset=utf-8";

TEST_F(Heartbeat, OfANewAgentIsAnsweredAsRecorded) {
  start();
  const HttpAnswer answer = beat();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), kJson);
  EXPECT_EQ(answer.body, recorded::kHeartbeatNew);
}

TEST_F(Heartbeat, OfAKnownAgentIsAnsweredAsRecorded) {
  start();
  beat();
  EXPECT_EQ(beat().body, recorded::kHeartbeatKnown);
  EXPECT_EQ(beat(kAgent, heartbeat("EMERGENCY", 3601)).body, recorded::kHeartbeatEmergency);
}

TEST_F(Heartbeat, AfterARestartIsAnsweredAsRecorded) {
  start();
  beat();
  EXPECT_EQ(beat(kAgent, heartbeat("EMERGENCY", 2.5)).body, recorded::kHeartbeatRestart);
  EXPECT_EQ(beat(kAgent, heartbeat("EMERGENCY", 2.6)).body, recorded::kHeartbeatEmergency)
      << "told once";
}

TEST_F(Heartbeat, OfAnAgentInSleepWithoutANameIsAnsweredAsRecorded) {
  start();
  EXPECT_EQ(beat(kAgent, heartbeat("SLEEP", 12)).body, recorded::kHeartbeatSleepNoName);
}

TEST_F(Heartbeat, IsAnsweredWithTheIntervalOfItsMode) {
  start();
  for (const auto& [mode, interval] :
       {std::pair{"EMERGENCY", 5'000}, {"IDLE", 30'000}, {"SLEEP", 900'000}}) {
    EXPECT_EQ(beat(kAgent, heartbeat(mode, 1)).json()["next_heartbeat_ms"], interval) << mode;
  }
}

TEST_F(Heartbeat, AsNodesFetchSendsItIsTakenLetterForLetter) {
  start();
  RawClient client = connect();
  client.send(
      "POST /heartbeat/550e8400-e29b-41d4-a716-446655440000 HTTP/1.1\r\n"
      "host: 127.0.0.1:18183\r\nconnection: keep-alive\r\nContent-Type: application/json\r\n"
      "accept: */*\r\naccept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\n"
      "accept-encoding: gzip, deflate\r\ncontent-length: 65\r\n\r\n"
      R"({"mode":"IDLE","uptime_seconds":3600.123,"agent_name":"my-agent"})");
  const HttpAnswer answer = client.receive();
  EXPECT_EQ(answer.body, recorded::kHeartbeatNew);
  EXPECT_EQ(answer.header("connection"), "close") << "it would be given up before the next one";
}

TEST_F(Heartbeat, TakesAnyContentTypeOrNone) {
  start();
  for (const auto line : {""sv, "Content-Type: application/json\r\n"sv,
                          "Content-Type: application/json; charset=utf-8\r\n"sv,
                          "Content-Type: text/plain;charset=UTF-8\r\n"sv,
                          "Content-Type: application/x-www-form-urlencoded\r\n"sv,
                          "Content-Type: nonsense\r\n"sv, "Content-Type:\r\n"sv}) {
    EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, line).status, 200) << line;
  }
}

TEST_F(Heartbeat, IgnoresATrailingSlash) {
  start();
  EXPECT_EQ(beat(std::string(kAgent) + "/").body, recorded::kHeartbeatNew);
  EXPECT_EQ(beat().body, recorded::kHeartbeatKnown) << "it is the same agent";
}

TEST_F(Heartbeat, IgnoresAQuery) {
  start();
  EXPECT_EQ(beat(std::string(kAgent) + "?x=1").body, recorded::kHeartbeatNew);
  EXPECT_EQ(beat().body, recorded::kHeartbeatKnown);
}

TEST_F(Heartbeat, IgnoresFieldsThatItDoesNotKnow) {
  start();
  EXPECT_EQ(beat(kAgent, R"({"mode":"IDLE","uptime_seconds":1,"more":{"deep":[1,null]}})").status,
            200);
}

TEST_F(Heartbeat, NamesANewAgentByItsIdAndAKnownOneAsBefore) {
  start();
  const auto name = [&] {
    return get("/agents/" + std::string(kAgent)).json()["agent"]["agent_name"];
  };
  beat(kAgent, heartbeat("IDLE", 1));
  EXPECT_EQ(name(), kAgent);
  beat(kAgent, heartbeat("IDLE", 2, "first"));
  EXPECT_EQ(name(), "first");
  for (const auto absent : {R"({"mode":"IDLE","uptime_seconds":3})"sv,
                            R"({"mode":"IDLE","uptime_seconds":3,"agent_name":null})"sv,
                            R"({"mode":"IDLE","uptime_seconds":3,"agent_name":""})"sv}) {
    EXPECT_EQ(beat(kAgent, absent).status, 200);
    EXPECT_EQ(name(), "first") << absent;
  }
  beat(kAgent, heartbeat("IDLE", 4, "second"));
  EXPECT_EQ(name(), "second");
}

TEST_F(Heartbeat, CutsANameOver256BytesAtACharacter) {
  start();
  beat(kAgent, heartbeat("IDLE", 1, std::string(255, 'n') + "\xC3\xA4"));
  EXPECT_EQ(get("/agents/" + std::string(kAgent)).json()["agent"]["agent_name"],
            std::string(255, 'n'));
}

TEST_F(Heartbeat, ThatWasOvertakenChangesNothingButTheCount) {
  start();
  beat(kAgent, heartbeat("EMERGENCY", 3600, "kept"));
  const HttpAnswer late = beat(kAgent, heartbeat("IDLE", 3599.5, "stale"));
  EXPECT_EQ(late.body, recorded::kHeartbeatEmergency) << "the kept mode's interval";
  const auto agent = get("/agents/" + std::string(kAgent)).json()["agent"];
  EXPECT_EQ(agent["mode"], "EMERGENCY");
  EXPECT_EQ(agent["agent_name"], "kept");
  EXPECT_EQ(agent["uptime_seconds"], 3600);
  EXPECT_EQ(agent["consecutive_heartbeats"], 2);
}

TEST_F(Heartbeat, WithContentEncodingIsAnswered415) {
  start();
  const HttpAnswer answer =
      beat(kAgent, recorded::kHeartbeat, "Content-Encoding: gzip\r\nContent-Type: text/plain\r\n");
  EXPECT_EQ(answer.status, 415);
  EXPECT_TRUE(answer.json()["error"].is_string());
  EXPECT_TRUE(answer.json()["message"].is_string());
  EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, "Content-Encoding: identity\r\n").status, 200);
}

TEST_F(Heartbeat, WhenTheTableIsFullIsAnswered503AndKnownAgentsAreServedOn) {
  start({{"MAX_AGENTS", "2"}});
  beat(agent_id(1));
  beat(agent_id(2));
  const HttpAnswer answer = beat(agent_id(3));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "5");
  EXPECT_THAT(answer.json()["message"], testing::HasSubstr("MAX_AGENTS"));
  EXPECT_EQ(beat(agent_id(1)).status, 200);
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 2);
}

}  // namespace
}  // namespace pap::test
