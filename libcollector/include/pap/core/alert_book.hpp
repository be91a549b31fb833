// SPDX-License-Identifier: MIT
#pragma once

// An alert from its decision to its end, and the book that an agent keeps of its own.
//
// An agent has a book only while it needs one: while an alert of it waits, is in flight, held back
// or dropped but still true, or was told within kDedupWindow. Of each type it has at most one
// alert waiting or in flight, and one held back or one untold: so all that waits is bounded by the
// table.
//
// Ownership: alerts and books live in pools and are named by index.
// Threads: one.

#include <array>
#include <cstdint>
#include <optional>

#include "pap/core/agent_record.hpp"
#include "pap/core/chunked_pool.hpp"
#include "pap/core/instant.hpp"
#include "pap/protocol/alert.hpp"

namespace pap::core {

using AlertIndex = PoolIndex;
using BookIndex = PoolIndex;

// What happened, in the core's own times; rendered for the wire when it is posted.
struct AlertDetails {
  MonotonicTime happened;
  protocol::Mode mode = protocol::Mode::kIdle;
  std::optional<protocol::Mode> previous_mode;  // emergency
  std::uint32_t missed_intervals = 0;           // death
  MonotonicTime last_seen;                      // death
  double uptime_seconds = 0;
  double previous_uptime = 0;                 // restart
  std::optional<MonotonicTime> recovered_at;  // death
};

enum class AlertState : std::uint8_t {
  kHeld,     // the same was told too recently, or is on its way
  kWaiting,  // to be posted
  kInFlight,
  kUntold,  // dropped, but what it says still holds
  kParked,  // likewise, but for its agent being dead: until that one is heard again
};

struct Alert {
  AlertDetails details;
  std::uint64_t sequence = 0;  // names it for ever, and makes its Idempotency-Key
  std::uint64_t order = 0;     // when it was decided, or decided anew
  BookIndex book = kNone;      // kNone: its agent was removed while it was in flight
  protocol::AlertType type = protocol::AlertType::kAgentDeath;
  AlertState state = AlertState::kHeld;
  bool withdrawn = false;  // in flight for an agent that was removed; not to be retried
  std::uint32_t attempts = 0;

  // The outbox's own (outbox.hpp).
  std::uint8_t failures = 0;  // since it was (re)told, as far as backoff tells them apart
  bool resting = false;       // failed, and its backoff has not run out
  bool probe = false;         // in flight as the probe
  std::uint8_t urgency = 0;   // where it stands in the outbox's orders
  std::uint32_t run = 0;      // of failures, see Pause
  MonotonicTime rests_until;
  MonotonicTime expires;     // once failed
  Nanos away_when_added{0};  // until then: its TTL runs on the time spent away
  MonotonicTime dropped;     // only while untold

  AlertIndex list_previous = kNone;  // AlertList's own
  AlertIndex list_next = kNone;

  bool failed() const { return failures > 0; }  // counts until its end
};

struct AlertBook {
  AlertBook() {
    active.fill(kNone);
    held.fill(kNone);
    untold.fill(kNone);
  }

  Slot agent = kNone;
  AlertIndex in_flight = kNone;
  AlertIndex lead = kNone;  // the one that would leave next, in the outbox's line
  std::array<AlertIndex, protocol::kAlertTypeCount> active;  // waiting or in flight
  std::array<AlertIndex, protocol::kAlertTypeCount> held;
  std::array<AlertIndex, protocol::kAlertTypeCount> untold;
  std::array<std::optional<MonotonicTime>, protocol::kAlertTypeCount> told;
};

using AlertPool = ChunkedPool<Alert>;
using BookPool = ChunkedPool<AlertBook>;

}  // namespace pap::core
