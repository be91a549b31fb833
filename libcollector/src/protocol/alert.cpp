// SPDX-License-Identifier: MIT
#include "pap/protocol/alert.hpp"

#include "pap/protocol/json_writer.hpp"
#include "protocol/json_fields.hpp"

namespace pap::protocol {
namespace {

void append_death_details(std::string& out, const AlertMessage& alert) {
  out += R"("missed_intervals":)";
  append_json_integer(out, alert.missed_intervals);
  out += R"(,"last_seen":)";
  append_json_time(out, alert.last_seen);
  out += R"(,"mode":)";
  append_json_mode(out, alert.mode);
  out += R"(,"uptime_before_death":)";
  append_json_number(out, alert.uptime_seconds);
  if (alert.recovered_at) {
    out += R"(,"recovered_at":)";
    append_json_time(out, *alert.recovered_at);
  }
}

void append_emergency_details(std::string& out, const AlertMessage& alert) {
  out += R"("previous_mode":)";
  if (alert.previous_mode) {
    append_json_mode(out, *alert.previous_mode);
  } else {
    out += "null";
  }
  out += R"(,"uptime_seconds":)";
  append_json_number(out, alert.uptime_seconds);
}

void append_restart_details(std::string& out, const AlertMessage& alert) {
  out += R"("previous_uptime":)";
  append_json_number(out, alert.previous_uptime);
  out += R"(,"new_uptime":)";
  append_json_number(out, alert.uptime_seconds);
  out += R"(,"mode":)";
  append_json_mode(out, alert.mode);
}

void append_details(std::string& out, const AlertMessage& alert) {
  switch (alert.type) {
    case AlertType::kAgentDeath:
      return append_death_details(out, alert);
    case AlertType::kEmergencyMode:
      return append_emergency_details(out, alert);
    case AlertType::kRestartDetected:
      return append_restart_details(out, alert);
  }
}

}  // namespace

void append_alert(std::string& out, const AlertMessage& alert) {
  out += R"({"type":")";
  out += to_string(alert.type);
  out += R"(","agent_uuid":)";
  append_json_string(out, alert.agent_uuid);
  out += R"(,"agent_name":)";
  append_json_string(out, alert.agent_name);
  out += R"(,"cluster_id":)";
  append_json_string(out, alert.cluster_id);
  out += R"(,"severity":")";
  out += severity_of(alert.type);
  out += R"(","details":{)";
  append_details(out, alert);
  out += R"(},"timestamp":)";
  append_json_time(out, alert.timestamp);
  out += '}';
}

}  // namespace pap::protocol
