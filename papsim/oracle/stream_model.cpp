// SPDX-License-Identifier: MIT
#include "papsim/oracle/stream_model.hpp"

#include <utility>

namespace pap::sim {

using nlohmann::json;

namespace {

// Its type and what it says, but for the times, which are told by the wall clock of the moment, and
// for what became of a death meanwhile.
std::string name_of(const json& alert) {
  json details = alert.value("details", json::object());
  for (const char* key : {"last_seen", "recovered_at"}) details.erase(key);
  return alert.value("type", "") + ' ' + details.dump();
}

}  // namespace

StreamModel::Objection StreamModel::sent(AgentNumber number, std::string_view message) {
  json news = json::parse(message, nullptr, false);
  const std::string type = news.is_object() ? news.value("type", "") : "";
  if (type.empty()) return "its observers were sent " + std::string{message};
  const bool first = !agents_.contains(number);
  Agent& agent = agents_[number];
  if (observed_.size() <= number) observed_.resize(number + 1);
  observed_[number] = true;
  if (first != (type == "initial")) {
    return "its observers were sent `" + type + (first ? "` first" : "` in between");
  }
  if (first) return std::nullopt;
  if (type == "alert") {
    agent.alerts.insert(name_of(news.value("alert", json::object())));
  } else {
    agent.news.push_back(std::move(news));
  }
  return std::nullopt;
}

StreamModel::Objection StreamModel::beat_of_observed(AgentNumber number, const Beat& beat) {
  const auto found = agents_.find(number);
  const std::vector<json> news = std::exchange(found->second.news, {});
  std::size_t next = 0;
  const auto comes = [&](const char* type) {
    return next < news.size() && news[next].at("type") == type;
  };
  if (comes("recovered") != beat.recovered) {
    return beat.recovered ? "recovered, and its observers were not told"
                          : "its observers were told that it recovered";
  }
  if (beat.recovered) ++next;
  if (!comes("heartbeat")) return "its observers were not sent its heartbeat";
  const json agent = news[next].value("agent", json::object());
  if (agent.value("mode", "") != to_string(beat.mode) ||
      agent.value("uptime_seconds", -1.0) != beat.uptime) {
    return "its observers were sent another heartbeat: " + news[next].dump();
  }
  if (++next < news.size()) return "its observers were sent more: " + news[next].dump();
  return std::nullopt;
}

StreamModel::Objection StreamModel::posted(AgentNumber number, const json& alert) {
  const auto found = agents_.find(number);
  if (found == agents_.end() || found->second.alerts.contains(name_of(alert))) return std::nullopt;
  return alert.value("type", "") + " was posted, and its observers were not told";
}

StreamModel::Objection StreamModel::removed(AgentNumber number) {
  const auto found = agents_.find(number);
  if (found == agents_.end()) return std::nullopt;
  const std::vector<json> news = std::exchange(found->second.news, {});
  if (news.size() == 1 && news.front().at("type") == "removed") return std::nullopt;
  return "was removed, and its observers were not told so";
}

}  // namespace pap::sim
