// SPDX-License-Identifier: MIT
#include "papsim/scenario/agent_ids.hpp"

namespace pap::sim {

AgentIds::AgentIds(const Scenario& scenario, const Plan& plan) : plan_(plan) {
  for (const Group& group : scenario.fleet) {
    Maker maker{{}, RandomStream(plan.seed, "id").of(group.name)};
    IdPattern::parse(group.id, maker.pattern);
    makers_.push_back(std::move(maker));
  }
}

std::string AgentIds::of(AgentNumber agent) const {
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
