// SPDX-License-Identifier: MIT
#pragma once

// Agents' ids by number, ready for the core, and back.
//
// Memory: 20 bytes an agent with a UUID; texts beside that for the others.
// Ownership: owns the texts that AgentIds refer to. Threads: one.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "pap/protocol/agent_id.hpp"
#include "papsim/scenario/plan.hpp"

namespace pap::sim {

class Identities {
 public:
  Identities(const Scenario& scenario, const Plan& plan);

  protocol::AgentId of(AgentNumber agent) const {
    const Entry& entry = entries_[agent];
    return entry.text == kUuid ? protocol::AgentId::from_uuid(entry.uuid)
                               : protocol::AgentId::from_checked_text(texts_[entry.text]);
  }
  void prefetch(AgentNumber agent) const { __builtin_prefetch(&entries_[agent]); }
  std::string text_of(AgentNumber agent) const { return of(agent).str(); }
  // The number (of several agents with one id, the first), or `size()` when no agent has it.
  AgentNumber find(std::string_view id) const;
  AgentNumber size() const { return static_cast<AgentNumber>(entries_.size()); }

 private:
  static constexpr std::uint32_t kUuid = 0xffffffffU;
  struct Entry {
    protocol::UuidBytes uuid{};
    std::uint32_t text = kUuid;
  };

  static std::uint64_t hash(std::string_view id);

  std::vector<Entry> entries_;
  std::deque<std::string> texts_;
  std::vector<AgentNumber> buckets_;  // open addressing, a power of two, by the text's hash
};

}  // namespace pap::sim
