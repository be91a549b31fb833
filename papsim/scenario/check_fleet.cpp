// SPDX-License-Identifier: MIT
// What only the fleet as a whole can tell: ids that are none, ids that collide, too many agents.

#include <algorithm>
#include <map>

#include "pap/protocol/agent_id.hpp"
#include "papsim/scenario/id_pattern.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"
#include "papsim/scenario/vocabulary.hpp"

namespace pap::sim {
namespace {

// A later identity adds `.` and its number.
constexpr std::size_t kIdentityBytes = 8;

std::string in_group(const Group& group) { return "fleet." + group.name + ": "; }

void check_id(const Group& group, const IdPattern& pattern, Problems& problems) {
  if (group.count > 1 && pattern.kind() == IdPattern::Kind::kPlain) {
    problems.add(group.place, in_group(group) + std::to_string(group.count) +
                                  " agents would all be called '" + group.id +
                                  "'; put {i} or {uuid} into the id");
    return;
  }
  const std::string longest = pattern.make(group.count - 1, 0, {});
  const std::string why = protocol::AgentId::why_invalid(longest);
  if (!why.empty()) {
    problems.add(group.place, in_group(group) + "'" + longest + "' is no agent id: " + why);
  } else if (longest.size() + kIdentityBytes > protocol::kMaxAgentIdBytes) {
    problems.add(group.place, in_group(group) + "'" + longest + "' leaves no room for a later " +
                                  "identity's number under 128 bytes");
  }
}

// Two patterns can only meet when one's beginning and end fit the other's.
bool may_meet(const IdPattern& a, const IdPattern& b) {
  const auto fit = [](const std::string& x, const std::string& y) {
    return x.starts_with(y) || y.starts_with(x);
  };
  const auto fit_end = [](const std::string& x, const std::string& y) {
    return x.ends_with(y) || y.ends_with(x);
  };
  return fit(a.before(), b.before()) && fit_end(a.after(), b.after());
}

struct Named {
  const Group* group;
  IdPattern pattern;
};

void check_collisions(const std::vector<Named>& named, Problems& problems) {
  for (std::size_t i = 0; i < named.size(); ++i) {
    for (std::size_t j = i + 1; j < named.size(); ++j) {
      if (!may_meet(named[i].pattern, named[j].pattern)) continue;
      std::vector<std::string> ids;
      for (std::uint32_t k = 0; k < named[i].group->count; ++k) {
        ids.push_back(named[i].pattern.make(k, 0, {}));
      }
      std::sort(ids.begin(), ids.end());
      for (std::uint32_t k = 0; k < named[j].group->count; ++k) {
        const std::string id = named[j].pattern.make(k, 0, {});
        if (!std::binary_search(ids.begin(), ids.end(), id)) continue;
        problems.add(named[j].group->place,
                     in_group(*named[j].group) + "'" + id + "' is also an agent of '" +
                         named[i].group->name +
                         "'; if that is meant, say ids_of: " + named[i].group->name);
        break;
      }
    }
  }
}

void check_twins(const Scenario& scenario, const Group& group, Problems& problems) {
  const Group& other = scenario.fleet[*group.ids_of];
  if (&other == &group) {
    problems.add(group.place, in_group(group) + "ids_of names the group itself");
  } else if (other.ids_of) {
    problems.add(group.place, in_group(group) + "'" + other.name + "' has its ids from '" +
                                  scenario.fleet[*other.ids_of].name + "'; name that");
  } else if (group.count > other.count) {
    problems.add(group.place, in_group(group) + std::to_string(group.count) +
                                  " agents want ids of '" + other.name + "', which has " +
                                  std::to_string(other.count));
  }
}

}  // namespace

void check_fleet(const Scenario& scenario, Problems& problems) {
  std::uint64_t agents = 0;
  std::vector<Named> named;
  for (const Group& group : scenario.fleet) {
    agents += group.count;
    if (group.join_from + group.join.over > scenario.run_for) {
      problems.add(group.place, in_group(group) + "the last one joins at " +
                                    to_word(group.join_from + group.join.over) +
                                    ", after the run ends at " + to_word(scenario.run_for));
    }
    if (group.ids_of) {
      check_twins(scenario, group, problems);
      continue;
    }
    IdPattern pattern;
    const std::string why = IdPattern::parse(group.id, pattern);
    if (!why.empty()) {
      problems.add(group.place, in_group(group) + "id '" + group.id + "' has " + why);
      continue;
    }
    check_id(group, pattern, problems);
    if (pattern.kind() != IdPattern::Kind::kUuid) named.push_back({&group, pattern});
  }
  check_collisions(named, problems);
  if (agents > static_cast<std::uint64_t>(kMostAgents)) {
    problems.add(scenario.fleet.front().place, "the fleet has " + std::to_string(agents) +
                                                   " agents; at most " +
                                                   std::to_string(kMostAgents));
  }
}

}  // namespace pap::sim
