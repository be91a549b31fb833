// SPDX-License-Identifier: MIT
#include "papsim/scenario/agent_ids.hpp"

#include <algorithm>

#include "pap/protocol/agent_id.hpp"

namespace pap::sim {

namespace {

// As long as it fits: the few that are longer keep their names.
constexpr std::size_t kLongestRenamed = 126;

bool is_upper(char c) { return c >= 'A' && c <= 'F'; }

// Another hex digit, another one for each.
char turned(char digit, bool upper) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kUpper = "0123456789ABCDEF";
  const char lower = is_upper(digit) ? static_cast<char>(digit - 'A' + 'a') : digit;
  const std::size_t other = (kDigits.find(lower) + 5) % kDigits.size();
  return upper ? kUpper[other] : kDigits[other];
}

}  // namespace

std::string renamed(std::string id) {
  if (!protocol::is_station_uuid(id)) return id.size() > kLongestRenamed ? id : "r-" + id;
  const bool upper = std::any_of(id.begin(), id.end(), is_upper);
  for (std::size_t i = 0; i < id.find('-'); ++i) id[i] = turned(id[i], upper);
  return id;
}

AgentIds::AgentIds(const Scenario& scenario, const Plan& plan) : plan_(plan) {
  for (const Group& group : scenario.fleet) {
    Maker maker{{}, RandomStream(plan.seed, "id").of(group.name)};
    IdPattern::parse(group.id, maker.pattern);
    makers_.push_back(std::move(maker));
  }
}

std::string AgentIds::of(AgentNumber agent) const {
  return plan_.renamed ? renamed(planned(agent)) : planned(agent);
}

std::string AgentIds::planned(AgentNumber agent) const {
  const PlannedAgent& planned = plan_.agents[plan_.agents[agent].same_id_as];
  const Maker& maker = makers_[planned.group];
  if (maker.pattern.kind() != IdPattern::Kind::kUuid) {
    return maker.pattern.make(planned.index, planned.identity, {});
  }
  RandomStream stream = maker.stream.of(planned.index).of(planned.identity);
  const std::uint64_t high = stream.next();
  return maker.pattern.make(planned.index, planned.identity, {high, stream.next()});
}

std::string id_of(const Scenario& scenario, const Plan& plan, AgentNumber agent) {
  return AgentIds(scenario, plan).of(agent);
}

}  // namespace pap::sim
