// SPDX-License-Identifier: MIT
#pragma once

// The JSON of every endpoint and every observation message, written into a buffer.
// Shapes and key order are the contract's and the Node collector's.
//
// Ownership: the views refer to texts of their maker and live for one call.
// Threads: pure functions, safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pap/export.hpp"
#include "pap/protocol/alert.hpp"
#include "pap/protocol/mode.hpp"
#include "pap/protocol/timestamp.hpp"

namespace pap::protocol {

struct Cluster {
  std::string id;
  std::string name;
};

struct AgentView {
  std::string_view agent_uuid;
  std::string_view agent_name;
  Mode mode;
  double uptime_seconds;
  WallTime last_seen;
  bool healthy;
  bool observation_mode;
  std::uint32_t consecutive_heartbeats;
};

struct FleetStats {
  std::size_t total = 0;
  std::size_t healthy = 0;
  std::size_t unhealthy = 0;
  std::array<std::size_t, kModeCount> by_mode{};
  std::size_t observed = 0;
};

struct AlertQueueView {
  std::size_t size = 0;
  std::optional<std::int64_t> oldest_age_ms;
};

// One row of GET /alerts: the alert's own JSON (as posted) with its delivery beside it.
enum class DeliveryState : std::uint8_t { kQueued, kDelivered, kRefused, kDropped };
PAP_API std::string_view to_string(DeliveryState state);

// POST /heartbeat/:agentId
// The nine possible 200 bodies are constants: this returns one of them. An agent that is new has
// no earlier life to restart from, so `restart_detected` counts only when it is not new.
PAP_API std::string_view heartbeat_answer(bool is_new, bool restart_detected, Mode next);

// { "error": …, "message": … }; the message is left out when empty.
PAP_API void append_error(std::string& out, std::string_view error, std::string_view message);
// 400 with `required`, and `message` after it unless that is empty
PAP_API void append_invalid_payload(std::string& out, std::string_view message);
// 400 with `valid`, and `message` after it unless that is empty
PAP_API void append_invalid_mode(std::string& out, std::string_view message);
// 404 of /agents/:agentId
PAP_API void append_agent_not_found(std::string& out, std::string_view agent_uuid,
                                    std::string_view cluster_id);

// The agent object of GET /agents, GET /agents/:agentId and the observation messages.
PAP_API void append_agent(std::string& out, const AgentView& agent);
// The agent object of a heartbeat message: without `healthy` and `observation_mode`.
PAP_API void append_heartbeat_agent(std::string& out, const AgentView& agent);

// GET /agents in three parts: opening up to and with `"agents":[`, then agents with commas
// between, then the closing.
PAP_API void append_agents_opening(std::string& out, const Cluster& cluster,
                                   const FleetStats& stats);
PAP_API void append_agents_closing(std::string& out, std::string_view next_cursor);

// GET /agents/:agentId
PAP_API void append_agent_answer(std::string& out, const Cluster& cluster, const AgentView& agent);
// DELETE /agents/:agentId
PAP_API void append_removed(std::string& out, std::string_view agent_uuid);
// GET /health; uptime in seconds
PAP_API void append_health(std::string& out, const Cluster& cluster, double uptime_seconds,
                           const FleetStats& stats, const AlertQueueView& queue);
// GET /ready
PAP_API std::string_view ready_answer(bool ready);
// GET /
PAP_API void append_service(std::string& out, const Cluster& cluster, std::string_view version);

// GET /alerts, a row: { …the alert's fields…, "delivery": { "state": …, "attempts": n,
// "idempotency_key": … } }. `alert_json` is what append_alert() wrote.
PAP_API void append_alert_row(std::string& out, std::string_view alert_json, DeliveryState state,
                              std::uint32_t attempts, std::string_view idempotency_key);

// Observation messages
PAP_API void append_initial(std::string& out, std::string_view cluster_id, const AgentView& agent);
PAP_API void append_initial_unknown(std::string& out, std::string_view cluster_id,
                                    std::string_view agent_uuid);
PAP_API void append_heartbeat_message(std::string& out, std::string_view cluster_id,
                                      const AgentView& agent, WallTime timestamp);
PAP_API void append_alert_message(std::string& out, std::string_view cluster_id,
                                  std::string_view alert_json);
PAP_API void append_recovered(std::string& out, std::string_view cluster_id, const AgentView& agent,
                              WallTime timestamp);
PAP_API void append_removed_message(std::string& out, std::string_view cluster_id,
                                    std::string_view agent_uuid, WallTime timestamp);
PAP_API void append_dropped(std::string& out, std::uint64_t count);
PAP_API void append_pong(std::string& out, WallTime timestamp);
PAP_API void append_agent_id_required(std::string& out);

}  // namespace pap::protocol
