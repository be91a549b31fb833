// SPDX-License-Identifier: MIT
// Requests that do not just arrive: delayed, doubled, lost, or waiting in a stopped collector.
#include <utility>

#include "papsim/world/world.hpp"

namespace pap::sim {

std::uint32_t World::send(AgentNumber number, const VirtualAgent& agent, std::uint8_t copies) {
  std::uint32_t index = static_cast<std::uint32_t>(requests_.size());
  if (free_requests_.empty()) {
    requests_.emplace_back();
  } else {
    index = free_requests_.back();
    free_requests_.pop_back();
  }
  Request& request = requests_[index];
  request = {number, agent.epoch, wheel_.now(), beat_of(number, agent), copies, false, true};
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
      handle(index);
      break;
    case CollectorHost::State::kStopped:
      waiting_.push_back(index);
      break;
    case CollectorHost::State::kLeaving:
    case CollectorHost::State::kDown: {
      Request& request = requests_[index];
      --request.copies;
      if (std::exchange(request.over, true)) break;
      VirtualAgent& agent = agents_[request.agent];
      if (agent.epoch == request.epoch) fail_beat(request.agent, agent, wheel_.now() + 1);
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

  VirtualAgent& agent = agents_[request.agent];
  const Cut cut = links_.to_collector(agent.link).cut;
  if (cut == Cut::kFrom || cut == Cut::kBoth) {
    links_.bite(links_.to_collector(agent.link));
    return;  // heard, and never answered
  }
  if (std::exchange(request.over, true)) return;  // given up, or a second copy
  if (agent.epoch != request.epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) return agent.set(VirtualAgent::kMissed);
  if (taken) {
    end_beat(request.agent, agent, wheel_.now() + 1);
  } else {
    fail_beat(request.agent, agent, wheel_.now() + 1);
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
  VirtualAgent& agent = agents_[number];
  if (!unanswered || agent.epoch != epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) return agent.set(VirtualAgent::kMissed);
  fail_beat(number, agent, wheel_.now());
}

void World::collector_goes_on() {
  if (!host_.resume()) return;
  host_.before_sockets(stopped_at_);
  std::deque<std::uint32_t> waiting = std::exchange(waiting_, {});
  for (const std::uint32_t request : waiting) handle(request);
  host_.drained();
}

}  // namespace pap::sim
