// SPDX-License-Identifier: MIT
#include "pap/core/deadline_list.hpp"

#include <algorithm>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"

namespace pap::core {

DeadlineList::DeadlineList(AgentTable& table, protocol::Mode mode, Nanos slack)
    : table_(table), interval_(protocol::interval_of(mode)), grace_(2 * interval_), slack_(slack) {}

void DeadlineList::append(Slot slot) {
  AgentRecord& record = table_[slot];
  record.previous = tail_;
  record.next = kNone;
  (tail_ == kNone ? head_ : table_[tail_].next) = slot;
  tail_ = slot;
  ++size_;
  if (first_healthy_ == kNone) first_healthy_ = slot;
  if (!marks_.empty() && marks_.back().first_since == kNone) {
    marks_.back().first_since = slot;
    record.set(AgentRecord::kOpensMark);
  }
}

void DeadlineList::remove(Slot slot) {
  AgentRecord& record = table_[slot];
  if (record.has(AgentRecord::kUnhealthy)) {
    record.clear(AgentRecord::kUnhealthy);
    --unhealthy_;
  } else if (first_healthy_ == slot && !planted(Mutant::kHealthMarkStuck)) {
    first_healthy_ = record.next;
  }
  if (record.has(AgentRecord::kOpensMark)) hand_mark_on(slot, record.next);

  (record.previous == kNone ? head_ : table_[record.previous].next) = record.next;
  (record.next == kNone ? tail_ : table_[record.next].previous) = record.previous;
  record.previous = kNone;
  record.next = kNone;
  --size_;

  // A mark with nobody left before it excuses nobody.
  if (!marks_.empty() && marks_.front().first_since == head_) {
    if (head_ != kNone) table_[head_].clear(AgentRecord::kOpensMark);
    marks_.pop_front();
  }
}

void DeadlineList::hand_mark_on(Slot from, Slot to) {
  table_[from].clear(AgentRecord::kOpensMark);
  auto mark = std::find_if(marks_.begin(), marks_.end(),
                           [from](const Mark& m) { return m.first_since == from; });
  mark->first_since = to;
  const auto following = std::next(mark);
  if (following != marks_.end() && following->first_since == to) {
    marks_.erase(following);  // `from` was the only agent that it excused
  } else if (to != kNone) {
    table_[to].set(AgentRecord::kOpensMark);
  }
}

void DeadlineList::excuse_until(ListeningTime caught_up, ListeningTime group_began) {
  if (head_ == kNone || planted(Mutant::kExcuseForgotten)) return;
  if (!marks_.empty()) {
    Mark& last = marks_.back();
    if (last.caught_up >= group_began) {
      last.caught_up = caught_up;
      if (last.first_since != kNone) table_[last.first_since].clear(AgentRecord::kOpensMark);
      last.first_since = kNone;
      return;
    }
    if (last.first_since == kNone) return;  // everybody is excused by an earlier R already
  }
  marks_.push_back({caught_up, kNone});
}

bool DeadlineList::advance_health(ListeningTime now, std::size_t& budget) {
  while (first_healthy_ != kNone) {
    AgentRecord& record = table_[first_healthy_];
    if (now - record.heard_listening < grace_) return true;
    if (budget == 0) return false;
    --budget;
    record.set(AgentRecord::kUnhealthy);
    ++unhealthy_;
    first_healthy_ = record.next;
  }
  return true;
}

ListeningTime DeadlineList::deadline_of(Slot slot) const {
  const ListeningTime heard = table_[slot].heard_listening;
  if (planted(Mutant::kSlackForgotten)) return heard + grace_;
  if (planted(Mutant::kOneIntervalTooFew)) return heard + interval_ + slack_;
  if (planted(Mutant::kSlackGrowsWithFleet)) {
    return heard + grace_ + slack_ + Nanos{size_ * 100'000};
  }
  return heard + grace_ + slack_;
}

std::optional<DueAgent> DeadlineList::next_due() const {
  if (head_ == kNone) return std::nullopt;
  if (marks_.empty()) return DueAgent{head_, deadline_of(head_)};

  const ListeningTime excused_until = marks_.front().caught_up + kAgentAway + interval_ + slack_;
  if (planted(Mutant::kExcusedForEver)) return std::nullopt;
  const DueAgent excused{head_, std::max(deadline_of(head_), excused_until)};
  const Slot since = marks_.back().first_since;
  if (since == kNone) return excused;
  const DueAgent unexcused{since, deadline_of(since)};
  return unexcused.when < excused.when ? unexcused : excused;
}

}  // namespace pap::core
