// SPDX-License-Identifier: MIT
#include "pap/core/failure_detector.hpp"

#include <algorithm>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"

namespace pap::core {

using protocol::Mode;

Nanos slack_of(Mode mode, Nanos check_interval) {
  return std::min<Nanos>(Nanos{protocol::interval_of(mode)} / kSlackDivisor,
                         check_interval * 3 / 4);
}

FailureDetector::FailureDetector(AgentTable& table, Nanos check_interval)
    : table_(table),
      lists_{DeadlineList{table, Mode::kEmergency, slack_of(Mode::kEmergency, check_interval)},
             DeadlineList{table, Mode::kIdle, slack_of(Mode::kIdle, check_interval)},
             DeadlineList{table, Mode::kSleep, slack_of(Mode::kSleep, check_interval)}} {}

void FailureDetector::follow(Slot slot) { lists_[index_of(table_[slot].mode)].append(slot); }

void FailureDetector::unfollow(Slot slot) { lists_[index_of(table_[slot].mode)].remove(slot); }

void FailureDetector::lost(ListeningTime now, Nanos gap, Nanos amount) {
  const bool agents_left = gap >= kAgentTimeout;
  if (!catch_up_) catch_up_ = CatchUp{now, Nanos{0}, false};
  catch_up_->ends = now + kLongestCatchUp;
  catch_up_->amount += amount;
  catch_up_->agents_left = catch_up_->agents_left || agents_left;
}

std::optional<ListeningTime> FailureDetector::catch_up_ends() const {
  if (!catch_up_) return std::nullopt;
  return catch_up_->ends;
}

void FailureDetector::caught_up(ListeningTime now) {
  if (!catch_up_) return;
  if (catch_up_->agents_left) {
    const bool ended = !group_began_ || now - *group_began_ >= kMarkSharing;
    if (ended && !planted(Mutant::kGroupNeverEnds)) group_began_ = now;
    for (DeadlineList& list : lists_) list.excuse_until(now, *group_began_);
  }
  catch_up_.reset();
}

std::optional<DueAgent> FailureDetector::next_due() const {
  if (catch_up_) return std::nullopt;
  std::optional<DueAgent> earliest;
  for (const DeadlineList& list : lists_) {
    if (planted(Mutant::kSleepersForgotten) && &list == &lists_.back()) break;
    const auto due = list.next_due();
    if (due && (!earliest || due->when < earliest->when)) earliest = due;
  }
  return earliest;
}

bool FailureDetector::advance_health(ListeningTime now, std::size_t& budget) {
  return std::all_of(lists_.begin(), lists_.end(),
                     [&](DeadlineList& list) { return list.advance_health(now, budget); });
}

bool FailureDetector::is_healthy(Slot slot, ListeningTime now) const {
  const AgentRecord& record = table_[slot];
  return !record.has(AgentRecord::kDead) &&
         now - record.heard_listening < lists_[index_of(record.mode)].grace();
}

std::size_t FailureDetector::living() const {
  std::size_t sum = 0;
  for (const DeadlineList& list : lists_) sum += list.size();
  return sum;
}

std::size_t FailureDetector::unhealthy() const {
  std::size_t sum = 0;
  for (const DeadlineList& list : lists_) sum += list.unhealthy();
  return sum;
}

}  // namespace pap::core
