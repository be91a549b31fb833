// SPDX-License-Identifier: MIT
// GET /agents, GET /agents/:agentId, and the agent object in them. A list has one for each agent
// of the fleet, so this is the code that decides how fast a fleet is told.
#include "pap/protocol/answers.hpp"
#include "protocol/json_fields.hpp"

namespace pap::protocol {
namespace {

// What both forms begin with, up to and with last_seen.
void append_common(std::string& out, const AgentView& agent) {
  out += R"({"agent_uuid":)";
  append_json_string(out, agent.agent_uuid);
  out += R"(,"agent_name":)";
  append_json_string(out, agent.agent_name);
  out += R"(,"mode":)";
  append_json_mode(out, agent.mode);
  out += R"(,"uptime_seconds":)";
  append_json_number(out, agent.uptime_seconds);
  out += R"(,"last_seen":)";
  append_json_time(out, agent.last_seen);
}

void append_consecutive_heartbeats(std::string& out, const AgentView& agent) {
  out += R"(,"consecutive_heartbeats":)";
  append_json_integer(out, agent.consecutive_heartbeats);
  out += '}';
}

}  // namespace

void append_agent(std::string& out, const AgentView& agent) {
  append_common(out, agent);
  out += R"(,"healthy":)";
  append_json_bool(out, agent.healthy);
  out += R"(,"observation_mode":)";
  append_json_bool(out, agent.observation_mode);
  append_consecutive_heartbeats(out, agent);
}

void append_heartbeat_agent(std::string& out, const AgentView& agent) {
  append_common(out, agent);
  append_consecutive_heartbeats(out, agent);
}

void append_agents_opening(std::string& out, const Cluster& cluster, const FleetStats& stats) {
  out += '{';
  append_cluster(out, cluster);
  out += R"(,"stats":{"total":)";
  append_json_count(out, stats.total);
  out += R"(,"healthy":)";
  append_json_count(out, stats.healthy);
  out += R"(,"unhealthy":)";
  append_json_count(out, stats.unhealthy);
  out += R"(,"by_mode":{)";
  for (const Mode mode : kModes) {
    if (mode != kModes.front()) out += ',';
    append_json_mode(out, mode);
    out += ':';
    append_json_count(out, stats.by_mode[index_of(mode)]);
  }
  out += R"(},"observed":)";
  append_json_count(out, stats.observed);
  out += R"(},"agents":[)";
}

void append_agents_closing(std::string& out, std::string_view next_cursor) {
  out += ']';
  if (!next_cursor.empty()) {
    out += R"(,"next_cursor":)";
    append_json_string(out, next_cursor);
  }
  out += '}';
}

void append_agent_answer(std::string& out, const Cluster& cluster, const AgentView& agent) {
  out += '{';
  append_cluster(out, cluster);
  out += R"(,"agent":)";
  append_agent(out, agent);
  out += '}';
}

}  // namespace pap::protocol
