// SPDX-License-Identifier: MIT
// The short answers to agents, operators and probes.
#include "pap/protocol/answers.hpp"

#include "protocol/json_fields.hpp"

namespace pap::protocol {
namespace {

using ByMode = std::array<std::string_view, kModeCount>;

constexpr ByMode kKnown{
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":5000})",
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000})",
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":900000})"};
constexpr ByMode kRestarted{
    R"({"received":true,"is_new":false,"restart_detected":true,"next_heartbeat_ms":5000})",
    R"({"received":true,"is_new":false,"restart_detected":true,"next_heartbeat_ms":30000})",
    R"({"received":true,"is_new":false,"restart_detected":true,"next_heartbeat_ms":900000})"};
constexpr ByMode kNew{
    R"({"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":5000})",
    R"({"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":30000})",
    R"({"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":900000})"};

// Ends an answer that was open, with the message as its last member if there is one.
void close_with_message(std::string& out, std::string_view message) {
  if (!message.empty()) {
    out += R"(,"message":)";
    append_json_string(out, message);
  }
  out += '}';
}

}  // namespace

std::string_view heartbeat_answer(bool is_new, bool restart_detected, Mode next) {
  // An agent that is new has no earlier life to have restarted from.
  const ByMode& answers = is_new ? kNew : restart_detected ? kRestarted : kKnown;
  return answers[index_of(next)];
}

void append_error(std::string& out, std::string_view error, std::string_view message) {
  out += R"({"error":)";
  append_json_string(out, error);
  close_with_message(out, message);
}

void append_invalid_payload(std::string& out, std::string_view message) {
  out += R"({"error":"Invalid heartbeat payload","required":["mode","uptime_seconds"])";
  close_with_message(out, message);
}

void append_invalid_mode(std::string& out, std::string_view message) {
  out += R"({"error":"Invalid mode","valid":["EMERGENCY","IDLE","SLEEP"])";
  close_with_message(out, message);
}

void append_agent_not_found(std::string& out, std::string_view agent_uuid,
                            std::string_view cluster_id) {
  out += R"({"error":"Agent not found","agent_uuid":)";
  append_json_string(out, agent_uuid);
  out += R"(,"cluster_id":)";
  append_json_string(out, cluster_id);
  out += '}';
}

void append_removed(std::string& out, std::string_view agent_uuid) {
  out += R"({"removed":true,"agent_uuid":)";
  append_json_string(out, agent_uuid);
  out += '}';
}

void append_health(std::string& out, const Cluster& cluster, double uptime_seconds,
                   const FleetStats& stats, const AlertQueueView& queue) {
  out += R"({"status":"healthy",)";
  append_cluster(out, cluster);
  out += R"(,"uptime":)";
  append_json_number(out, uptime_seconds);
  out += R"(,"agents":{"total":)";
  append_json_count(out, stats.total);
  out += R"(,"healthy":)";
  append_json_count(out, stats.healthy);
  out += R"(,"unhealthy":)";
  append_json_count(out, stats.unhealthy);
  out += R"(},"alert_queue":{"size":)";
  append_json_count(out, queue.size);
  out += R"(,"oldest_age_ms":)";
  if (queue.oldest_age_ms) {
    append_json_integer(out, *queue.oldest_age_ms);
  } else {
    out += "null";
  }
  out += "}}";
}

std::string_view ready_answer(bool ready) {
  return ready ? R"({"ready":true})" : R"({"ready":false})";
}

void append_service(std::string& out, const Cluster& cluster, std::string_view version) {
  out += R"({"service":"PAP Heartbeat Collector","version":)";
  append_json_string(out, version);
  out += ',';
  append_cluster(out, cluster);
  // The first four as the Node collector has them.
  out += R"~(,"endpoints":{"health":"/health","metrics":"/metrics",)~"
         R"~("heartbeat":"/heartbeat/:agentId","agents":"/agents (requires auth)",)~"
         R"~("agent":"/agents/:agentId (requires auth)","alerts":"/alerts (requires auth)",)~"
         R"~("observe":"/observe/:agentId (WebSocket, requires auth)","ready":"/ready"}})~";
}

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::kQueued:
      return "queued";
    case DeliveryState::kDelivered:
      return "delivered";
    case DeliveryState::kRefused:
      return "refused";
    case DeliveryState::kDropped:
      return "dropped";
  }
  return {};
}

void append_alert_row(std::string& out, std::string_view alert_json, DeliveryState state,
                      std::uint32_t attempts, std::string_view idempotency_key) {
  // What append_alert() wrote is an object with members; it is reopened for one more.
  out += alert_json.substr(0, alert_json.size() - 1);
  out += R"(,"delivery":{"state":")";
  out += to_string(state);
  out += R"(","attempts":)";
  append_json_integer(out, attempts);
  out += R"(,"idempotency_key":)";
  append_json_string(out, idempotency_key);
  out += "}}";
}

}  // namespace pap::protocol
