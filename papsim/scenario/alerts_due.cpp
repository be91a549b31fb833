// SPDX-License-Identifier: MIT
#include "papsim/scenario/alerts_due.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "papsim/scenario/bounds.hpp"

namespace pap::sim {
namespace {

using protocol::AlertType;
using protocol::Mode;

// Who is older than the collector, and first seen in EMERGENCY this soon after its start, is taken
// as told (contract: Collector -> Station).
constexpr Millis kStartUpWindow = std::chrono::seconds{75};

class Reckoning {
 public:
  Reckoning(const Scenario& scenario, const Plan& plan) : scenario_(scenario), plan_(plan) {
    for (AgentNumber agent = 0; agent < plan.agents.size(); ++agent) begin(agent);
  }

  std::vector<AlertsDue> run() {
    for (const Step& step : plan_.steps) {
      for (const AgentNumber agent : plan_.who_of(step)) take(step, agent);
    }
    for (AgentNumber agent = 0; agent < agents_.size(); ++agent) {
      if (agents_[agent].silence) end_of_silence(agent, Millis::max());
    }
    std::vector<AlertsDue> out;
    for (const auto& [key, due] : due_) out.push_back(due);
    std::stable_sort(out.begin(), out.end(), [](const AlertsDue& a, const AlertsDue& b) {
      return a.earliest < b.earliest;
    });
    return out;
  }

 private:
  struct Silence {
    Millis since{0};
    std::uint32_t entry = 0;
  };
  struct Agent {
    Mode planned = Mode::kIdle;  // what it will say with its next beat
    Mode known = Mode::kIdle;    // what it said last
    bool left = false;
    std::optional<Silence> silence;
  };

  const Group& group_of(AgentNumber agent) const {
    return scenario_.fleet[plan_.agents[agent].group];
  }
  // The longest that an agent of this mode lets pass between two beats.
  Millis longest_gap(AgentNumber agent, Mode mode) const {
    const Millis interval = protocol::interval_of(mode);
    return interval + interval * std::int64_t{group_of(agent).jitter} / std::int64_t{kAll};
  }

  void begin(AgentNumber agent) {
    const PlannedAgent& planned = plan_.agents[agent];
    agents_.push_back({planned.mode, planned.mode, false, {}});
    if (planned.mode != Mode::kEmergency || planned.first_beat >= scenario_.run_for) return;
    const bool younger = planned.uptime < planned.first_beat;
    if (!younger && planned.first_beat < kStartUpWindow) return;
    add(AlertType::kEmergencyMode, agent, {}, true, planned.first_beat, planned.first_beat);
  }

  void take(const Step& step, AgentNumber number) {
    Agent& agent = agents_[number];
    switch (step.kind) {
      case StepKind::kStop:
      case StepKind::kFreeze:
        // Who never beat is not known, and nobody misses him.
        if (step.at >= plan_.agents[number].first_beat) agent.silence = {step.at, step.entry};
        break;
      case StepKind::kLeave:
        agent.left = true;
        agent.silence.reset();
        break;
      case StepKind::kThaw:
        end_of_silence(number, step.at);
        break;
      case StepKind::kStart:
        start(number, step);
        break;
      case StepKind::kMode:
        agent.planned = step.mode;
        // An agent that changes its mode says so at once.
        if (!agent.silence && !agent.left) speak(number, step);
        break;
      case StepKind::kBegin:
      case StepKind::kEnd:
        break;
    }
  }

  void start(AgentNumber number, const Step& step) {
    Agent& agent = agents_[number];
    const bool known = agent.silence.has_value();
    end_of_silence(number, step.at);
    agent.left = false;
    if (known) add(AlertType::kRestartDetected, number, step.entry, true, step.at, step.at);
    speak(number, step);
  }

  void speak(AgentNumber number, const Step& step) {
    Agent& agent = agents_[number];
    if (agent.planned == Mode::kEmergency && agent.known != Mode::kEmergency) {
      const Millis first = std::max(step.at, plan_.agents[number].first_beat);
      add(AlertType::kEmergencyMode, number, step.entry, true, first, first);
    }
    agent.known = agent.planned;
  }

  // The last beat came at most one gap before the silence; the death is decided 2I + slack later,
  // unless somebody is heard before.
  void end_of_silence(AgentNumber number, Millis heard) {
    const auto silence = std::exchange(agents_[number].silence, std::nullopt);
    if (!silence) return;
    const Mode mode = agents_[number].known;
    const Millis interval = protocol::interval_of(mode);
    const Millis earliest =
        std::max(silence->since - longest_gap(number, mode), plan_.agents[number].first_beat) +
        2 * interval;
    const Millis latest = silence->since + 2 * interval + slack_of(scenario_, mode);
    if (heard <= earliest) return;
    add(AlertType::kAgentDeath, number, silence->entry, heard > latest, earliest,
        std::min(latest, heard));
  }

  void add(AlertType type, AgentNumber agent, std::optional<std::uint32_t> entry, bool certain,
           Millis earliest, Millis latest) {
    const std::uint32_t group = entry ? 0 : plan_.agents[agent].group;
    const auto [at, is_new] =
        due_.try_emplace(std::tuple(entry.value_or(UINT32_MAX), group, type, certain));
    AlertsDue& due = at->second;
    if (is_new) due = {type, entry, group, certain, 0, earliest, latest, agent};
    ++due.count;
    due.earliest = std::min(due.earliest, earliest);
    due.latest = std::max(due.latest, latest);
  }

  const Scenario& scenario_;
  const Plan& plan_;
  std::vector<Agent> agents_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, AlertType, bool>, AlertsDue> due_;
};

}  // namespace

std::vector<AlertsDue> alerts_due(const Scenario& scenario, const Plan& plan) {
  return Reckoning(scenario, plan).run();
}

Millis settled_by(const Scenario& scenario, const Plan& plan) {
  Millis last = scenario.run_for;
  for (const AlertsDue& due : alerts_due(scenario, plan)) last = std::max(last, due.latest);
  return last;
}

}  // namespace pap::sim
