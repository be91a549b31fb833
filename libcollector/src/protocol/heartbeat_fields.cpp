// SPDX-License-Identifier: MIT
#include "protocol/heartbeat_fields.hpp"

#include <algorithm>
#include <array>

#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::protocol {
namespace {

constexpr std::array<std::string_view, 4> kForbiddenFields{"cpu_percent", "memory_mb",
                                                           "requests_handled", "custom_metrics"};

std::string joined(std::string_view before, std::string_view what) {
  std::string text(before);
  if (!text.empty()) text += "; ";
  text += what;
  return text;
}

}  // namespace

void HeartbeatFields::not_an_object(std::string_view type) {
  is_object_ = false;
  complain("the body must be a JSON object, not " + std::string(type));
}

void HeartbeatFields::key(std::string_view key) {
  field_ = Field::kIgnored;
  if (key == "mode") {
    field_ = Field::kMode;
    has_mode_ = true;
  } else if (key == "uptime_seconds") {
    field_ = Field::kUptimeSeconds;
    has_uptime_ = true;
  } else if (key == "agent_name") {
    field_ = Field::kAgentName;
  } else if (std::ranges::find(kForbiddenFields, key) != kForbiddenFields.end()) {
    forbidden_ = joined(forbidden_, key);
  }
}

void HeartbeatFields::string(std::string_view value) {
  if (field_ == Field::kMode) {
    if (const auto mode = parse_mode(value)) {
      heartbeat_.mode = *mode;
    } else {
      unknown_mode_ =
          "mode is " + quoted_for_message(value) + ", which is none of EMERGENCY, IDLE, SLEEP";
    }
  } else if (field_ == Field::kAgentName) {
    name_ = cut_at_character(value, kMaxAgentNameBytes);
  } else {
    wrong_type("a string");
  }
}

void HeartbeatFields::number(double value) {
  if (field_ != Field::kUptimeSeconds) return wrong_type("a number");
  if (value < 0) return complain("uptime_seconds must not be negative");
  heartbeat_.uptime_seconds = value + 0.0;  // -0 becomes 0
}

void HeartbeatFields::null() {
  if (field_ != Field::kAgentName) wrong_type("null");
}

void HeartbeatFields::other(std::string_view type) { wrong_type(type); }

HeartbeatResult HeartbeatFields::result() {
  using Reason = Refusal::Reason;
  if (!forbidden_.empty()) {
    return Refusal{Reason::kForbiddenField,
                   "resource data is forbidden in heartbeats (PAP-RFC-001): " + forbidden_};
  }
  if (is_object_ && !has_mode_) complain("mode is missing");
  if (is_object_ && !has_uptime_) complain("uptime_seconds is missing");
  if (!complaints_.empty()) return Refusal{Reason::kInvalidPayload, complaints_};
  if (!unknown_mode_.empty()) return Refusal{Reason::kInvalidMode, unknown_mode_};
  heartbeat_.agent_name = name_;
  return heartbeat_;
}

void HeartbeatFields::wrong_type(std::string_view type) {
  const std::string got(type);
  switch (field_) {
    case Field::kMode:
      return complain("mode must be a string, not " + got);
    case Field::kUptimeSeconds:
      return complain("uptime_seconds must be a number, not " + got);
    case Field::kAgentName:
      return complain("agent_name must be a string or null, not " + got);
    case Field::kIgnored:
      return;
  }
}

void HeartbeatFields::complain(std::string_view what) { complaints_ = joined(complaints_, what); }

}  // namespace pap::protocol
