// SPDX-License-Identifier: MIT
#include "papsim/world/identities.hpp"

#include <bit>

#include "papsim/world/random_draws.hpp"

namespace pap::sim {

namespace {
constexpr AgentNumber kEmpty = 0xffffffffU;
}

Identities::Identities(const Scenario& scenario, const Plan& plan) {
  entries_.reserve(plan.agents.size());
  buckets_.assign(std::bit_ceil(plan.agents.size() * 2 + 1), kEmpty);
  for (AgentNumber agent = 0; agent < plan.agents.size(); ++agent) {
    const AgentNumber same = plan.agents[agent].same_id_as;
    if (same < agent) {
      entries_.push_back(entries_[same]);
      continue;
    }
    const std::string text = id_of(scenario, plan, agent);
    const auto id = protocol::AgentId::parse(text);
    Entry& entry = entries_.emplace_back();
    if (id && id->is_uuid()) {
      entry.uuid = id->uuid();
    } else {
      entry.text = static_cast<std::uint32_t>(texts_.size());
      texts_.push_back(text);
    }
    std::size_t bucket = hash(text) & (buckets_.size() - 1);
    while (buckets_[bucket] != kEmpty) bucket = (bucket + 1) & (buckets_.size() - 1);
    buckets_[bucket] = agent;
  }
}

std::uint64_t Identities::hash(std::string_view id) {
  std::uint64_t state = id.size();
  for (const char c : id) state = mix(state ^ static_cast<unsigned char>(c));
  return state;
}

AgentNumber Identities::find(std::string_view id) const {
  std::size_t bucket = hash(id) & (buckets_.size() - 1);
  while (buckets_[bucket] != kEmpty) {
    if (of(buckets_[bucket]).str() == id) return buckets_[bucket];
    bucket = (bucket + 1) & (buckets_.size() - 1);
  }
  return size();
}

}  // namespace pap::sim
