// SPDX-License-Identifier: MIT
#pragma once

// Which alerts a plan lets one expect, and in which window each is decided: what `papsim plan`
// prints, for whoever writes a scenario. No judge: that is the oracle, which knows what happened.
//
// Reckoned for a world in which every beat arrives and the collector always runs: faults of net,
// collector and clocks are left out. Left out are, too, the dedup window, ids that two groups
// share, and a table that is full or forgets. Times of listening are times of the run then.
// Threads: pure function.

#include <cstdint>
#include <optional>
#include <vector>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// All alerts of one type that one entry (or, at first sight, one group) brings about.
struct AlertsDue {
  protocol::AlertType type{};
  std::optional<std::uint32_t> entry;  // none: at first sight
  std::uint32_t group = 0;             // at first sight
  bool certain = true;                 // false: it hangs on when each beats, by phase and jitter
  std::uint32_t count = 0;
  Millis earliest{0};
  Millis latest{0};
  AgentNumber example = 0;
};

// In order of the earliest.
std::vector<AlertsDue> alerts_due(const Scenario& scenario, const Plan& plan);

// When the last of what the plan sets going is decided, in the same world: how long a run must go
// on after `for` at the least.
Millis settled_by(const Scenario& scenario, const Plan& plan);

}  // namespace pap::sim
