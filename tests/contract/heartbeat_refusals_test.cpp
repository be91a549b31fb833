// SPDX-License-Identifier: MIT
// Heartbeats that are refused: 400 with the recorded fields first, and a message of our own.
#include <vector>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

class HeartbeatRefusals : public ContractTest {
 protected:
  // `recorded`, as an object that goes on with a message; the message.
  std::string refused(std::string_view body, std::string_view recorded) {
    const HttpAnswer answer = beat(kAgent, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
    const std::string opening =
        std::string(recorded.substr(0, recorded.size() - 1)) + R"(,"message":")";
    EXPECT_EQ(answer.body.substr(0, opening.size()), opening) << body;
    const auto json = answer.json();
    return json.contains("message") ? json["message"].get<std::string>() : "";
  }
  std::string bad_payload(std::string_view body) {
    return refused(body, recorded::kHeartbeatMissingField);
  }
  std::string bad_mode(std::string_view body) { return refused(body, recorded::kHeartbeatBadMode); }
};

TEST_F(HeartbeatRefusals, MissingFieldsAreNamed) {
  start();
  EXPECT_EQ(bad_payload(R"({"uptime_seconds":1})"), "mode is missing");
  EXPECT_EQ(bad_payload(R"({"mode":"IDLE"})"), "uptime_seconds is missing");
  EXPECT_EQ(bad_payload("{}"), "mode is missing; uptime_seconds is missing");
}

TEST_F(HeartbeatRefusals, WronglyTypedFieldsAreNamed) {
  start();
  EXPECT_THAT(bad_payload(R"({"mode":1,"uptime_seconds":1})"), HasSubstr("mode must be a string"));
  EXPECT_THAT(bad_payload(R"({"mode":null,"uptime_seconds":1})"), HasSubstr("mode must be"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":"1"})"),
              HasSubstr("uptime_seconds must be a number"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":null})"),
              HasSubstr("uptime_seconds must be"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":true})"),
              HasSubstr("uptime_seconds must be"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":1,"agent_name":7})"),
              HasSubstr("agent_name must be"));
}

TEST_F(HeartbeatRefusals, AnUptimeIsFiniteAndNotNegative) {
  start();
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":-1})"), HasSubstr("negative"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":1e999})"),
              HasSubstr("uptime_seconds"));
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","uptime_seconds":NaN})"), HasSubstr("invalid JSON"));
  EXPECT_EQ(beat(kAgent, R"({"mode":"IDLE","uptime_seconds":0})").status, 200);
  EXPECT_EQ(beat(kAgent, R"({"mode":"IDLE","uptime_seconds":0.001})").status, 200);
}

TEST_F(HeartbeatRefusals, AnUnknownModeIsAnsweredAsRecorded) {
  start();
  EXPECT_THAT(bad_mode(R"({"mode":"AWAKE","uptime_seconds":1})"), HasSubstr("AWAKE"));
  EXPECT_THAT(bad_mode(R"({"mode":"idle","uptime_seconds":1})"), HasSubstr("idle"));
  bad_mode(R"({"mode":"","uptime_seconds":1})");
}

TEST_F(HeartbeatRefusals, ResourceDataIsRefusedByName) {
  start();
  for (const std::string field :
       {"cpu_percent", "memory_mb", "requests_handled", "custom_metrics"}) {
    const std::string body = R"({"mode":"IDLE","uptime_seconds":1,")" + field + R"(":null})";
    EXPECT_THAT(bad_payload(body), HasSubstr(field));
  }
  EXPECT_EQ(beat(kAgent, R"({"mode":"IDLE","uptime_seconds":1,"x":{"cpu_percent":1}})").status, 200)
      << "deeper down it is no field of the heartbeat";
}

TEST_F(HeartbeatRefusals, WhatIsNoJsonObjectIsRefused) {
  start();
  EXPECT_EQ(bad_payload(""), "the body is empty");
  for (const auto* body :
       {"[]", "1", "null", "\"IDLE\"", "{", "mode=IDLE&uptime_seconds=1", "\x01",
        R"({"mode":"IDLE","uptime_seconds":1} x)", R"({"mode":"IDLE","uptime_seconds":1,})",
        R"({'mode':'IDLE','uptime_seconds':1})"}) {
    EXPECT_NE(bad_payload(body), "") << body;
  }
}

TEST_F(HeartbeatRefusals, DuplicateKeysInvalidUtf8AndDepthAreRefused) {
  start();
  EXPECT_THAT(bad_payload(R"({"mode":"IDLE","mode":"SLEEP","uptime_seconds":1})"),
              HasSubstr("\"mode\" comes twice"));
  EXPECT_THAT(bad_payload("{\"mode\":\"IDLE\",\"uptime_seconds\":1,\"agent_name\":\"\xFF\"}"),
              HasSubstr("invalid UTF-8"));
  const std::string deep = R"({"mode":"IDLE","uptime_seconds":1,"x":)" + std::string(32, '[') +
                           std::string(32, ']') + "}";
  EXPECT_THAT(bad_payload(deep), HasSubstr("deeper than 32"));
}

TEST_F(HeartbeatRefusals, LeaveNoAgentBehind) {
  start();
  bad_payload("{}");
  bad_mode(R"({"mode":"AWAKE","uptime_seconds":1})");
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 0);
}

TEST_F(HeartbeatRefusals, ChangeNothingOfAKnownAgent) {
  start();
  beat();
  bad_payload(R"({"mode":"SLEEP","uptime_seconds":-1,"agent_name":"other"})");
  const auto agent = get("/agents/" + std::string(kAgent)).json()["agent"];
  EXPECT_EQ(agent["mode"], "IDLE");
  EXPECT_EQ(agent["agent_name"], "my-agent");
  EXPECT_EQ(agent["consecutive_heartbeats"], 1);
}

TEST_F(HeartbeatRefusals, LeaveTheConnectionOpen) {
  start();
  RawClient client = connect();
  client.send(http_request("POST", "/heartbeat/x", {}, "{}"));
  EXPECT_EQ(client.receive().status, 400);
  client.send(http_request("POST", "/heartbeat/x", {}, recorded::kHeartbeat));
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
}

}  // namespace
}  // namespace pap::test
