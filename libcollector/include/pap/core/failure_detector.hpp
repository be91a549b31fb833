// SPDX-License-Identifier: MIT
#pragma once

// Who has fallen silent: a deadline list a mode, and the catching up after a loss.
//
// After a loss the kernel still hands over requests that waited. Until the driver says that they
// have been handled (or kLongestCatchUp has passed) nobody is called dead. If the loss was long
// enough for agents to give us up, the moment R when it is caught up excuses every agent heard
// before (deadline_list.hpp). Losses whose R lie within kMarkSharing of a first one form a group
// and share the last R, whoever was there when they ended: so a silence means the same in every
// mode and beside whomever.
//
// While we run and let nobody in, that is one loss, and it is caught up after its end. While some
// are let in and others wait, no time is lost, so that deaths are told however long it goes on; but
// those who wait give us up, so each moment of it is an R.
//
// The slack (design: The failure detector) is min(interval / 10, 3/4 of the check interval): more
// of it forgives later heartbeats, less of it tells deaths sooner.
//
// Ownership: links live in the records of the table. Threads: one.

#include <array>
#include <cstddef>
#include <optional>

#include "pap/core/agent_table.hpp"
#include "pap/core/deadline_list.hpp"
#include "pap/core/instant.hpp"
#include "pap/export.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

PAP_API Nanos slack_of(protocol::Mode mode, Nanos check_interval);

class PAP_API FailureDetector {
 public:
  FailureDetector(AgentTable& table, Nanos check_interval);

  // The record says the mode and when it was heard.
  void follow(Slot slot);    // a living agent was heard just now and is in no list
  void unfollow(Slot slot);  // it beat again, changed its mode, died or was removed

  // A loss was found at `now`, after a gap between calls.
  void lost(ListeningTime now, Nanos gap, Nanos amount);

  // Who is let in, for so long now (Collector::hears_nobody() and its fellows).
  void hears_nobody(ListeningTime now, Nanos since);
  void hears_some(ListeningTime now, Nanos since);
  void hears_all(ListeningTime now, Nanos since);
  void lost_while_deaf(Nanos amount) { waited_ += amount; }

  bool catching_up() const { return catch_up_ && !catch_up_->deaf; }
  std::optional<ListeningTime> catch_up_ends() const;
  void caught_up(ListeningTime now);
  // The loss that goes on, or is being caught up, was long enough for agents to leave.
  bool agents_left() const { return catch_up_ && catch_up_->agents_left; }
  // What a heartbeat that is handled now may have waited through.
  Nanos waited() const { return waited_; }

  // The next agent to be called dead, also when it is not due yet. None while deaf or catching up.
  std::optional<DueAgent> next_due() const;

  bool advance_health(ListeningTime now, std::size_t& budget);
  bool is_healthy(Slot slot, ListeningTime now) const;
  std::size_t living() const;     // in the lists
  std::size_t unhealthy() const;  // of those, as far as advance_health() came

  const DeadlineList& list(protocol::Mode mode) const { return lists_[index_of(mode)]; }

 private:
  struct CatchUp {
    ListeningTime ends;
    bool agents_left = false;
    bool deaf = false;  // the loss goes on, and there is no end yet
  };

  void may_have_waited(Nanos since);
  void excuse(ListeningTime now);

  AgentTable& table_;
  std::array<DeadlineList, protocol::kModeCount> lists_;
  std::optional<CatchUp> catch_up_;
  Nanos waited_{0};
  std::optional<ListeningTime> group_began_;  // the first R of the latest group of losses
};

}  // namespace pap::core
