// SPDX-License-Identifier: MIT
#include "papsim/stand_in/alert_rules.hpp"

#include <functional>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace pap::sim {
namespace {

using nlohmann::json;

constexpr std::size_t kTooLarge = 10'000;

bool is_time(const json& value) {
  static const std::regex form(
      R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z)");
  return value.is_string() && std::regex_match(value.get_ref<const std::string&>(), form);
}

bool is_uuid(const json& value) {
  static const std::regex form("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  return value.is_string() && std::regex_match(value.get_ref<const std::string&>(), form);
}

bool is_text(const json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty();
}

bool is_mode(const json& value) {
  return value == "EMERGENCY" || value == "IDLE" || value == "SLEEP";
}

bool is_mode_or_null(const json& value) { return value.is_null() || is_mode(value); }
bool is_uptime(const json& value) { return value.is_number() && value.get<double>() >= 0; }
bool is_count(const json& value) { return value.is_number_unsigned(); }

struct Field {
  std::function<bool(const json&)> holds;
  bool required = true;
};
using Fields = std::map<std::string, Field>;

struct Type {
  std::string severity;
  Fields details;
};

const std::map<std::string, Type>& types() {
  static const std::map<std::string, Type> all{
      {"AGENT_DEATH",
       {"critical",
        {{"missed_intervals", {is_count}},
         {"last_seen", {is_time}},
         {"mode", {is_mode}},
         {"uptime_before_death", {is_uptime}},
         {"recovered_at", {is_time, false}}}}},
      {"EMERGENCY_MODE",
       {"warning", {{"previous_mode", {is_mode_or_null}}, {"uptime_seconds", {is_uptime}}}}},
      {"RESTART_DETECTED",
       {"info",
        {{"previous_uptime", {is_uptime}}, {"new_uptime", {is_uptime}}, {"mode", {is_mode}}}}},
  };
  return all;
}

// "" when `object` has exactly these fields and each holds.
std::string check_fields(const json& object, const Fields& fields) {
  if (!object.is_object()) return "not an object";
  for (const auto& [name, field] : fields) {
    const auto it = object.find(name);
    if (it == object.end()) {
      if (field.required) return name + " is missing";
    } else if (!field.holds(*it)) {
      return name + " is wrong: " + it->dump();
    }
  }
  for (const auto& [name, value] : object.items()) {
    if (!fields.contains(name)) return name + " is not known";
  }
  return {};
}

std::string check_content(const AlertRules& rules, const json& alert) {
  const std::string type = alert.is_object() ? alert.value("type", json()).dump() : "";
  const auto known = types().find(type.size() > 2 ? type.substr(1, type.size() - 2) : "");
  if (known == types().end()) return "type is wrong: " + type;
  const Fields fields{
      {"type", {is_text}},
      {"agent_uuid", {rules.only_uuids ? is_uuid : is_text}},
      {"agent_name", {is_text}},
      {"cluster_id", {is_text}},
      {"severity", {[&](const json& value) { return value == known->second.severity; }}},
      {"details", {[](const json&) { return true; }}},
      {"timestamp", {is_time}},
  };
  if (std::string why = check_fields(alert, fields); !why.empty()) return why;
  std::string why = check_fields(alert["details"], known->second.details);
  return why.empty() ? why : "details: " + why;
}

}  // namespace

std::optional<Refusal> check_alert(const AlertRules& rules, const std::string& authorization,
                                   const std::string& content_type, const std::string& body) {
  if (!rules.key.empty() && authorization != "Bearer " + rules.key) {
    return Refusal{401, "Unauthorized"};
  }
  if (body.size() >= kTooLarge) return Refusal{413, "Payload too large"};
  if (!content_type.starts_with("application/json")) return Refusal{400, "not application/json"};
  const json alert = json::parse(body, nullptr, false);
  if (alert.is_discarded()) return Refusal{400, "not JSON"};
  if (std::string why = check_content(rules, alert); !why.empty()) {
    return Refusal{400, std::move(why)};
  }
  return std::nullopt;
}

}  // namespace pap::sim
