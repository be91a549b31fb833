// SPDX-License-Identifier: MIT
// How virtual agents behave (contract: How real agents behave).
#include <algorithm>

#include "papsim/world/random_draws.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

constexpr WorldTime kRoundTrip = 1;
// Having given the collector up, an agent does not try it for this long.
constexpr WorldTime kAway = 60'000;
constexpr std::uint8_t kStationFailures = 3;

}  // namespace

std::uint64_t World::draw_at_agent(AgentNumber number, std::uint32_t n) const {
  return draw_at(mix(plan_.seed * 0x2545f4914f6cdd1dU + number), n);
}

bool World::chance(AgentNumber number, VirtualAgent& agent, PartsPerMillion share) {
  return share != 0 && scale(draw(number, agent), kAll) < share;
}

// --- processes ---

void World::join_all() {
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

void World::start_process(AgentNumber number) {
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

void World::stop_process(AgentNumber number) {
  VirtualAgent& agent = agents_[number];
  agent.clear(VirtualAgent::kRunning);
  ++agent.epoch;
}

double World::uptime_of(AgentNumber number, const VirtualAgent& agent) const {
  const WorldTime now = wheel_.now();
  if (!agent.has(VirtualAgent::kOddClock)) {
    return static_cast<double>(now - agent.started) / 1000.0;
  }
  const OddClock& clock = clocks_.at(number);
  if (clock.frozen) return clock.frozen_uptime;
  const std::int64_t drifted = (now - clock.drift_since) * clock.drift_ppm / 1'000'000;
  return static_cast<double>(now - agent.started + clock.offset_ms + drifted) / 1000.0;
}

SeenBeat World::beat_of(AgentNumber number, const VirtualAgent& agent) {
  return {agent.id, agent.mode, uptime_of(number, agent)};
}

// --- beats ---

void World::on_beat(AgentNumber number, std::uint32_t epoch) {
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
    beat_collector(number, agent);
  }
}

void World::beat_collector(AgentNumber number, VirtualAgent& agent) {
  ++figures_.beats_sent;
  const LinkCondition& link = links_.to_collector(agent.link);
  if (link.clean() && host_.state() == CollectorHost::State::kRunning) {
    const SeenBeat beat = beat_of(number, agent);
    if (beat.uptime_seconds < 0) {  // a clock that went back before the start; answered 400
      ++figures_.beats_refused;
      host_.refuse(beat);
      return fail_beat(number, agent, wheel_.now() + kRoundTrip);
    }
    if (!host_.heartbeat(beat).accepted) {
      ++figures_.beats_refused;
      return fail_beat(number, agent, wheel_.now() + kRoundTrip);
    }
    ++figures_.beats_accepted;
    return end_beat(number, agent, wheel_.now() + kRoundTrip);
  }

  if (!link.clean()) {
    const bool lost =
        link.cut == Cut::kTo || link.cut == Cut::kBoth || chance(number, agent, link.loss);
    const std::uint8_t copies = lost ? 0 : chance(number, agent, link.duplicate) ? 2 : 1;
    const std::uint32_t request = send(number, agent, copies);
    bool bitten = lost || copies == 2 || link.cut == Cut::kFrom;
    for (std::uint8_t copy = 0; copy < copies; ++copy) {
      WorldTime delay = 0;
      if (link.delay_to > Millis{0}) {
        const auto span = static_cast<std::uint64_t>((link.delay_to - link.delay_from).count()) + 1;
        delay = link.delay_from.count() + static_cast<WorldTime>(scale(draw(number, agent), span));
      }
      if (copy == 1 || chance(number, agent, link.reorder)) {
        // Within an agent's patience: what its own next beat overtook would read as a restart, by
        // the contract's rule, unless all of its beats are slow (scenarios/fast/overtaken_beats).
        delay += static_cast<WorldTime>(scale(draw(number, agent), kAgentPatience));
        bitten = true;
      }
      bitten = bitten || delay > 0;
      wheel_.add(wheel_.now() + delay, {number, request, EventKind::kArrive});
    }
    if (bitten) links_.bite(link);
    return;
  }

  const std::uint32_t request = send(number, agent, 1);
  on_arrive(request);
}

void World::end_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended) {
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

void World::fail_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended) {
  ++figures_.beats_unanswered;
  if (agent.has(VirtualAgent::kSteady)) return end_beat(number, agent, ended);
  // This beat goes straight to the Station, and so do all within the time away.
  agent.away_until = ended + kAway + 1;
  beat_station(number, agent);
}

void World::beat_station(AgentNumber number, VirtualAgent& agent) {
  ++figures_.beats_at_station;
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

void World::next_beat_at(AgentNumber number, VirtualAgent& agent, WorldTime at) {
  wheel_.add(at, {number, ++agent.epoch, EventKind::kBeat});
}

}  // namespace pap::sim
