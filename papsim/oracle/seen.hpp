// SPDX-License-Identifier: MIT
#pragma once

// What an oracle has seen the collector decide, for expectations and reports.
//
// Times: milliseconds since the run began. Ownership: values. Threads: values.

#include <cstdint>
#include <optional>
#include <tuple>

#include "pap/protocol/mode.hpp"
#include "papsim/scenario/names.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

// One decision of death, for expectations and reports.
struct DeathSeen {
  AgentNumber agent;
  WorldTime at;
  WorldTime silence;  // by listening time
  protocol::Mode mode;
  bool living = false;           // the process was there, and beating
  std::optional<Excuse> excuse;  // proved for this one, whether the scenario allows it or not
  bool told = false;             // an alert of it was posted
};

// What the collector decided, or told, of whom.
struct Decision {
  enum class What : std::uint8_t { kDead, kToldDeath, kToldEmergency, kToldRestart };

  WorldTime at;
  AgentNumber agent;
  What what;

  friend bool operator==(const Decision&, const Decision&) = default;
  friend bool operator<(const Decision& a, const Decision& b) {
    return std::tie(a.at, a.agent, a.what) < std::tie(b.at, b.agent, b.what);
  }
};

}  // namespace pap::sim
