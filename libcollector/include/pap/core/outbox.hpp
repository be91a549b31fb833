// SPDX-License-Identifier: MIT
#pragma once

// Which alert leaves next, which one waits, and which one has to go.
//
//   - In order of urgency (death, emergency, restart), then of decision. One in flight an agent,
//     in the order decided, each as urgent as the agent's most urgent waiting one; only a death
//     does not wait for one that failed.
//   - What failed rests (exponential backoff, full jitter) and counts until it ends. While the
//     Station is away (pause.hpp) all that waits counts. At most `max_counting` count, beyond that
//     the least urgent goes, among those the oldest; each for at most `ttl` of counting.
//   - What waits its turn, or for a Retry-After, does not count, and is never dropped.
//   - What is in flight is not dropped: if it fails, it is looked at then.
//
// Costs: O(log n) an operation over what waits. `shed` and `wake` hand out one alert a call, so
// that the caller works in slices.
// Ownership: alerts and books belong to the pools; the outbox keeps indices of the waiting ones.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

#include "pap/core/alert_book.hpp"
#include "pap/core/alert_list.hpp"
#include "pap/core/delivery.hpp"
#include "pap/core/pause.hpp"
#include "pap/export.hpp"

namespace pap::core {

struct OutboxSettings {
  std::size_t max_counting;
  Nanos ttl;
};

enum class DropReason : std::uint8_t { kFull, kExpired };

class PAP_API Outbox {
 public:
  Outbox(AlertPool& alerts, BookPool& books, Random& random, OutboxSettings settings);

  // Commands. An alert's book, type and order are set; it stands in its book's `active` from
  // add() until it has left.
  void add(AlertIndex alert, MonotonicTime now);  // decided or told afresh: waits from now on
  void withdraw(AlertIndex waiting);              // ends without a delivery
  // The book is new, and a withdrawn alert of the same agent id is still in flight: what the book
  // adds waits for that one.
  void wait_for(BookIndex book, AlertIndex in_flight);
  // Takes the next one to post and counts the attempt; none when nothing may leave now.
  std::optional<AlertIndex> take(MonotonicTime now);
  // The answer to one in flight. Final: it has left the outbox, and its owner ends it. Otherwise
  // it waits again, unless withdrawn, which has left as well.
  void answered(AlertIndex in_flight, Verdict verdict, std::optional<Nanos> retry_after,
                MonotonicTime now);

  struct Dropped {
    AlertIndex alert;
    DropReason reason;
  };
  // The next one that has to go, already out; none when all is within bounds.
  std::optional<Dropped> shed(MonotonicTime now);
  // Ends rests that are over, at most `budget` of them; true when none is left.
  bool wake(MonotonicTime now, std::size_t& budget);
  // Once after each pause: true when one has ended since.
  bool pause_ended(MonotonicTime now);
  // While the Station is away: a probe is due, and nothing is left that could be it.
  bool lacks_a_probe(MonotonicTime now) const {
    return pause_.away() && pause_.open(now) && waiting_.empty();
  }

  // Queries.
  bool ready(MonotonicTime now) const;  // take() would give one
  std::optional<MonotonicTime> next_deadline(MonotonicTime now) const;
  std::size_t counting() const { return pause_.away() ? waiting_.size() : failed_.size(); }
  std::optional<AlertIndex> oldest_counting() const;
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t in_flight() const { return in_flight_; }
  const Pause& pause() const { return pause_; }

 private:
  // Least urgent first, then oldest: the order in which they go when there are too many.
  struct Place {
    std::uint8_t urgency;
    std::uint64_t order;
    AlertIndex alert;
    friend bool operator<(const Place& a, const Place& b) {
      return a.urgency != b.urgency ? a.urgency > b.urgency : a.order < b.order;
    }
  };
  // Most urgent first, then oldest: the order in which they leave.
  struct LeavesFirst {
    bool operator()(const Place& a, const Place& b) const {
      return a.urgency != b.urgency ? a.urgency < b.urgency : a.order < b.order;
    }
  };
  struct Moment {
    MonotonicTime when;
    std::uint64_t order;
    AlertIndex alert;
    friend bool operator<(const Moment& a, const Moment& b) {
      return a.when != b.when ? a.when < b.when : a.order < b.order;
    }
  };
  Place place_of(AlertIndex alert) const;
  void link(BookIndex book);
  void unlink(BookIndex book);
  AlertIndex lead_of(const AlertBook& book) const;
  void leave(AlertIndex alert);  // in no order any more, and active no more
  void end_rest(AlertIndex alert);
  void fail(AlertIndex alert, MonotonicTime now);
  AlertIndex oldest_fresh_waiting() const;
  bool pause_over(MonotonicTime now) const;
  std::optional<Place> choose(MonotonicTime now) const;
  std::optional<MonotonicTime> next_expiry(MonotonicTime now) const;

  AlertPool& alerts_;
  BookPool& books_;
  Random& random_;
  const OutboxSettings settings_;

  Pause pause_;
  bool pause_ended_ = false;
  std::size_t in_flight_ = 0;
  std::set<Place> waiting_;            // all that wait
  std::set<Place> failed_;             // of those, what failed
  std::set<Place, LeavesFirst> line_;  // of those, each agent's lead
  std::set<Moment> expiring_;          // waiting and failed, by their TTL
  std::set<Moment> resting_;           // waiting and resting, by the end of their rest
  std::optional<Moment> releasing_;    // rests of `released_run_` end, up to here so far
  std::uint32_t released_run_ = 0;
  AlertList fresh_;  // never failed, waiting or in flight
};

}  // namespace pap::core
