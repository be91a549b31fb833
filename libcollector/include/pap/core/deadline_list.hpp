// SPDX-License-Identifier: MIT
#pragma once

// The living agents of one mode, in the order in which they were last heard: within a mode that is
// the order of their deadlines, so a heartbeat costs O(1) and a tick only what it expires.
//
// With h = last heard, I = the interval, all in listening time:
//   - unhealthy from h + 2 I on. The list marks its first healthy agent; advance_health() moves it.
//   - due (to be called dead) at h + 2 I + slack;
//   - but after a loss of kAgentTimeout or more that ended at R, whoever was last heard before R is
//     not due before R + kAgentAway + I + slack. Only the first R after its last heartbeat excuses
//     an agent, so that a collector that stalls again and again still tells every death.
//
// A mark is (R, first agent heard since). The agents before a mark's first one, back to the mark
// before it, are excused by that mark's R:
//
//     head … a | b … c | d … tail        marks: (R1, b) (R2, d)
//      by R1     by R2    by none
//
// Both R and h grow along the list, so due times grow along the excused part, and along the rest:
// only the head and the last mark's first agent can be due next.
//
// Invariants: at most one mark has no first agent, and it is the last; no two marks have the same;
// the head is never a mark's first agent. Losses of one group (failure_detector.hpp) share the
// later R, so there are at most (2 I + slack + kAgentAway) / kMarkSharing marks.
// Ownership: links live in the records of the table. Threads: one.

#include <cstddef>
#include <deque>
#include <optional>

#include "pap/core/agent_table.hpp"
#include "pap/core/instant.hpp"
#include "pap/export.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

struct DueAgent {
  Slot slot;
  ListeningTime when;
};

class PAP_API DeadlineList {
 public:
  DeadlineList(AgentTable& table, protocol::Mode mode, Nanos slack);

  void append(Slot slot);  // heard just now
  void remove(Slot slot);
  // R of a loss that sent agents away, and the first R of its group.
  void excuse_until(ListeningTime caught_up, ListeningTime group_began);

  // Moves the first-healthy mark on, at most `budget` agents, which it takes from it. True when
  // unhealthy() is exact for `now`.
  bool advance_health(ListeningTime now, std::size_t& budget);

  std::optional<DueAgent> next_due() const;
  std::size_t size() const { return size_; }
  std::size_t unhealthy() const { return unhealthy_; }
  std::size_t marks() const { return marks_.size(); }
  Nanos grace() const { return grace_; }
  Nanos slack() const { return slack_; }

 private:
  struct Mark {
    ListeningTime caught_up;  // R
    Slot first_since;         // kNone: nobody was heard since
  };

  ListeningTime deadline_of(Slot slot) const;
  void hand_mark_on(Slot from, Slot to);

  AgentTable& table_;
  const Nanos interval_;
  const Nanos grace_;  // 2 x interval
  const Nanos slack_;

  Slot head_ = kNone;
  Slot tail_ = kNone;
  Slot first_healthy_ = kNone;
  std::size_t size_ = 0;
  std::size_t unhealthy_ = 0;
  std::deque<Mark> marks_;
};

}  // namespace pap::core
