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
  if (!catch_up_) catch_up_ = CatchUp{};
  catch_up_->ends = now + kLongestCatchUp;
  catch_up_->agents_left = catch_up_->agents_left || gap >= kAgentTimeout;
  waited_ += amount;
  if (catch_up_->agents_left && planted(Mutant::kWaitingUnexcused)) {
    catch_up_->agents_left = false;
    excuse(now);
  }
}

// Where some are let in, a crowd may last for ever, and nobody knows how long one has waited. More
// than this would hide restarts: by then whoever gave up comes again.
void FailureDetector::may_have_waited(Nanos since) {
  waited_ = std::max(waited_, std::min(since, kAgentAway));
}

void FailureDetector::hears_nobody(ListeningTime now, Nanos since) {
  if (!catch_up_ || !catch_up_->deaf) {
    // The loss before is over, though not all that waited was handled. Else one that is broken
    // again and again would put its end off for ever, and with it every death.
    caught_up(now);
    catch_up_ = CatchUp{};
    catch_up_->deaf = true;
  }
  may_have_waited(since);
  catch_up_->agents_left = catch_up_->agents_left || since >= kAgentTimeout;
}

void FailureDetector::hears_some(ListeningTime now, Nanos since) {
  if (catch_up_ && catch_up_->deaf) return hears_all(now, since);
  may_have_waited(since);
  if (since < kAgentTimeout) return;
  if (catch_up_) {
    catch_up_->agents_left = true;
  } else {
    excuse(now);
  }
}

void FailureDetector::hears_all(ListeningTime now, Nanos since) {
  may_have_waited(since);
  if (!catch_up_ && since < kAgentTimeout) {  // a crowd that has gone before anybody gave us up
    waited_ = Nanos{0};
    return;
  }
  if (!catch_up_) catch_up_ = CatchUp{};
  catch_up_->ends = now + kLongestCatchUp;
  catch_up_->agents_left = catch_up_->agents_left || since >= kAgentTimeout;
  catch_up_->deaf = false;
}

std::optional<ListeningTime> FailureDetector::catch_up_ends() const {
  if (!catching_up()) return std::nullopt;
  return catch_up_->ends;
}

void FailureDetector::caught_up(ListeningTime now) {
  if (!catching_up()) return;
  if (catch_up_->agents_left) excuse(now);
  catch_up_.reset();
  waited_ = Nanos{0};
}

void FailureDetector::excuse(ListeningTime now) {
  const bool ended = !group_began_ || now - *group_began_ >= kMarkSharing;
  if (ended && !planted(Mutant::kGroupNeverEnds)) group_began_ = now;
  for (DeadlineList& list : lists_) list.excuse_until(now, *group_began_);
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
