// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "pap/protocol/answers.hpp"
#include "unit/protocol/recordings.hpp"
#include "unit/protocol/wall_time_of.hpp"

namespace pap::protocol {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kClusterId = "is.plugged.in";
const WallTime kNow = wall_time_of(std::chrono::year{2026} / 11 / 24, 14h + 30min + 13s + 42ms);

AgentView some_agent() {
  return {.agent_uuid = "test-agent-123",
          .agent_name = "my-agent",
          .mode = Mode::kIdle,
          .uptime_seconds = 3600.123,
          .last_seen = kNow - 42ms,
          .healthy = true,
          .observation_mode = true,
          .consecutive_heartbeats = 120};
}

constexpr std::string_view kFullAgent =
    R"({"agent_uuid":"test-agent-123","agent_name":"my-agent","mode":"IDLE",)"
    R"("uptime_seconds":3600.123,"last_seen":"2026-11-24T14:30:13.000Z",)"
    R"("healthy":true,"observation_mode":true,"consecutive_heartbeats":120})";
constexpr std::string_view kHeartbeatAgent =
    R"({"agent_uuid":"test-agent-123","agent_name":"my-agent","mode":"IDLE",)"
    R"("uptime_seconds":3600.123,"last_seen":"2026-11-24T14:30:13.000Z",)"
    R"("consecutive_heartbeats":120})";

std::string joined(std::string_view before, std::string_view middle, std::string_view after) {
  return std::string(before).append(middle).append(after);
}

TEST(ObservationMessage, InitialHasTheAgentAsInTheList) {
  std::string out;
  append_initial(out, kClusterId, some_agent());
  EXPECT_EQ(out,
            joined(R"({"type":"initial","cluster_id":"is.plugged.in","agent":)", kFullAgent, "}"));
}

TEST(ObservationMessage, InitialOfAnAgentNeverSeenSaysSo) {
  std::string out;
  append_initial_unknown(out, kClusterId, "none\"such");
  EXPECT_EQ(out, R"({"type":"initial","cluster_id":"is.plugged.in",)"
                 R"("agent":{"agent_uuid":"none\"such","status":"unknown"}})");
}

TEST(ObservationMessage, HeartbeatHasTheAgentWithoutItsHealth) {
  std::string out;
  append_heartbeat_message(out, kClusterId, some_agent(), kNow);
  EXPECT_EQ(out, joined(R"({"type":"heartbeat","cluster_id":"is.plugged.in","agent":)",
                        kHeartbeatAgent, R"(,"timestamp":"2026-11-24T14:30:13.042Z"})"));
}

TEST(ObservationMessage, AlertHasTheAlertAsItIsPosted) {
  std::string out;
  append_alert_message(out, kClusterId, recorded::kPushAgentDeath);
  EXPECT_EQ(out, joined(R"({"type":"alert","cluster_id":"is.plugged.in","alert":)",
                        recorded::kPushAgentDeath, "}"));
}

TEST(ObservationMessage, RecoveredHasTheWholeAgent) {
  std::string out;
  append_recovered(out, kClusterId, some_agent(), kNow);
  EXPECT_EQ(out, joined(R"({"type":"recovered","cluster_id":"is.plugged.in","agent":)", kFullAgent,
                        R"(,"timestamp":"2026-11-24T14:30:13.042Z"})"));
}

TEST(ObservationMessage, RemovedNamesTheAgentThatIsGone) {
  std::string out;
  append_removed_message(out, kClusterId, "a\"b", kNow);
  EXPECT_EQ(out, R"({"type":"removed","cluster_id":"is.plugged.in","agent_uuid":"a\"b",)"
                 R"("timestamp":"2026-11-24T14:30:13.042Z"})");
}

TEST(ObservationMessage, DroppedTellsHowMany) {
  std::string out;
  append_dropped(out, 5'000'000'000);
  EXPECT_EQ(out, R"({"type":"dropped","count":5000000000})");
}

TEST(ObservationMessage, PongHasTheTime) {
  std::string out;
  append_pong(out, kNow);
  EXPECT_EQ(out, R"({"type":"pong","timestamp":"2026-11-24T14:30:13.042Z"})");
}

TEST(ObservationMessage, WithoutAnAgentIdTellsHowItIsDone) {
  std::string out;
  append_agent_id_required(out);
  EXPECT_EQ(out, R"({"error":"Agent ID required","usage":"ws://host:port/observe/:agentId"})");
}

TEST(ObservationMessage, IsAppendedToWhatIsThere) {
  std::string out = "[";
  append_pong(out, kNow);
  append_dropped(out, 1);
  EXPECT_EQ(out, R"([{"type":"pong","timestamp":"2026-11-24T14:30:13.042Z"})"
                 R"({"type":"dropped","count":1})");
}

}  // namespace
}  // namespace pap::protocol
