// SPDX-License-Identifier: MIT
#include "papsim/scenario/lives.hpp"

#include <algorithm>

#include "papsim/scenario/actions.hpp"

namespace pap::sim {

Lives::Lives(const Scenario& scenario, std::vector<PlannedAgent>& agents) : agents_(agents) {
  lives_.reserve(agents.size());
  for (const PlannedAgent& agent : agents) {
    Life life;
    life.now = agent.member;
    life.mode = agent.mode;
    // Members that do not join were there before the collector was; their phase is no birth.
    const Group& group = scenario.fleet[agent.group];
    const bool joins = group.join_from > Millis{0} || group.join.over > Millis{0};
    if (joins) life.joined = agent.first_beat;
    lives_.push_back(life);
  }
}

bool Lives::can_meet(AgentNumber member, const Action& action, Millis now, bool of_living) const {
  const Life& life = lives_[member];
  const bool up = life.state == State::kUp && life.joined <= now;
  const bool living = up || life.state == State::kFrozen;
  return std::visit(Overloaded{[&](const Revive&) { return life.state == State::kDown; },
                               [&](const Freeze&) { return up; }, [&](const Leave&) { return up; },
                               [&](const AgentClock&) { return living || !of_living; },
                               [&](const NetFault&) { return living || !of_living; },
                               [&](const StationFault&) { return living || !of_living; },
                               [&](const auto&) { return living; }},
                    action);
}

protocol::Mode Lives::mode_of(AgentNumber member) const {
  for (auto cover = covers_.rbegin(); cover != covers_.rend(); ++cover) {
    const auto& members = cover->second.members;
    if (std::binary_search(members.begin(), members.end(), member)) return cover->second.mode;
  }
  return lives_[member].mode;
}

void Lives::stop(AgentNumber member) { lives_[member].state = State::kDown; }

AgentNumber Lives::start(AgentNumber member, Millis now, bool new_identity) {
  Life& life = lives_[member];
  life.state = State::kUp;
  if (!new_identity) return life.now;
  PlannedAgent agent = agents_[member];
  agent.identity = life.identities++;
  agent.mode = mode_of(member);
  agent.first_beat = now;
  agent.uptime = Millis{0};
  life.now = static_cast<AgentNumber>(agents_.size());
  agent.same_id_as = life.now;
  agents_.push_back(agent);
  return life.now;
}

void Lives::freeze(AgentNumber member, Millis until) {
  lives_[member].state = State::kFrozen;
  lives_[member].frozen_until = until;
}

bool Lives::thaw(AgentNumber member, Millis now) {
  Life& life = lives_[member];
  if (life.state != State::kFrozen || life.frozen_until != now) return false;
  life.state = State::kUp;
  return true;
}

void Lives::cover_mode(std::uint32_t entry, protocol::Mode mode, std::vector<AgentNumber> members) {
  covers_.insert_or_assign(entry, Cover{mode, std::move(members)});
}

}  // namespace pap::sim
