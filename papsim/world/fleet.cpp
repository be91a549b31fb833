// SPDX-License-Identifier: MIT
#include "papsim/world/fleet.hpp"

#include <algorithm>

#include "papsim/world/random_draws.hpp"

namespace pap::sim {

namespace {

constexpr std::uint8_t kStationFailures = 3;

}  // namespace

Fleet::Fleet(const Scenario& scenario, const Plan& plan, Wheel& wheel, Links& links,
             VirtualStation& station, Carrier& carrier)
    : scenario_(scenario),
      plan_(plan),
      wheel_(wheel),
      links_(links),
      station_(station),
      carrier_(carrier),
      agents_(plan.agents.size()) {}

std::uint64_t Fleet::draw(AgentNumber number, VirtualAgent& agent) const {
  return draw_at(mix(plan_.seed * 0x2545f4914f6cdd1dU + number), agent.draws++);
}

bool Fleet::chance(AgentNumber number, VirtualAgent& agent, PartsPerMillion share) const {
  return share != 0 && scale(draw(number, agent), kAll) < share;
}

// --- processes ---

void Fleet::join_all() {
  for (AgentNumber number = 0; number < plan_.agents.size(); ++number) {
    const PlannedAgent& planned = plan_.agents[number];
    VirtualAgent& agent = agents_[number];
    agent.group = planned.group;
    agent.id = planned.same_id_as;
    agent.mode = planned.mode;
    agent.planned_mode = planned.mode;
    if (scenario_.fleet[planned.group].retry == Retry::kSteady) agent.set(VirtualAgent::kSteady);
    if (planned.identity != 0) continue;  // comes later, by a step
    agent.set(VirtualAgent::kRunning);
    const WorldTime first = planned.first_beat.count();
    agent.started = first - planned.uptime.count();
    next_beat_at(number, agent, first);
  }
}

void Fleet::start_process(AgentNumber number) {
  VirtualAgent& agent = agents_[number];
  if (agent.has(VirtualAgent::kRunning)) stop_process(number);
  agent.set(VirtualAgent::kRunning);
  agent.clear(VirtualAgent::kFrozen);
  agent.clear(VirtualAgent::kMissed);
  agent.started = wheel_.now();
  clocks_.erase(number);
  agent.clear(VirtualAgent::kOddClock);
  agent.away_until = 0;
  agent.station_failures = 0;
  agent.mode = agent.planned_mode;
  next_beat_at(number, agent, wheel_.now());
}

void Fleet::stop_process(AgentNumber number) {
  VirtualAgent& agent = agents_[number];
  agent.clear(VirtualAgent::kRunning);
  ++agent.epoch;
}

double Fleet::uptime_of(AgentNumber number, const VirtualAgent& agent) const {
  const WorldTime now = wheel_.now();
  if (!agent.has(VirtualAgent::kOddClock)) {
    return static_cast<double>(now - agent.started) / 1000.0;
  }
  const OddClock& clock = clocks_.at(number);
  if (clock.frozen) return clock.frozen_uptime;
  const std::int64_t drifted = (now - clock.drift_since) * clock.drift_ppm / 1'000'000;
  return static_cast<double>(now - agent.started + clock.offset_ms + drifted) / 1000.0;
}

// --- beats ---

void Fleet::on_beat(AgentNumber number, std::uint32_t epoch) {
  VirtualAgent& agent = agents_[number];
  if (epoch != agent.epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) {
    agent.set(VirtualAgent::kMissed);
    return;
  }
  agent.planned = wheel_.now();
  if (wheel_.now() < agent.away_until) {
    beat_station(number, agent);
  } else {
    carrier_.beat_collector(number, agent);
  }
}

Fleet::Fate Fleet::draw_fate(AgentNumber number, VirtualAgent& agent, const LinkCondition& link) {
  Fate fate;
  const bool lost =
      link.cut == Cut::kTo || link.cut == Cut::kBoth || chance(number, agent, link.loss);
  fate.copies = lost ? 0 : chance(number, agent, link.duplicate) ? 2 : 1;
  fate.bitten = lost || fate.copies == 2 || link.cut == Cut::kFrom;
  for (std::uint8_t copy = 0; copy < fate.copies; ++copy) {
    WorldTime& delay = fate.delays[copy];
    if (link.delay_to > Millis{0}) {
      const auto span = static_cast<std::uint64_t>((link.delay_to - link.delay_from).count()) + 1;
      delay = link.delay_from.count() + static_cast<WorldTime>(scale(draw(number, agent), span));
    }
    if (copy == 1 || chance(number, agent, link.reorder)) {
      // Within an agent's patience: what its own next beat overtook would read as a restart, by
      // the contract's rule, unless all of its beats are slow (scenarios/fast/overtaken_beats).
      delay += static_cast<WorldTime>(scale(draw(number, agent), kAgentPatience));
      fate.bitten = true;
    }
    fate.bitten = fate.bitten || delay > 0;
  }
  return fate;
}

void Fleet::end_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended) {
  agent.station_failures = 0;
  // Until the next beat says another mode, the pace is that of the mode that was just said.
  const WorldTime interval = protocol::interval_of(agent.mode).count();
  agent.mode = agent.planned_mode;
  const WorldTime from = agent.has(VirtualAgent::kSteady) ? agent.planned : ended;
  const PartsPerMillion jitter = scenario_.fleet[agent.group].jitter;
  WorldTime gap = interval;
  if (jitter != 0) {
    const auto most = static_cast<std::uint64_t>(interval) * jitter / kAll;
    gap += static_cast<WorldTime>(scale(draw(number, agent), most + 1));
  }
  next_beat_at(number, agent, from + gap);
}

void Fleet::fail_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended) {
  ++beats_failed_;
  if (agent.has(VirtualAgent::kSteady)) return end_beat(number, agent, ended);
  // This beat goes straight to the Station, and so do all within the time away.
  agent.away_until = ended + kAgentAway + 1;
  beat_station(number, agent);
}

void Fleet::beat_station(AgentNumber number, VirtualAgent& agent) {
  ++beats_at_station_;
  const LinkCondition& link = links_.to_station(agent.link);
  VirtualStation::Beat beat = station_.beat(wheel_.now(), agent.id);
  if (link.cut != Cut::kNone || chance(number, agent, link.loss)) {
    links_.bite(link);
    beat = {wheel_.now() + kAgentPatience, false};
  }
  if (beat.taken) {
    end_beat(number, agent, beat.ended);
    return;
  }
  const auto failures =
      static_cast<std::uint8_t>(std::min<int>(agent.station_failures + 1, kStationFailures));
  end_beat(number, agent, beat.ended);
  agent.station_failures = failures;
  if (failures >= kStationFailures && agent.mode != protocol::Mode::kEmergency) {
    agent.mode = protocol::Mode::kEmergency;
    next_beat_at(number, agent,
                 beat.ended + protocol::interval_of(protocol::Mode::kEmergency).count());
  }
}

// --- what the plan does to them ---

void Fleet::act(const Step& step, const Entry& entry, AgentNumber number) {
  VirtualAgent& agent = agents_[number];
  switch (step.kind) {
    case StepKind::kStop:
      return stop_process(number);
    case StepKind::kStart:
      return start_process(number);
    case StepKind::kFreeze:
      return agent.set(VirtualAgent::kFrozen);
    case StepKind::kThaw:
      agent.clear(VirtualAgent::kFrozen);
      if (agent.has(VirtualAgent::kRunning) && agent.has(VirtualAgent::kMissed)) {
        agent.clear(VirtualAgent::kMissed);
        next_beat_at(number, agent, wheel_.now());
      }
      return;
    case StepKind::kLeave:
      if (!agent.has(VirtualAgent::kRunning)) return;
      agent.planned = wheel_.now();
      return carrier_.leave(number, agent);
    case StepKind::kMode:
      agent.planned_mode = step.mode;
      agent.mode = step.mode;
      // An agent that changes its mode says so at once.
      if (agent.has(VirtualAgent::kRunning)) next_beat_at(number, agent, wheel_.now());
      return;
    case StepKind::kBegin:
    case StepKind::kEnd:
      break;
  }
  const bool begins = step.kind == StepKind::kBegin;
  if (std::holds_alternative<NetFault>(entry.action)) {
    agent.link =
        begins ? links_.with(agent.link, step.entry) : links_.without(agent.link, step.entry);
  } else if (const auto* change = std::get_if<AgentClock>(&entry.action)) {
    change_clock(number, *change, begins);
  }
}

void Fleet::change_clock(AgentNumber number, const AgentClock& change, bool begins) {
  VirtualAgent& agent = agents_[number];
  OddClock& clock = clocks_[number];
  agent.set(VirtualAgent::kOddClock);
  const WorldTime now = wheel_.now();
  const double uptime = uptime_of(number, agent);
  clock.offset_ms += (now - clock.drift_since) * clock.drift_ppm / 1'000'000;
  clock.drift_since = now;
  switch (change.kind) {
    case AgentClock::Kind::kStep:
      clock.offset_ms += begins ? change.step_ms : -change.step_ms;
      break;
    case AgentClock::Kind::kDrift:
      clock.drift_ppm = begins ? change.drift_ppm : 0;
      break;
    case AgentClock::Kind::kFreeze:
      clock.frozen_uptime = uptime;
      clock.frozen = begins;
      break;
  }
}

void Fleet::heal() {
  for (VirtualAgent& agent : agents_) agent.link = Links::kClean;
}

}  // namespace pap::sim
