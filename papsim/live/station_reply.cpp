// SPDX-License-Identifier: MIT
#include "papsim/live/station_reply.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

namespace pap::sim {

using nlohmann::json;

namespace {

std::string text_at(const json& alert, const char* name) {
  return alert.is_object() && alert.contains(name) && alert[name].is_string()
             ? alert[name].get<std::string>()
             : "?";
}

std::string harmless(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace

std::string header_of(const ReceivedAlert& received, const std::string& name) {
  const auto found = received.headers.find(name);
  return found == received.headers.end() ? "" : found->second;
}

std::string key_of(const ReceivedAlert& received) {
  std::string key = header_of(received, "idempotency-key");
  if (!key.empty()) return key;
  for (const char* name : {"type", "agent_uuid", "timestamp"}) {
    key += text_at(received.alert, name) + ' ';
  }
  return key;
}

std::optional<WorldTime> retry_after_of(const StationReply& reply) {
  if (!reply.answer.retry_after) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(*reply.answer.retry_after);
  return Millis{wait}.count();
}

StationAct act_of(const StationReply& reply, WorldTime now) {
  using How = StationReply::How;
  StationAct act;
  switch (reply.how) {
    case How::kAnswer: {
      StationAct::Headers headers;
      if (const auto wait = retry_after_of(reply)) {
        headers.emplace_back("Retry-After", std::to_string(*wait / 1000));
      }
      act = StationAct::answer(*reply.answer.status, std::move(headers));
      break;
    }
    case How::kHang:
      act = StationAct::hang();
      break;
    case How::kGarbage:
      act = StationAct::garbage();
      break;
    case How::kRefusal:
    case How::kReset:
      act = StationAct::cut();
      break;
  }
  act.delay = Millis{reply.at - now};
  return act;
}

std::string line_of(const ReceivedAlert& received) {
  const json& alert = received.alert;
  std::string line = text_at(alert, "timestamp") + "  " + text_at(alert, "type") + "  " +
                     text_at(alert, "severity") + "  " + text_at(alert, "agent_name");
  if (text_at(alert, "agent_name") != text_at(alert, "agent_uuid")) {
    line += " (" + text_at(alert, "agent_uuid") + ')';
  }
  if (alert.is_object() && alert.contains("details")) {
    for (const auto& [name, value] : alert["details"].items()) {
      line += "  " + name + '=' + (value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  if (received.answered && received.status != 200) {
    line += "  -> " + (received.status == 0 ? "no answer" : std::to_string(received.status));
    if (!received.refused.empty()) line += ' ' + received.refused;
  }
  return harmless(std::move(line));
}

nlohmann::ordered_json record_of(const ReceivedAlert& received) {
  using std::chrono::duration_cast;
  const auto since = std::chrono::steady_clock::now() - received.at;
  const auto wall =
      std::chrono::system_clock::now() - duration_cast<std::chrono::system_clock::duration>(since);
  nlohmann::ordered_json record{{"at_ms", duration_cast<Millis>(wall.time_since_epoch()).count()},
                                {"connection", received.connection},
                                {"key", header_of(received, "idempotency-key")},
                                {"status", nullptr}};
  if (received.status != 0) record["status"] = received.status;
  if (!received.refused.empty()) record["refused"] = received.refused;
  if (received.alert.is_null()) {
    record["body"] = received.body;
  } else {
    record["alert"] = received.alert;
  }
  return record;
}

}  // namespace pap::sim
