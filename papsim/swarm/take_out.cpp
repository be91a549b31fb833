// SPDX-License-Identifier: MIT
#include "papsim/swarm/take_out.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace pap::sim {

namespace {

// Which groups and entries stay, by number.
struct Staying {
  std::vector<bool> groups;
  std::vector<bool> entries;

  bool has(const AgentSet& set) const {
    return set.kind == AgentSet::Kind::kGroup ? groups[set.index] : entries[set.index];
  }
};

std::size_t moved(const std::vector<bool>& staying, std::size_t index) {
  const auto end = staying.begin() + static_cast<std::ptrdiff_t>(index);
  return static_cast<std::size_t>(std::count(staying.begin(), end, true));
}

void keep(std::vector<AgentSet>& sets, const Staying& staying) {
  std::erase_if(sets, [&](const AgentSet& set) { return !staying.has(set); });
  for (AgentSet& set : sets) {
    set.index =
        moved(set.kind == AgentSet::Kind::kGroup ? staying.groups : staying.entries, set.index);
  }
}

template <typename T>
void keep(std::vector<T>& all, const std::vector<bool>& staying) {
  std::size_t index = 0;
  std::erase_if(all, [&](const T&) { return !staying[index++]; });
}

// What was about nobody else goes with it.
void keep(Scenario& scenario, Staying staying) {
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
      const std::vector<AgentSet>& sets = scenario.timeline[i].who.sets;
      const bool alone = !sets.empty() && std::none_of(sets.begin(), sets.end(),
                                                       [&](auto& set) { return staying.has(set); });
      if (!alone || !staying.entries[i]) continue;
      staying.entries[i] = false;
      found = true;
    }
  }
  const auto of_stretch = [&](std::vector<Threshold>& thresholds) {
    std::erase_if(thresholds, [&](auto& t) { return t.during && !staying.entries[*t.during]; });
    for (Threshold& t : thresholds) {
      if (t.during) t.during = moved(staying.entries, *t.during);
    }
  };
  of_stretch(scenario.expect.thresholds);
  of_stretch(scenario.expect.live);
  std::erase_if(scenario.expect.alerts, [&](AlertExpectation& row) {
    const bool about_some = !row.agents.empty();
    keep(row.agents, staying);
    return about_some && row.agents.empty();
  });
  std::erase_if(scenario.expect.detection, [&](DetectionExpectation& row) {
    keep(row.of, staying);
    return row.of.empty();
  });
  for (Entry& entry : scenario.timeline) keep(entry.who.sets, staying);
  for (Group& group : scenario.fleet) {
    if (!group.ids_of) continue;
    if (staying.groups[*group.ids_of]) {
      group.ids_of = moved(staying.groups, *group.ids_of);
    } else {
      group.ids_of.reset();
      group.id = "{uuid}";
    }
  }
  keep(scenario.timeline, staying.entries);
  keep(scenario.fleet, staying.groups);
}

Staying all_of(const Scenario& scenario) {
  return {std::vector<bool>(scenario.fleet.size(), true),
          std::vector<bool>(scenario.timeline.size(), true)};
}

}  // namespace

void take_out_entry(Scenario& scenario, std::size_t index) {
  Staying staying = all_of(scenario);
  staying.entries[index] = false;
  keep(scenario, std::move(staying));
}

void take_out_entries(Scenario& scenario, const std::function<bool(const Entry&)>& goes) {
  Staying staying = all_of(scenario);
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    staying.entries[i] = !goes(scenario.timeline[i]);
  }
  keep(scenario, std::move(staying));
}

void take_out_group(Scenario& scenario, std::size_t index) {
  Staying staying = all_of(scenario);
  staying.groups[index] = false;
  keep(scenario, std::move(staying));
}

}  // namespace pap::sim
