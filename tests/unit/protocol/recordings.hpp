// SPDX-License-Identifier: MIT
#pragma once

// The bodies that the Node collector sent and that Node's fetch sends, letter for letter. Clients
// compare texts, so ours must be the same texts.

#include <string_view>

namespace pap::protocol::recorded {

inline constexpr std::string_view kHeartbeat =
    R"({"mode":"IDLE","uptime_seconds":3600.123,"agent_name":"my-agent"})";

inline constexpr std::string_view kHeartbeatNew =
    R"({"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":30000})";
inline constexpr std::string_view kHeartbeatKnown =
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000})";
inline constexpr std::string_view kHeartbeatEmergency =
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":5000})";
inline constexpr std::string_view kHeartbeatRestart =
    R"({"received":true,"is_new":false,"restart_detected":true,"next_heartbeat_ms":5000})";
inline constexpr std::string_view kHeartbeatSleepNoName =
    R"({"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":900000})";
inline constexpr std::string_view kHeartbeatMissingField =
    R"({"error":"Invalid heartbeat payload","required":["mode","uptime_seconds"]})";
inline constexpr std::string_view kHeartbeatBadMode =
    R"({"error":"Invalid mode","valid":["EMERGENCY","IDLE","SLEEP"]})";

inline constexpr std::string_view kAgents =
    R"({"cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
    R"("stats":{"total":2,"healthy":2,"unhealthy":0,)"
    R"("by_mode":{"EMERGENCY":1,"IDLE":0,"SLEEP":1},"observed":0},"agents":[)"
    R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440000","agent_name":"my-agent",)"
    R"("mode":"EMERGENCY","uptime_seconds":2.5,"last_seen":"2026-11-24T22:51:27.549Z",)"
    R"("healthy":true,"observation_mode":false,"consecutive_heartbeats":4},)"
    R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440001",)"
    R"("agent_name":"550e8400-e29b-41d4-a716-446655440001",)"
    R"("mode":"SLEEP","uptime_seconds":12,"last_seen":"2026-11-24T22:51:27.589Z",)"
    R"("healthy":true,"observation_mode":false,"consecutive_heartbeats":1}]})";
inline constexpr std::string_view kAgentsOne =
    R"({"cluster_id":"is.plugged.in","cluster_name":"Production Cluster","agent":)"
    R"({"agent_uuid":"550e8400-e29b-41d4-a716-446655440000","agent_name":"my-agent",)"
    R"("mode":"EMERGENCY","uptime_seconds":2.5,"last_seen":"2026-11-24T22:51:27.549Z",)"
    R"("healthy":true,"observation_mode":false,"consecutive_heartbeats":4}})";
inline constexpr std::string_view kAgentsUnknown =
    R"({"error":"Agent not found","agent_uuid":"none-such","cluster_id":"is.plugged.in"})";
inline constexpr std::string_view kAgentsDelete =
    R"({"removed":true,"agent_uuid":"550e8400-e29b-41d4-a716-446655440001"})";
inline constexpr std::string_view kAgentsNoKey =
    R"({"error":"Unauthorized","message":"Valid API key required. )"
    R"(Use X-Collector-Key or Authorization: Bearer header."})";

inline constexpr std::string_view kHealth =
    R"({"status":"healthy","cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
    R"("uptime":1.638202274,"agents":{"total":2,"healthy":2,"unhealthy":0},)"
    R"("alert_queue":{"size":0,"oldest_age_ms":null}})";
inline constexpr std::string_view kReady = R"({"ready":true})";
inline constexpr std::string_view kRoot =
    R"~({"service":"PAP Heartbeat Collector","version":"1.0.0",)~"
    R"~("cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)~"
    R"~("endpoints":{"health":"/health","metrics":"/metrics",)~"
    R"~("heartbeat":"/heartbeat/:agentId","agents":"/agents (requires auth)"}})~";

inline constexpr std::string_view kPushAgentDeath =
    R"({"type":"AGENT_DEATH","agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
    R"("agent_name":"my-agent","cluster_id":"is.plugged.in","severity":"critical",)"
    R"("details":{"missed_intervals":3,"last_seen":"2026-11-24T22:51:27.549Z",)"
    R"("mode":"EMERGENCY","uptime_before_death":2.5},"timestamp":"2026-11-24T22:51:46.323Z"})";
inline constexpr std::string_view kPushEmergencyMode =
    R"({"type":"EMERGENCY_MODE","agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
    R"("agent_name":"my-agent","cluster_id":"is.plugged.in","severity":"warning",)"
    R"("details":{"previous_mode":"IDLE","uptime_seconds":3635},)"
    R"("timestamp":"2026-11-24T22:51:27.493Z"})";
inline constexpr std::string_view kPushRestartDetected =
    R"({"type":"RESTART_DETECTED","agent_uuid":"550e8400-e29b-41d4-a716-446655440000",)"
    R"("agent_name":"my-agent","cluster_id":"is.plugged.in","severity":"info",)"
    R"("details":{"previous_uptime":3635,"new_uptime":2.5,"mode":"EMERGENCY"},)"
    R"("timestamp":"2026-11-24T22:51:27.549Z"})";

}  // namespace pap::protocol::recorded
