// SPDX-License-Identifier: MIT
#pragma once

// From "this happened" to "the Station was told", once: what is held back, released, withdrawn,
// or told afresh. The order in which alerts leave is the outbox's.
//
//   decided ─▶ waiting ⇄ in flight ─▶ delivered | refused        (told)
//      │          └─▶ dropped ─▶ untold, while it still holds ─▶ waiting again (retold): when a
//      │              pause ends, without one kRetellAfter later, and when the Station is away
//      │              and nothing else is left to probe it with
//      └─▶ held, while the same is on its way or was told within kDedupWindow
//             └─▶ waiting if it still holds then, else lapsed
//
// Still holds: a death while nothing was heard since; an emergency while alive and in EMERGENCY; a
// restart while alive (a newer restart takes the place of a held one).
//
// Conservation, at every moment: decided + retold = delivered + refused + logged + dropped +
// withdrawn + lapsed + held + waiting + in flight.
// Ownership: alerts and books live here; records refer to their book.
// Threads: one. The listener is called from within the calls below and must not call back.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pap/core/agent_table.hpp"
#include "pap/core/alert_book.hpp"
#include "pap/core/alert_list.hpp"
#include "pap/core/delivery.hpp"
#include "pap/core/outbox.hpp"
#include "pap/core/random.hpp"
#include "pap/export.hpp"

namespace pap::core {

enum class AlertEvent : std::uint8_t {
  kDecided,   // it happened
  kHeldBack,  // … but the same is on its way, or was just told
  kReleased,  // it has its sequence number and is to be told: new, or no longer held back
  kRetold,
  kFailed,  // an attempt; it waits again
  kDelivered,
  kRefused,
  kLogged,  // no Station is set
  kDroppedFull,
  kDroppedExpired,
  kLapsed,
  kWithdrawn,
};

struct AlertsSettings {
  OutboxSettings outbox;
  bool has_station;
};

class PAP_API Alerts {
 public:
  // `agent` is kNone for an alert whose agent was removed.
  using Listener = std::function<void(AlertEvent, const Alert&, Slot agent)>;

  Alerts(AgentTable& table, Random& random, AlertsSettings settings, Listener listener);

  void decide(Slot agent, protocol::AlertType type, const AlertDetails& details, MonotonicTime now);
  // As if it had been told now: nothing leaves, and the same is held back for a while.
  void take_as_told(Slot agent, protocol::AlertType type, MonotonicTime now);
  void recovered(Slot agent, MonotonicTime now);  // heard again after its death was decided
  void forget(Slot agent);                        // before its record goes

  // The next alert to post. It is in flight from now on; details say what to write.
  std::optional<AlertIndex> take(MonotonicTime now);
  // False when nothing in flight has this sequence number.
  bool answered(std::uint64_t sequence, const StationAnswer& answer, MonotonicTime now);
  // What time has brought, at most `budget` alerts' worth of it; true when nothing is left.
  bool work(MonotonicTime now, std::size_t& budget);

  bool ready(MonotonicTime now) const { return outbox_.ready(now); }
  std::optional<MonotonicTime> next_deadline(MonotonicTime now) const;

  const Alert& alert(AlertIndex index) const { return alerts_[index]; }
  Slot agent_of(const Alert& alert) const {
    return alert.book == kNone ? kNone : books_[alert.book].agent;
  }
  const Outbox& outbox() const { return outbox_; }
  std::size_t held() const { return held_; }
  std::size_t books() const { return books_.size(); }
  std::size_t bytes() const { return alerts_.bytes() + books_.bytes(); }

 private:
  struct Window {
    MonotonicTime told;
    BookIndex book;
    protocol::AlertType type;
  };
  struct Orphan {
    std::string agent_id;
    AlertIndex alert;
  };

  BookIndex book_of(Slot agent);
  void close_if_idle(BookIndex book);
  bool holds(const Alert& alert) const;
  bool may_hold_again(const Alert& alert) const;
  void release(AlertIndex alert, MonotonicTime now);
  void mark_told(BookIndex book, protocol::AlertType type, MonotonicTime now);
  void drop(Outbox::Dropped dropped, MonotonicTime now);
  void release_or_lapse(BookIndex book, protocol::AlertType type, MonotonicTime now);
  void end(AlertIndex alert, AlertEvent how);
  void discard(AlertIndex alert);
  bool end_windows(MonotonicTime now, std::size_t& budget);
  bool retell(MonotonicTime now, std::size_t& budget);
  bool may_retell(const Alert& untold, MonotonicTime now) const;
  void discard_untold(BookIndex book, protocol::AlertType type);

  AgentTable& table_;
  const bool has_station_;
  const Listener listener_;

  AlertPool alerts_;
  BookPool books_;
  Outbox outbox_;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t last_order_ = 0;
  std::size_t held_ = 0;
  std::deque<Window> windows_;  // told, in order; at most one an agent and type
  AlertList untold_;            // dropped, in order
  std::optional<MonotonicTime> last_pause_ended_;
  std::vector<AlertIndex> in_flight_;  // at most kDeliveriesInFlight
  std::vector<Orphan> orphans_;        // of those, whose agents were removed
};

}  // namespace pap::core
