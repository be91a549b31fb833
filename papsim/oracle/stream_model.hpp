// SPDX-License-Identifier: MIT
#pragma once

// What those who observe an agent should have been sent, and were: a message a heartbeat, with the
// state that it led to; a recovery before it; each alert before the Station hears of it; a removal.
// (contract.md, "Observation".)
//
// Ownership: values. Threads: one.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "pap/protocol/mode.hpp"
#include "papsim/scenario/plan.hpp"

namespace pap::sim {

class StreamModel {
 public:
  // What should not have been, in words; none when all is well.
  using Objection = std::optional<std::string>;

  // The collector began anew, and with it the streams.
  void clear() {
    agents_.clear();
    observed_.clear();
  }
  // Somebody observes it from its first message on.
  Objection sent(AgentNumber agent, std::string_view message);

  // What the collector did next; about agents that nobody observes there is nothing to say.
  struct Beat {
    protocol::Mode mode;  // as it is now
    double uptime;
    bool recovered;  // it was decided dead
  };
  Objection beat(AgentNumber agent, const Beat& beat) {
    if (agent >= observed_.size() || !observed_[agent]) return std::nullopt;
    return beat_of_observed(agent, beat);
  }
  Objection posted(AgentNumber agent, const nlohmann::json& alert);
  Objection removed(AgentNumber agent);

 private:
  struct Agent {
    std::vector<nlohmann::json> news;  // but for alerts; since the last call
    std::set<std::string> alerts;      // by type and details
  };

  Objection beat_of_observed(AgentNumber agent, const Beat& beat);

  std::map<AgentNumber, Agent> agents_;
  std::vector<bool> observed_;  // who is in `agents_`: hardly anybody
};

}  // namespace pap::sim
