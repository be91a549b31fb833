// SPDX-License-Identifier: MIT
#include "papctl/client/alert_changes.hpp"

#include <algorithm>
#include <utility>

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json delivery_of(const Json& alert) {
  const auto found = alert.find("delivery");
  return found != alert.end() ? *found : Json::object();
}

// One alert keeps it over retries and re-tellings.
std::string key_of(const Json& alert) {
  std::string key = text_of(delivery_of(alert), "idempotency_key");
  if (!key.empty()) return key;
  return text_of(alert, "type") + '\n' + text_of(alert, "agent_uuid") + '\n' +
         text_of(alert, "timestamp");
}

}  // namespace

AlertChanges::Found AlertChanges::take(const Json& answer, std::size_t asked) {
  Found found;
  if (!answer.is_object()) return found;
  const auto alerts = answer.find("alerts");
  if (alerts == answer.end() || !alerts->is_array()) return found;

  std::unordered_map<std::string, std::string> states;
  std::size_t last_waiting = 0;  // counted from the newest
  bool met_known = false;
  for (const Json& alert : *alerts) {
    if (!alert.is_object()) continue;
    std::string key = key_of(alert);
    const std::string state = text_of(delivery_of(alert), "state");
    const auto known = states_.find(key);
    met_known = met_known || known != states_.end();
    if (!states.emplace(std::move(key), state).second) continue;
    if (state == "queued") last_waiting = states.size();
    if (known == states_.end() || known->second != state) found.alerts.push_back(alert);
  }
  std::reverse(found.alerts.begin(), found.alerts.end());
  // A collector that has started anew knows none of them either, but answers with few.
  found.gap = !first_ && !met_known && !states_.empty() && states.size() >= asked;
  if (found.gap && asked < kMostRows) {
    rows_ = kMostRows;
    found.alerts.clear();
    return found;
  }
  first_ = false;
  states_ = std::move(states);
  rows_ = std::min(last_waiting + kFewestRows, kMostRows);
  return found;
}

}  // namespace pap::ctl
