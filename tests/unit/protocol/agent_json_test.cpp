// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "pap/protocol/answers.hpp"
#include "unit/protocol/recordings.hpp"
#include "unit/protocol/wall_time_of.hpp"

namespace pap::protocol {
namespace {

using namespace std::chrono_literals;

const Cluster kProduction{"is.plugged.in", "Production Cluster"};
constexpr std::chrono::year_month_day kCreated = std::chrono::year{2026} / 11 / 24;

AgentView first_recorded_agent() {
  return {.agent_uuid = "550e8400-e29b-41d4-a716-446655440000",
          .agent_name = "my-agent",
          .mode = Mode::kEmergency,
          .uptime_seconds = 2.5,
          .last_seen = wall_time_of(kCreated, 22h + 51min + 27s + 549ms),
          .healthy = true,
          .observation_mode = false,
          .consecutive_heartbeats = 4};
}

AgentView second_recorded_agent() {
  return {.agent_uuid = "550e8400-e29b-41d4-a716-446655440001",
          .agent_name = "550e8400-e29b-41d4-a716-446655440001",
          .mode = Mode::kSleep,
          .uptime_seconds = 12,
          .last_seen = wall_time_of(kCreated, 22h + 51min + 27s + 589ms),
          .healthy = true,
          .observation_mode = false,
          .consecutive_heartbeats = 1};
}

FleetStats recorded_stats() {
  FleetStats stats;
  stats.total = 2;
  stats.healthy = 2;
  stats.by_mode = {1, 0, 1};
  return stats;
}

TEST(AgentList, IsAsRecordedWhenItsPartsAreJoined) {
  std::string out;
  append_agents_opening(out, kProduction, recorded_stats());
  append_agent(out, first_recorded_agent());
  out += ',';
  append_agent(out, second_recorded_agent());
  append_agents_closing(out, "");
  EXPECT_EQ(out, recorded::kAgents);
}

TEST(AgentList, OfNobodyIsEmpty) {
  std::string out;
  append_agents_opening(out, {"c", "n"}, {});
  append_agents_closing(out, "");
  EXPECT_EQ(out,
            R"({"cluster_id":"c","cluster_name":"n","stats":{"total":0,"healthy":0,"unhealthy":0,)"
            R"("by_mode":{"EMERGENCY":0,"IDLE":0,"SLEEP":0},"observed":0},"agents":[]})");
}

TEST(AgentList, TellsEachCountUnderItsOwnName) {
  FleetStats stats;
  stats.total = 42;
  stats.healthy = 41;
  stats.unhealthy = 1;
  stats.by_mode = {3, 38, 1};
  stats.observed = 2;
  std::string out;
  append_agents_opening(out, kProduction, stats);
  EXPECT_EQ(out, R"({"cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
                 R"("stats":{"total":42,"healthy":41,"unhealthy":1,)"
                 R"("by_mode":{"EMERGENCY":3,"IDLE":38,"SLEEP":1},"observed":2},"agents":[)");
}

TEST(AgentList, EndsWithACursorWhenThereIsMore) {
  std::string out;
  append_agents_closing(out, "b3\"");
  EXPECT_EQ(out, R"(],"next_cursor":"b3\""})");
}

TEST(AgentAnswer, IsAsRecorded) {
  std::string out;
  append_agent_answer(out, kProduction, first_recorded_agent());
  EXPECT_EQ(out, recorded::kAgentsOne);
}

TEST(AgentObject, TellsTrueAndFalseApart) {
  AgentView agent = first_recorded_agent();
  agent.healthy = false;
  agent.observation_mode = true;
  agent.consecutive_heartbeats = 4'294'967'295;
  std::string out;
  append_agent(out, agent);
  EXPECT_TRUE(out.ends_with(
      R"("healthy":false,"observation_mode":true,"consecutive_heartbeats":4294967295})"))
      << out;
}

TEST(AgentObject, OfAHeartbeatMessageHasNoHealthAndNoObservationMode) {
  std::string out;
  append_heartbeat_agent(out, first_recorded_agent());
  EXPECT_EQ(out, R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
                 R"("agent_name":"my-agent","mode":"EMERGENCY","uptime_seconds":2.5,)"
                 R"("last_seen":"2026-11-24T22:51:27.549Z","consecutive_heartbeats":4})");
}

TEST(AgentObject, EscapesIdAndName) {
  AgentView agent = first_recorded_agent();
  agent.agent_uuid = "a\"b";
  agent.agent_name = "c\\d";
  std::string out;
  append_agent(out, agent);
  EXPECT_TRUE(out.starts_with(R"({"agent_uuid":"a\"b","agent_name":"c\\d",)")) << out;
}

}  // namespace
}  // namespace pap::protocol
