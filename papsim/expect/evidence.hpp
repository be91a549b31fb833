// SPDX-License-Identifier: MIT
#pragma once

// What a run that is over leaves for its judges, whether it went on in virtual time or over
// sockets.
//
// Ownership: spans live as long as the evidence. Threads: one.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "pap/protocol/alert.hpp"
#include "papsim/oracle/seen.hpp"
#include "papsim/oracle/violation.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

class Evidence {
 public:
  // An alert that was posted at least once; two with different keys are two.
  using Told = std::pair<AgentNumber, protocol::AlertType>;

  virtual ~Evidence() = default;

  virtual const Identities& identities() const = 0;
  // Which rules were watched, in words.
  virtual std::string_view rules() const = 0;
  virtual std::uint64_t beats_accepted() const = 0;
  virtual std::uint64_t restarts() const = 0;  // of the collector
  // How often the fault of this timeline entry changed what would have happened.
  virtual std::uint64_t bites(std::uint32_t entry) const = 0;
  virtual std::span<const Told> told() const = 0;
  virtual std::span<const DeathSeen> deaths() const = 0;
  virtual std::span<const Decision> decisions() const = 0;
  virtual std::span<const Violation> violations() const = 0;
  virtual std::uint64_t violation_count(Rule rule) const = 0;
  // Agents of whom an alert was dropped and never told.
  virtual std::vector<AgentNumber> lost(DropCause cause) const = 0;
  // Alive, and refused since the table was full.
  virtual std::span<const AgentNumber> turned_away() const = 0;
  // Of whom an alert was left when the collector ended.
  virtual std::span<const AgentNumber> left() const = 0;
  virtual std::uint64_t reached(Mark mark) const = 0;
  // Of the run or of an entry; none where there is no sample. Not for distributions.
  virtual std::optional<std::int64_t> figure(Metric metric, Statistic statistic,
                                             std::optional<std::size_t> during) const = 0;
  std::uint64_t count(Metric metric) const {
    return static_cast<std::uint64_t>(figure(metric, Statistic::kValue, {}).value_or(0));
  }
};

}  // namespace pap::sim
