// SPDX-License-Identifier: MIT
// Beats on their way to the collector: most just arrive, some are delayed, doubled, lost, or wait
// in a stopped collector.
#include <utility>

#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

constexpr WorldTime kRoundTrip = 1;

}  // namespace

void World::beat_collector(AgentNumber number, VirtualAgent& agent) {
  ++figures_.beats_sent;
  const LinkCondition& link = links_.to_collector(agent.link);
  const bool clean = agent.link == Links::kClean || link.clean();
  if (clean && hears()) {
    const SeenBeat beat = fleet_.beat_of(number, agent);
    bool taken = false;
    if (beat.uptime_seconds < 0) {  // a clock that went back before the start; answered 400
      host_.refuse(beat);
    } else {
      taken = host_.heartbeat(beat).accepted;
    }
    if (taken) {
      ++figures_.beats_accepted;
      return fleet_.end_beat(number, agent, wheel_.now() + kRoundTrip);
    }
    ++figures_.beats_refused;
    return fleet_.fail_beat(number, agent, wheel_.now() + kRoundTrip);
  }

  if (!clean) {
    const Fleet::Fate fate = fleet_.draw_fate(number, agent, link);
    const std::uint32_t request = send(number, agent, fate.copies);
    for (std::uint8_t copy = 0; copy < fate.copies; ++copy) {
      wheel_.add(wheel_.now() + fate.delays[copy], {number, request, EventKind::kArrive});
    }
    if (fate.bitten) links_.bite(link);
    return;
  }

  on_arrive(send(number, agent, 1));
}

void World::leave(AgentNumber number, VirtualAgent& agent) {
  beat_collector(number, agent);
  fleet_.stop_process(number);
  if (hears()) {
    host_.remove(plan_.agents[number].same_id_as);
  }
}

std::uint32_t World::send(AgentNumber number, const VirtualAgent& agent, std::uint8_t copies) {
  std::uint32_t index = static_cast<std::uint32_t>(requests_.size());
  if (free_requests_.empty()) {
    requests_.emplace_back();
  } else {
    index = free_requests_.back();
    free_requests_.pop_back();
  }
  Request& request = requests_[index];
  request = {number, agent.epoch, wheel_.now(), fleet_.beat_of(number, agent), copies, false, true};
  wheel_.add(wheel_.now() + kAgentPatience, {number, index, EventKind::kGiveUp});
  return index;
}

// Its giving up is always the last that is heard of a request, but for copies still under way.
void World::release(std::uint32_t index) {
  Request& request = requests_[index];
  if (request.copies > 0 || !request.in_use) return;
  request.in_use = false;
  free_requests_.push_back(index);
}

void World::on_arrive(std::uint32_t index) {
  switch (host_.state()) {
    case CollectorHost::State::kRunning:
      if (deaf_ > 0) {
        waiting_.push_back(index);
      } else {
        handle(index);
      }
      break;
    case CollectorHost::State::kStopped:
      waiting_.push_back(index);
      break;
    case CollectorHost::State::kLeaving:
    case CollectorHost::State::kDown: {
      Request& request = requests_[index];
      --request.copies;
      if (std::exchange(request.over, true)) break;
      VirtualAgent& agent = fleet_.at(request.agent);
      if (agent.epoch == request.epoch) fleet_.fail_beat(request.agent, agent, wheel_.now() + 1);
      break;
    }
  }
}

void World::handle(std::uint32_t index) {
  Request& request = requests_[index];
  --request.copies;
  bool taken = false;
  if (request.beat.uptime_seconds < 0) {
    host_.refuse(request.beat);
  } else {
    taken = host_.heartbeat(request.beat).accepted;
  }
  ++(taken ? figures_.beats_accepted : figures_.beats_refused);

  VirtualAgent& agent = fleet_.at(request.agent);
  const Cut cut = links_.to_collector(agent.link).cut;
  if (cut == Cut::kFrom || cut == Cut::kBoth) {
    links_.bite(links_.to_collector(agent.link));
    return;  // heard, and never answered
  }
  if (std::exchange(request.over, true)) return;  // given up, or a second copy
  if (agent.epoch != request.epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) return agent.set(VirtualAgent::kMissed);
  if (taken) {
    fleet_.end_beat(request.agent, agent, wheel_.now() + 1);
  } else {
    fleet_.fail_beat(request.agent, agent, wheel_.now() + 1);
  }
}

void World::on_give_up(std::uint32_t index) {
  Request& request = requests_[index];
  const bool unanswered = !std::exchange(request.over, true);
  const AgentNumber number = request.agent;
  const std::uint32_t epoch = request.epoch;
  if (request.copies == 0) {
    release(index);
  } else {
    // Copies are still under way; look again when none can be.
    wheel_.add(wheel_.now() + kAgentPatience, {number, index, EventKind::kGiveUp});
  }
  VirtualAgent& agent = fleet_.at(number);
  if (!unanswered || agent.epoch != epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) return agent.set(VirtualAgent::kMissed);
  fleet_.fail_beat(number, agent, wheel_.now());
}

void World::collector_goes_on() {
  if (!host_.resume()) return;
  host_.before_sockets(stopped_at_);
  if (deaf_ == 0) return let_in();
  host_.answers_drained();
  knows_deaf_ = true;
  host_.hears_nobody(deaf_since_);
}

void World::let_in() {
  if (std::exchange(knows_deaf_, false)) host_.hears_all(deaf_since_);
  for (const std::uint32_t request : std::exchange(waiting_, {})) handle(request);
  host_.drained();
}

}  // namespace pap::sim
