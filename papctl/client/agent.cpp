// SPDX-License-Identifier: MIT
#include "papctl/client/agent.hpp"

#include <utility>

namespace pap::ctl {
namespace {

template <class T>
T value_or(const nlohmann::ordered_json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->get<bool>() : otherwise;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return found->is_number_unsigned() ? found->get<std::uint64_t>() : otherwise;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->get<std::string>() : otherwise;
  } else {
    return found->is_number() ? found->get<T>() : otherwise;
  }
}

}  // namespace

Agent Agent::from(nlohmann::ordered_json json) {
  Agent agent;
  if (json.is_object()) {
    agent.id = value_or(json, "agent_uuid", std::string{});
    agent.name = value_or(json, "agent_name", std::string{});
    agent.mode = value_or(json, "mode", std::string{});
    agent.uptime_seconds = value_or(json, "uptime_seconds", 0.0);
    agent.last_seen_text = value_or(json, "last_seen", std::string{});
    agent.last_seen = parse_timestamp(agent.last_seen_text);
    agent.healthy = value_or(json, "healthy", false);
    agent.observed = value_or(json, "observation_mode", false);
    agent.beats = value_or(json, "consecutive_heartbeats", std::uint64_t{0});
  }
  agent.json = std::move(json);
  return agent;
}

}  // namespace pap::ctl
