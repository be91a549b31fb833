// SPDX-License-Identifier: MIT
#include "pap/protocol/answers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "unit/protocol/recordings.hpp"

namespace pap::protocol {
namespace {

const Cluster kCluster{"is.plugged.in", "Production Cluster"};
constexpr std::string_view kAgent = "550e8400-e29b-41d4-a716-446655440001";

// What `append` appends, given an empty buffer; and that it appends, given one that is not.
template <class Append, class... Arguments>
std::string written(Append append, const Arguments&... arguments) {
  std::string out;
  append(out, arguments...);
  std::string longer = "before";
  append(longer, arguments...);
  EXPECT_EQ(longer, "before" + out);
  return out;
}

TEST(HeartbeatAnswer, IsAsRecorded) {
  EXPECT_EQ(heartbeat_answer(true, false, Mode::kIdle), recorded::kHeartbeatNew);
  EXPECT_EQ(heartbeat_answer(false, false, Mode::kIdle), recorded::kHeartbeatKnown);
  EXPECT_EQ(heartbeat_answer(false, false, Mode::kEmergency), recorded::kHeartbeatEmergency);
  EXPECT_EQ(heartbeat_answer(false, true, Mode::kEmergency), recorded::kHeartbeatRestart);
  EXPECT_EQ(heartbeat_answer(true, false, Mode::kSleep), recorded::kHeartbeatSleepNoName);
}

TEST(HeartbeatAnswer, TellsTheIntervalOfEveryModeInEveryCase) {
  for (const Mode mode : kModes) {
    for (const bool is_new : {false, true}) {
      for (const bool restart_detected : {false, true}) {
        const auto json = nlohmann::json::parse(heartbeat_answer(is_new, restart_detected, mode));
        EXPECT_EQ(json["received"], true);
        EXPECT_EQ(json["is_new"], is_new);
        EXPECT_EQ(json["restart_detected"], restart_detected && !is_new);
        EXPECT_EQ(json["next_heartbeat_ms"], interval_of(mode).count());
        EXPECT_EQ(json.size(), 4u);
      }
    }
  }
}

TEST(ErrorAnswer, IsAsRecorded) {
  EXPECT_EQ(written(append_error, "Unauthorized",
                    "Valid API key required. Use X-Collector-Key or Authorization: Bearer header."),
            recorded::kAgentsNoKey);
  EXPECT_EQ(written(append_invalid_payload, ""), recorded::kHeartbeatMissingField);
  EXPECT_EQ(written(append_invalid_mode, ""), recorded::kHeartbeatBadMode);
  EXPECT_EQ(written(append_agent_not_found, "none-such", "is.plugged.in"),
            recorded::kAgentsUnknown);
}

TEST(ErrorAnswer, HasAMessageOnlyWhenThereIsOneAndAfterAllElse) {
  EXPECT_EQ(written(append_error, "Not found", ""), R"({"error":"Not found"})");
  EXPECT_EQ(written(append_error, "a \"b\"", "c \"d\""),
            R"({"error":"a \"b\"","message":"c \"d\""})");
  EXPECT_EQ(written(append_invalid_payload, "mode is missing"),
            R"({"error":"Invalid heartbeat payload","required":["mode","uptime_seconds"],)"
            R"("message":"mode is missing"})");
  EXPECT_EQ(written(append_invalid_mode, R"(mode is "x")"),
            R"({"error":"Invalid mode","valid":["EMERGENCY","IDLE","SLEEP"],)"
            R"("message":"mode is \"x\""})");
}

TEST(RemovedAnswer, IsAsRecorded) {
  EXPECT_EQ(written(append_removed, kAgent), recorded::kAgentsDelete);
}

TEST(HealthAnswer, IsAsRecorded) {
  FleetStats stats;
  stats.total = 2;
  stats.healthy = 2;
  EXPECT_EQ(written(append_health, kCluster, 1.638202274, stats, AlertQueueView{}),
            recorded::kHealth);
}

TEST(HealthAnswer, TellsTheAgeOfTheOldestAlertThatWaits) {
  FleetStats stats;
  stats.total = 42;
  stats.healthy = 41;
  stats.unhealthy = 1;
  EXPECT_EQ(written(append_health, kCluster, 12, stats, AlertQueueView{3, 61'234}),
            R"({"status":"healthy","cluster_id":"is.plugged.in",)"
            R"("cluster_name":"Production Cluster","uptime":12,)"
            R"("agents":{"total":42,"healthy":41,"unhealthy":1},)"
            R"("alert_queue":{"size":3,"oldest_age_ms":61234}})");
}

TEST(ReadyAnswer, IsTrueOrFalse) {
  EXPECT_EQ(ready_answer(true), recorded::kReady);
  EXPECT_EQ(ready_answer(false), R"({"ready":false})");
}

TEST(ServiceAnswer, BeginsAsRecordedAndNamesTheEndpointsThatAreNew) {
  const std::string text = written(append_service, kCluster, "1.0.0");
  // Without the two braces that close the recording's.
  const auto begin = recorded::kRoot.substr(0, recorded::kRoot.size() - 2);
  EXPECT_TRUE(text.starts_with(begin)) << text;
  const auto endpoints = nlohmann::json::parse(text)["endpoints"];
  EXPECT_EQ(endpoints.size(), 8u);
  for (const auto* name : {"ready", "agent", "alerts", "observe"}) {
    EXPECT_TRUE(endpoints.contains(name)) << name;
  }
}

TEST(AlertRow, IsTheAlertWithItsDeliveryBesideIt) {
  const auto push = recorded::kPushEmergencyMode;
  EXPECT_EQ(written(append_alert_row, push, DeliveryState::kQueued, 7u, "5f3a-1"),
            std::string(push.substr(0, push.size() - 1)) +
                R"(,"delivery":{"state":"queued","attempts":7,"idempotency_key":"5f3a-1"}})");
}

TEST(AlertRow, NamesEveryStateAsTheContractDoes) {
  EXPECT_EQ(to_string(DeliveryState::kQueued), "queued");
  EXPECT_EQ(to_string(DeliveryState::kDelivered), "delivered");
  EXPECT_EQ(to_string(DeliveryState::kRefused), "refused");
  EXPECT_EQ(to_string(DeliveryState::kDropped), "dropped");
}

TEST(Answers, EscapeTheNamesThatPeopleChose) {
  const Cluster cluster{"a\"b", "c\\d\n"};
  const auto json = nlohmann::json::parse(written(append_service, cluster, "1.0.0"));
  EXPECT_EQ(json["cluster_id"], cluster.id);
  EXPECT_EQ(json["cluster_name"], cluster.name);
  EXPECT_EQ(written(append_removed, "a\"b"), R"({"removed":true,"agent_uuid":"a\"b"})");
  EXPECT_EQ(written(append_agent_not_found, "a\"b", "c\"d"),
            R"({"error":"Agent not found","agent_uuid":"a\"b","cluster_id":"c\"d"})");
}

}  // namespace
}  // namespace pap::protocol
