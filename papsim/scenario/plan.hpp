// SPDX-License-Identifier: MIT
#pragma once

// What will happen in a run, step by step: a pure function of scenario and seed, made before
// anything runs. The world carries it out, the oracle knows the truth from it, `papsim plan`
// prints it.
//
// Agents are numbered from 0 through the fleet: the groups in file order, members in order. An
// agent that comes back with a new identity (`restart: {identity: new}`) gets the next free number
// after all members; the plan knows them all beforehand.
//
// What the plan settles, so that nobody after it has to: who is picked; who is alive then (only the
// living die, only the dead are revived; what meets nobody of those is left out, and an entry that
// meets nobody at all is an error); which mode an agent is to have where entries overlap; when each
// state begins and ends. What only the run can tell (an agent in EMERGENCY of its own accord, an
// agent that is away) is the world's.
//
// Invariants: steps are in order of (at, entry, number of the step). Picks are drawn from a stream
// of random numbers of their entry alone, so that taking one entry out shifts no other: where the
// same agents are alive, the same are picked.
// Ownership: values. Threads: values.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

using AgentNumber = std::uint32_t;

// One member, or one later identity of a member.
struct PlannedAgent {
  AgentNumber member = 0;      // the number of the first identity; its own for that one
  AgentNumber same_id_as = 0;  // whose id it carries: its own number, but with `ids_of`
  std::uint32_t group = 0;
  std::uint32_t index = 0;                      // within the group, for its id
  std::uint32_t identity = 0;                   // 0: the first; then one for each `identity: new`
  protocol::Mode mode = protocol::Mode::kIdle;  // at its first beat
  Millis first_beat{0};  // by phase and join; of a later identity: its kStart
  Millis uptime{0};      // at first_beat
};

enum class StepKind : std::uint8_t {
  kStop,    // the process ends: die, restart, swizzle
  kStart,   // a new process begins, uptime 0, and beats at once: revive, restart, swizzle
  kFreeze,  // the process stands still …
  kThaw,    // … and the same one goes on
  kLeave,   // beats, is answered, is DELETEd, and is silent from then on
  kMode,    // from now on the agent's mode is Step::mode
  kBegin,   // a state of the entry's action begins, or what happens once happens: net, station,
            // collector, clocks
  kEnd,     // the state ends
};

struct Step {
  Millis at{0};
  StepKind kind = StepKind::kBegin;
  protocol::Mode mode = protocol::Mode::kIdle;  // kMode
  std::uint32_t entry = 0;                      // index into Scenario::timeline
  std::uint32_t first = 0;                      // into Plan::who
  std::uint32_t count = 0;                      // 0: the collector or the Station as such
};

struct Plan {
  std::uint64_t seed = 0;
  bool renamed = false;  // every agent has another id of the same kind; for S11
  std::vector<PlannedAgent> agents;
  std::vector<Step> steps;
  std::vector<AgentNumber> who;  // of steps, by first and count
  // By entry: all whom it ever picked, in that order; and those of them whom it met, in order of
  // their numbers. Who died, say, between his pick and his turn is not met.
  std::vector<std::vector<AgentNumber>> picked;
  std::vector<std::vector<AgentNumber>> met;

  std::span<const AgentNumber> who_of(const Step& step) const {
    return std::span(who).subspan(step.first, step.count);
  }
};

struct PlanError {
  Place place;
  std::uint32_t entry = 0;
  std::string message;  // an empty pick, an action on nobody, …
};

// Do several processes have one id (`ids_of`)?
bool shares_ids(const Scenario& scenario);
// All that have this one, which is named by the first of them.
std::vector<AgentNumber> processes_of(const Scenario& scenario, const Plan& plan, AgentNumber id);

// The seed's own `vary` must have been applied to `scenario` before (scenario/scenario_file.hpp).
Plan make_plan(const Scenario& scenario, std::uint64_t seed, std::vector<PlanError>& errors);

// The id as it goes over the wire.
std::string id_of(const Scenario& scenario, const Plan& plan, AgentNumber agent);

// Every agent of these sets, in ascending order and each once: of a group all, later identities
// included, of an entry whom it met.
std::vector<AgentNumber> agents_of(const Scenario& scenario, const Plan& plan,
                                   std::span<const AgentSet> sets);

}  // namespace pap::sim
