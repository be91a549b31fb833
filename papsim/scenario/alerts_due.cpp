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

// A restart is one whose process began this much later than the one before, its uptime being less,
// or this long after it was last heard (contract: Restart).
constexpr Millis kBeganLater = std::chrono::seconds{5};
constexpr Millis kAfterHeard = std::chrono::seconds{10};

class Reckoning {
 public:
  Reckoning(const Scenario& scenario, const Plan& plan) : scenario_(scenario), plan_(plan) {
    for (const PlannedAgent& planned : plan.agents) {
      Agent agent;
      agent.planned = planned.mode;
      // Other identities come by a step.
      if (planned.identity == 0) agent.first = planned.first_beat;
      agent.began = planned.first_beat - planned.uptime;
      agents_.push_back(agent);
    }
  }

  std::vector<AlertsDue> run() {
    for (const Step& step : plan_.steps) {
      for (const AgentNumber agent : plan_.who_of(step)) take(step, agent);
    }
    for (AgentNumber agent = 0; agent < agents_.size(); ++agent) {
      catch_up(agent, scenario_.run_for);
      end_of_silence(agent, Millis::max());
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
    Mode planned = Mode::kIdle;   // what it will say with its next beat
    std::optional<Mode> known;    // what it said last; none: the collector does not know it
    std::optional<Millis> first;  // of a process that has not beaten yet: when it will
    Millis began{0};              // when the process that is heard began
    Millis heard{0};  // the last beat whose moment is known; others followed at its pace
    bool runs = true;
    bool frozen = false;
    std::optional<Silence> silence;
    Millis dead_since{0};  // of a silence that is told already
  };
  // Between which moments the last beat before a silence came.
  struct LastBeat {
    Millis earliest;
    Millis latest;
  };

  const Group& group_of(AgentNumber agent) const {
    return scenario_.fleet[plan_.agents[agent].group];
  }
  // The longest that an agent of this mode lets pass between two beats.
  Millis longest_gap(AgentNumber agent, Mode mode) const {
    const Millis interval = protocol::interval_of(mode);
    return interval + interval * std::int64_t{group_of(agent).jitter} / std::int64_t{kAll};
  }
  LastBeat last_beat(AgentNumber number, Millis silent_since) const {
    const Agent& agent = agents_[number];
    const bool only_one = silent_since <= agent.heard + protocol::interval_of(*agent.known);
    return {std::max(silent_since - longest_gap(number, *agent.known), agent.heard),
            only_one ? agent.heard : silent_since};
  }

  // The first beat of its process, if that came before now; steps of a moment come before beats.
  void catch_up(AgentNumber number, Millis now) {
    const Agent& agent = agents_[number];
    if (agent.runs && !agent.frozen && agent.first && *agent.first < now) {
      hear(number, *agent.first, {});
    }
  }

  void take(const Step& step, AgentNumber number) {
    catch_up(number, step.at);
    Agent& agent = agents_[number];
    switch (step.kind) {
      case StepKind::kStop:
        fall_silent(number, step);
        agent.runs = agent.frozen = false;
        break;
      case StepKind::kFreeze:
        fall_silent(number, step);
        agent.frozen = true;
        break;
      case StepKind::kLeave:
        hear(number, step.at, {});
        agent.known.reset();
        agent.runs = false;
        break;
      case StepKind::kThaw:
        thaw(number, step);
        break;
      case StepKind::kStart:
        start(number, step);
        break;
      case StepKind::kMode:
        agent.planned = step.mode;
        // An agent that changes its mode says so at once, or as soon as it can.
        if (agent.runs && !agent.frozen) hear(number, step.at, step.entry);
        if (agent.frozen && agent.first) agent.first = step.at;
        break;
      case StepKind::kBegin:
      case StepKind::kEnd:
        break;
    }
  }

  // Who was never heard is not known, and nobody misses him. Who dies while he is frozen was silent
  // before; his death is the freeze's if it was decided by then.
  void fall_silent(AgentNumber number, const Step& step) {
    Agent& agent = agents_[number];
    if (!agent.known) return;
    if (!agent.silence) {
      if (agent.runs) agent.silence = {step.at, step.entry};
    } else if (step.at >= decided_by(number)) {
      end_of_silence(number, Millis::max());
    } else {
      agent.silence->entry = step.entry;
    }
  }

  // What it would have said meanwhile it says now.
  void thaw(AgentNumber number, const Step& step) {
    Agent& agent = agents_[number];
    agent.frozen = false;
    const bool late_first = agent.first && *agent.first < step.at;
    const bool missed =
        agent.known &&
        (agent.planned != *agent.known ||
         (agent.silence && agent.silence->since + longest_gap(number, *agent.known) < step.at));
    end_of_silence(number, step.at);
    if (late_first || missed) hear(number, step.at, step.entry);
  }

  void start(AgentNumber number, const Step& step) {
    Agent& agent = agents_[number];
    const Millis silent_since = agent.silence ? agent.silence->since : agent.dead_since;
    end_of_silence(number, step.at);
    if (agent.known) restart(number, silent_since, step);
    agent.runs = true;
    agent.frozen = false;
    agent.began = step.at;
    hear(number, step.at, step.entry);
  }

  // The new process says an uptime of 0.
  void restart(AgentNumber number, Millis silent_since, const Step& step) {
    const Agent& agent = agents_[number];
    const LastBeat last = last_beat(number, silent_since);
    const bool began_later = step.at > agent.began + kBeganLater;
    const auto seen = [&](Millis last_heard) {
      return (last_heard > agent.began && began_later) || step.at > last_heard + kAfterHeard;
    };
    const bool whenever = seen(last.earliest) && seen(last.latest);
    if (!whenever && !seen(last.earliest) && !seen(last.latest)) return;
    add(AlertType::kRestartDetected, number, step.entry, whenever, step.at, step.at);
  }

  void hear(AgentNumber number, Millis now, std::optional<std::uint32_t> entry) {
    Agent& agent = agents_[number];
    if (now < agent.began) return;  // its uptime is negative, and the beat refused
    const bool told = agent.planned == Mode::kEmergency && agent.known != Mode::kEmergency;
    const bool taken_as_told = !agent.known && agent.began <= Millis{0} && now < kStartUpWindow;
    // At first sight it belongs to its group, for the entry was about another identity.
    if (!agent.known && plan_.agents[number].identity != 0) entry.reset();
    if (told && !taken_as_told) add(AlertType::kEmergencyMode, number, entry, true, now, now);
    agent.known = agent.planned;
    agent.heard = now;
    agent.first.reset();
  }

  Millis decided_by(AgentNumber number) const {
    const Mode mode = *agents_[number].known;
    return last_beat(number, agents_[number].silence->since).latest +
           2 * protocol::interval_of(mode) + slack_of(scenario_, mode);
  }

  // A death is decided from 2I to 2I + slack after the last beat, unless somebody is heard before.
  void end_of_silence(AgentNumber number, Millis heard) {
    Agent& agent = agents_[number];
    if (!agent.silence) return;
    const Millis earliest =
        last_beat(number, agent.silence->since).earliest + 2 * protocol::interval_of(*agent.known);
    const Millis latest = decided_by(number);
    agent.dead_since = agent.silence->since;
    if (heard > earliest) {
      add(AlertType::kAgentDeath, number, agent.silence->entry, heard > latest, earliest,
          std::min(latest, heard));
    }
    agent.silence.reset();
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
