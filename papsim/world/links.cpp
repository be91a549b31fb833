// SPDX-License-Identifier: MIT
#include "papsim/world/links.hpp"

#include <algorithm>

namespace pap::sim {

namespace {

void apply(LinkCondition& condition, const NetFault& fault, std::uint32_t entry) {
  if (fault.loss != 0) condition.loss = fault.loss;
  if (fault.delay_to != Millis{0}) {
    condition.delay_from = fault.delay_from;
    condition.delay_to = fault.delay_to;
  }
  if (fault.duplicate != 0) condition.duplicate = fault.duplicate;
  if (fault.reorder != 0) condition.reorder = fault.reorder;
  if (fault.cut != Cut::kNone) condition.cut = fault.cut;
  condition.entry = entry;
}

}  // namespace

Links::Number Links::with(Number from, std::uint32_t entry) {
  Set set = sets_[from];
  set.insert(std::lower_bound(set.begin(), set.end(), entry), entry);
  return number_of(set);
}

Links::Number Links::without(Number from, std::uint32_t entry) {
  Set set = sets_[from];
  const auto found = std::find(set.begin(), set.end(), entry);
  if (found != set.end()) set.erase(found);
  return number_of(set);
}

Links::Number Links::number_of(const Set& set) {
  if (set.empty()) return kClean;
  const auto [found, is_new] = numbers_.try_emplace(set, static_cast<Number>(sets_.size()));
  if (is_new) {
    sets_.push_back(set);
    add(set);
  }
  return found->second;
}

void Links::add(const Set& set) {
  LinkCondition collector;
  LinkCondition station;
  for (const std::uint32_t entry : set) {
    const auto& fault = std::get<NetFault>(scenario_.timeline[entry].action);
    if (fault.link != Link::kStation) apply(collector, fault, entry);
    if (fault.link != Link::kCollector) apply(station, fault, entry);
  }
  collector_.push_back(collector);
  station_.push_back(station);
}

}  // namespace pap::sim
