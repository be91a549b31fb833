// SPDX-License-Identifier: MIT
#pragma once

// The evidence of a run in virtual time: its world, and the oracle that watched it.
//
// Ownership: both outlive it. Threads: one.

#include "papsim/expect/evidence.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

class VirtualEvidence final : public Evidence {
 public:
  VirtualEvidence(const World& world, const Oracle& oracle) : world_(world), oracle_(oracle) {}

  const Identities& identities() const override { return world_.identities(); }
  std::string_view rules() const override { return "S1 to S9, S12, S13, L1 to L7"; }
  std::uint64_t beats_accepted() const override { return world_.figures().beats_accepted; }
  std::uint64_t restarts() const override { return world_.host().restarts(); }
  std::uint64_t bites(std::uint32_t entry) const override { return world_.bites(entry); }
  std::span<const Told> told() const override { return oracle_.told(); }
  std::span<const DeathSeen> deaths() const override { return oracle_.deaths(); }
  std::span<const Decision> decisions() const override { return oracle_.decisions(); }
  std::span<const Violation> violations() const override { return oracle_.violations(); }
  std::uint64_t violation_count(Rule rule) const override { return oracle_.violation_count(rule); }
  std::vector<AgentNumber> lost(DropCause cause) const override { return oracle_.lost(cause); }
  std::span<const AgentNumber> turned_away() const override { return oracle_.turned_away(); }
  std::span<const AgentNumber> left() const override { return oracle_.left(); }
  std::uint64_t reached(Mark mark) const override;
  std::optional<std::int64_t> figure(Metric metric, Statistic statistic,
                                     std::optional<std::size_t> during) const override {
    return world_.book().value(metric, statistic, during, world_.read_figures());
  }

 private:
  const World& world_;
  const Oracle& oracle_;
};

}  // namespace pap::sim
