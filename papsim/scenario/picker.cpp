// SPDX-License-Identifier: MIT
#include "papsim/scenario/picker.hpp"

#include <algorithm>

#include "papsim/scenario/permutation.hpp"

namespace pap::sim {
namespace {

std::string_view wanted_state(const Entry& entry) {
  return std::holds_alternative<Revive>(entry.action) ? "dead" : "alive";
}

}  // namespace

Picker::Picker(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario), stream_(seed, "pick") {
  AgentNumber first = 0;
  for (const Group& group : scenario.fleet) {
    first_of_.push_back(first);
    first += group.count;
  }
}

Picked Picker::whom(const Entry& entry, Occurrence occurrence, const Lives& lives,
                    const Plan& plan) const {
  if (entry.who.pick) return pick(entry, occurrence, lives);
  Picked out;
  out.members = candidates(entry, plan);
  std::erase_if(out.members, [&](AgentNumber member) {
    return !lives.can_meet(member, entry.action, occurrence.at, false);
  });
  if (out.members.empty()) {
    out.why_nobody = "meets nobody: none of them is " + std::string(wanted_state(entry));
  }
  return out;
}

Members Picker::candidates(const Entry& entry, const Plan& plan) const {
  Members out;
  bool may_repeat = entry.who.sets.size() > 1;
  for (const AgentSet& set : entry.who.sets) {
    if (set.kind == AgentSet::Kind::kGroup) {
      for (std::uint32_t i = 0; i < scenario_.fleet[set.index].count; ++i) {
        out.push_back(first_of_[set.index] + i);
      }
      continue;
    }
    for (const AgentNumber agent : plan.picked[set.index]) {
      out.push_back(plan.agents[agent].member);
    }
    may_repeat = may_repeat || std::holds_alternative<Every>(scenario_.timeline[set.index].when);
  }
  if (!may_repeat) return out;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Picked Picker::pick(const Entry& entry, Occurrence occurrence, const Lives& lives) const {
  const std::size_t number = entry.who.sets.front().index;
  const Group& group = scenario_.fleet[number];
  const Pick& pick = *entry.who.pick;
  const std::uint64_t wanted =
      pick.count ? *pick.count : (std::uint64_t{group.count} * *pick.share + kAll - 1) / kAll;
  Picked out;
  const auto consider = [&](std::uint32_t index) {
    const AgentNumber member = first_of_[number] + index;
    if (lives.can_meet(member, entry.action, occurrence.at, true)) out.members.push_back(member);
    return out.members.size() < wanted;
  };
  if (pick.order == PickOrder::kId) {
    for (std::uint32_t i = 0; i < group.count && consider(i);) ++i;
  } else {
    Permutation order(stream_.of(entry.id).of(occurrence.number), group.count);
    for (auto i = order.next(); i && consider(*i);) i = order.next();
  }
  if (out.members.size() < wanted) {
    out.why_nobody = "picks " + std::to_string(wanted) + " of '" + group.name + "', but " +
                     std::to_string(out.members.size()) + " of " + std::to_string(group.count) +
                     (out.members.size() == 1 ? " is " : " are ") +
                     std::string(wanted_state(entry));
    out.members.clear();
  }
  return out;
}

}  // namespace pap::sim
