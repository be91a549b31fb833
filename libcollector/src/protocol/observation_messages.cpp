// SPDX-License-Identifier: MIT
// The messages to observers, each a WebSocket text frame.
#include "pap/protocol/answers.hpp"
#include "protocol/json_fields.hpp"

namespace pap::protocol {
namespace {

void open_message(std::string& out, std::string_view type, std::string_view cluster_id) {
  out += R"({"type":")";
  out += type;
  out += R"(","cluster_id":)";
  append_json_string(out, cluster_id);
}

void close_with_timestamp(std::string& out, WallTime timestamp) {
  out += R"(,"timestamp":)";
  append_json_time(out, timestamp);
  out += '}';
}

}  // namespace

void append_initial(std::string& out, std::string_view cluster_id, const AgentView& agent) {
  open_message(out, "initial", cluster_id);
  out += R"(,"agent":)";
  append_agent(out, agent);
  out += '}';
}

void append_initial_unknown(std::string& out, std::string_view cluster_id,
                            std::string_view agent_uuid) {
  open_message(out, "initial", cluster_id);
  out += R"(,"agent":{"agent_uuid":)";
  append_json_string(out, agent_uuid);
  out += R"(,"status":"unknown"}})";
}

void append_heartbeat_message(std::string& out, std::string_view cluster_id, const AgentView& agent,
                              WallTime timestamp) {
  open_message(out, "heartbeat", cluster_id);
  out += R"(,"agent":)";
  append_heartbeat_agent(out, agent);
  close_with_timestamp(out, timestamp);
}

void append_alert_message(std::string& out, std::string_view cluster_id,
                          std::string_view alert_json) {
  open_message(out, "alert", cluster_id);
  out += R"(,"alert":)";
  out += alert_json;
  out += '}';
}

void append_recovered(std::string& out, std::string_view cluster_id, const AgentView& agent,
                      WallTime timestamp) {
  open_message(out, "recovered", cluster_id);
  out += R"(,"agent":)";
  append_agent(out, agent);
  close_with_timestamp(out, timestamp);
}

void append_removed_message(std::string& out, std::string_view cluster_id,
                            std::string_view agent_uuid, WallTime timestamp) {
  open_message(out, "removed", cluster_id);
  out += R"(,"agent_uuid":)";
  append_json_string(out, agent_uuid);
  close_with_timestamp(out, timestamp);
}

void append_dropped(std::string& out, std::uint64_t count) {
  out += R"({"type":"dropped","count":)";
  append_json_count(out, count);
  out += '}';
}

void append_pong(std::string& out, WallTime timestamp) {
  out += R"({"type":"pong")";
  close_with_timestamp(out, timestamp);
}

void append_agent_id_required(std::string& out) {
  out += R"({"error":"Agent ID required","usage":"ws://host:port/observe/:agentId"})";
}

}  // namespace pap::protocol
