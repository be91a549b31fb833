// SPDX-License-Identifier: MIT
#pragma once

// What the network does to a request, by the faults in force for its agent.
//
// Agents under the same faults share one condition; an agent keeps its number. Where faults
// overlap, each figure is that of the last one in file order that sets it.
// Threads: one.

#include <cstdint>
#include <map>
#include <vector>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

struct LinkCondition {
  PartsPerMillion loss = 0;
  Millis delay_from{0};
  Millis delay_to{0};
  PartsPerMillion duplicate = 0;
  PartsPerMillion reorder = 0;
  Cut cut = Cut::kNone;
  std::uint32_t entry = 0;  // the last fault that had a say, for its bites

  bool clean() const {
    return loss == 0 && delay_to == Millis{0} && duplicate == 0 && reorder == 0 &&
           cut == Cut::kNone;
  }
};

class Links {
 public:
  using Number = std::uint16_t;
  static constexpr Number kClean = 0;

  explicit Links(const Scenario& scenario) : scenario_(scenario) {
    sets_.push_back({});
    add({});
  }

  // The condition of an agent that had `from`, with or without the fault of `entry`.
  Number with(Number from, std::uint32_t entry);
  Number without(Number from, std::uint32_t entry);

  const LinkCondition& to_collector(Number number) const { return collector_[number]; }
  const LinkCondition& to_station(Number number) const { return station_[number]; }

  void bite(const LinkCondition& condition) {
    if (bites_.size() <= condition.entry) bites_.resize(condition.entry + 1);
    ++bites_[condition.entry];
  }
  std::uint64_t bites(std::uint32_t entry) const {
    return entry < bites_.size() ? bites_[entry] : 0;
  }

 private:
  using Set = std::vector<std::uint32_t>;  // entries, in file order

  Number number_of(const Set& set);
  void add(const Set& set);

  const Scenario& scenario_;
  std::vector<Set> sets_;
  std::map<Set, Number> numbers_;
  std::vector<LinkCondition> collector_;
  std::vector<LinkCondition> station_;
  std::vector<std::uint64_t> bites_;
};

}  // namespace pap::sim
