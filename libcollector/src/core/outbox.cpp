// SPDX-License-Identifier: MIT
#include "pap/core/outbox.hpp"

#include <algorithm>
#include <utility>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"
#include "pap/core/retry_policy.hpp"

namespace pap::core {

using protocol::AlertType;

namespace {

// The alerts of a book that wait, oldest decision first.
struct Waiting {
  std::array<AlertIndex, protocol::kAlertTypeCount> alerts{};
  std::size_t count = 0;
};

Waiting waiting_of(const AlertBook& book, const AlertPool& alerts) {
  Waiting waiting;
  for (AlertIndex alert : book.active) {
    if (alert != kNone && alerts[alert].state == AlertState::kWaiting) {
      waiting.alerts[waiting.count++] = alert;
    }
  }
  std::sort(waiting.alerts.begin(),
            waiting.alerts.begin() + static_cast<std::ptrdiff_t>(waiting.count),
            [&](AlertIndex a, AlertIndex b) { return alerts[a].order < alerts[b].order; });
  return waiting;
}

}  // namespace

Outbox::Outbox(AlertPool& alerts, BookPool& books, Random& random, OutboxSettings settings)
    : alerts_(alerts),
      books_(books),
      random_(random),
      settings_(settings),
      pause_(random),
      fresh_(alerts) {}

// --- commands ---

void Outbox::add(AlertIndex index, MonotonicTime now) {
  Alert& alert = alerts_[index];
  alert.state = AlertState::kWaiting;
  alert.attempts = 0;
  alert.failures = 0;
  alert.resting = false;
  alert.away_when_added = pause_.away_total(now);
  fresh_.append(index);
  unlink(alert.book);
  books_[alert.book].active[index_of(alert.type)] = index;
  link(alert.book);
}

void Outbox::withdraw(AlertIndex waiting) {
  const BookIndex book = alerts_[waiting].book;
  unlink(book);
  leave(waiting);
  link(book);
}

void Outbox::wait_for(BookIndex book, AlertIndex in_flight) {
  books_[book].in_flight = in_flight;
  alerts_[in_flight].book = book;
}

std::optional<AlertIndex> Outbox::take(MonotonicTime now) {
  const auto place = choose(now);
  if (!place) return std::nullopt;
  Alert& alert = alerts_[place->alert];
  unlink(alert.book);
  alert.state = AlertState::kInFlight;
  ++alert.attempts;
  alert.probe = pause_.away();
  if (alert.probe) pause_.probe_left();
  books_[alert.book].in_flight = place->alert;
  ++in_flight_;
  link(alert.book);
  return place->alert;
}

void Outbox::answered(AlertIndex index, Verdict verdict, std::optional<Nanos> retry_after,
                      MonotonicTime now) {
  Alert& alert = alerts_[index];
  const bool probe = std::exchange(alert.probe, false);
  if (is_final(verdict)) {
    const std::uint32_t run = pause_.run();
    if (pause_.answered(probe, now)) {
      pause_ended_ = true;
      released_run_ = run;
      const bool rest_on = planted(Mutant::kRestsAfterPause);
      if (!resting_.empty() && !rest_on) releasing_ = *resting_.begin();
    }
  } else if (verdict == Verdict::kSlowDown) {
    pause_.slow_down(probe, retry_after, now);
  } else {
    pause_.failed(probe, now);
  }

  --in_flight_;
  const BookIndex book = alert.book;
  if (book != kNone) {
    unlink(book);
    books_[book].in_flight = kNone;
  }
  if (is_final(verdict) || alert.withdrawn) {
    leave(index);
  } else {
    alert.state = AlertState::kWaiting;
    if (verdict != Verdict::kSlowDown) fail(index, now);
  }
  if (book != kNone) link(book);
}

void Outbox::fail(AlertIndex index, MonotonicTime now) {
  Alert& alert = alerts_[index];
  if (!alert.failed()) {
    fresh_.remove(index);
    alert.expires = now + settings_.ttl - (pause_.away_total(now) - alert.away_when_added);
  }
  if (alert.failures != UINT8_MAX) ++alert.failures;
  alert.run = pause_.run();
  alert.resting = true;
  alert.rests_until = now + backoff(alert.failures, kBackoffFirst, kBackoffLongest, random_);
}

std::optional<Outbox::Dropped> Outbox::shed(MonotonicTime now) {
  std::optional<Dropped> dropped;
  const bool expires = !planted(Mutant::kNeverExpires);
  if (expires && !expiring_.empty() && expiring_.begin()->when <= now) {
    dropped = Dropped{expiring_.begin()->alert, DropReason::kExpired};
  } else if (const auto expiry = next_expiry(now); expires && expiry && *expiry <= now) {
    dropped = Dropped{oldest_fresh_waiting(), DropReason::kExpired};
  } else if (counting() > settings_.max_counting + (planted(Mutant::kBoundOffByOne) ? 1 : 0)) {
    const auto& counted = pause_.away() ? waiting_ : failed_;
    dropped = Dropped{counted.begin()->alert, DropReason::kFull};
    if (planted(Mutant::kDropsTheYoungest)) dropped->alert = counted.rbegin()->alert;
  }
  if (dropped) withdraw(dropped->alert);
  return dropped;
}

bool Outbox::wake(MonotonicTime now, std::size_t& budget) {
  while (releasing_ && budget > 0) {
    // By the end of their rests, which stand: an urgency may change between two slices.
    const auto next = resting_.lower_bound(*releasing_);
    if (next == resting_.end()) {
      releasing_.reset();
      break;
    }
    const AlertIndex alert = next->alert;
    releasing_ = Moment{next->when, next->order + 1, kNone};
    if (alerts_[alert].run == released_run_) end_rest(alert);
    --budget;
  }
  while (!resting_.empty() && resting_.begin()->when <= now && budget > 0) {
    end_rest(resting_.begin()->alert);
    --budget;
  }
  return !releasing_ && (resting_.empty() || resting_.begin()->when > now);
}

void Outbox::end_rest(AlertIndex index) {
  Alert& alert = alerts_[index];
  unlink(alert.book);
  alert.resting = false;
  link(alert.book);
}

bool Outbox::pause_ended(MonotonicTime now) {
  if (!pause_over(now)) return false;
  pause_.forget_hold();
  pause_ended_ = false;
  return true;
}

bool Outbox::pause_over(MonotonicTime now) const {
  return (pause_ended_ || pause_.hold_over(now)) && !pause_.away() && !pause_.held(now);
}

// --- queries ---

bool Outbox::ready(MonotonicTime now) const {
  return !line_.empty() && in_flight_ < kDeliveriesInFlight && pause_.open(now);
}

std::optional<Outbox::Place> Outbox::choose(MonotonicTime now) const {
  if (!ready(now)) return std::nullopt;
  if (planted(Mutant::kUrgencyInverted)) return *line_.rbegin();
  if (!pause_.away()) return *line_.begin();

  auto least = line_.begin();
  std::size_t looked_at = 0;
  for (auto place = line_.begin();
       place != line_.end() && looked_at < kProbeCandidates && alerts_[least->alert].attempts > 0;
       ++place, ++looked_at) {
    if (alerts_[place->alert].attempts < alerts_[least->alert].attempts) least = place;
  }
  return *least;
}

std::optional<MonotonicTime> Outbox::next_deadline(MonotonicTime now) const {
  // Also for what came due between two ticks: nobody may have to wait for the next deadline.
  if (releasing_ || counting() > settings_.max_counting || pause_over(now) || ready(now)) {
    return now;
  }
  std::optional<MonotonicTime> earliest = next_expiry(now);
  const auto consider = [&earliest](std::optional<MonotonicTime> when) {
    if (when && (!earliest || *when < *earliest)) earliest = when;
  };
  if (!resting_.empty()) consider(resting_.begin()->when);
  consider(pause_.opens_at(now));
  return earliest;
}

std::optional<MonotonicTime> Outbox::next_expiry(MonotonicTime now) const {
  std::optional<MonotonicTime> earliest;
  if (!expiring_.empty()) earliest = expiring_.begin()->when;
  const AlertIndex fresh = oldest_fresh_waiting();
  if (fresh == kNone) return earliest;
  // Its time stands still when the Station is back, but what had run out by then has run out: the
  // answer that ended the absence may have been handled before the tick that was due.
  const Nanos counted = pause_.away_total(now) - alerts_[fresh].away_when_added;
  if (!pause_.away() && (counted < settings_.ttl || counted == Nanos{0})) return earliest;
  const MonotonicTime when = now + (settings_.ttl - counted);
  if (!earliest || when < *earliest) earliest = when;
  return earliest;
}

std::optional<AlertIndex> Outbox::oldest_counting() const {
  const auto& counted = pause_.away() ? waiting_ : failed_;
  std::optional<AlertIndex> oldest;
  for (AlertType type : protocol::kAlertTypes) {
    const auto urgency = static_cast<std::uint8_t>(index_of(type));
    const auto first = counted.lower_bound(Place{urgency, 0, 0});
    if (first == counted.end() || first->urgency != urgency) continue;
    if (!oldest || first->order < alerts_[*oldest].order) oldest = first->alert;
  }
  return oldest;
}

// --- the orders ---

Outbox::Place Outbox::place_of(AlertIndex index) const {
  const Alert& alert = alerts_[index];
  return {alert.urgency, alert.order, index};
}

void Outbox::unlink(BookIndex index) {
  AlertBook& book = books_[index];
  if (book.lead != kNone) line_.erase(place_of(book.lead));
  book.lead = kNone;
  for (AlertIndex active : book.active) {
    if (active == kNone) continue;
    const Alert& alert = alerts_[active];
    if (alert.state != AlertState::kWaiting) continue;
    waiting_.erase(place_of(active));
    if (!alert.failed()) continue;
    failed_.erase(place_of(active));
    expiring_.erase({alert.expires, alert.order, active});
    if (alert.resting) resting_.erase({alert.rests_until, alert.order, active});
  }
}

void Outbox::link(BookIndex index) {
  AlertBook& book = books_[index];
  const Waiting waiting = waiting_of(book, alerts_);
  auto urgency = static_cast<std::uint8_t>(protocol::kAlertTypeCount);
  for (std::size_t i = 0; i < waiting.count; ++i) {
    const auto own = static_cast<std::uint8_t>(index_of(alerts_[waiting.alerts[i]].type));
    urgency = std::min(urgency, own);
  }
  for (std::size_t i = 0; i < waiting.count; ++i) {
    const AlertIndex each = waiting.alerts[i];
    Alert& alert = alerts_[each];
    alert.urgency = urgency;
    waiting_.insert(waiting_.end(), place_of(each));  // new deaths belong at the very end
    if (!alert.failed()) continue;
    failed_.insert(place_of(each));
    expiring_.insert({alert.expires, alert.order, each});
    if (alert.resting) resting_.insert({alert.rests_until, alert.order, each});
  }
  book.lead = lead_of(book);
  if (book.lead != kNone) line_.insert(line_.end(), place_of(book.lead));
}

AlertIndex Outbox::lead_of(const AlertBook& book) const {
  if (book.in_flight != kNone && !planted(Mutant::kTwoInFlight)) return kNone;
  const Waiting waiting = waiting_of(book, alerts_);
  if (waiting.count == 0) return kNone;
  const AlertIndex first = waiting.alerts[0];
  const AlertIndex death = book.active[index_of(AlertType::kAgentDeath)];
  const bool death_may_go =
      death != kNone && !alerts_[death].resting && !planted(Mutant::kDeathWaitsItsTurn);
  if (alerts_[first].failed() && death_may_go) return death;
  if (waiting.count > 1 && alerts_[first].resting && planted(Mutant::kOvertakesItsOwn)) {
    return waiting.alerts[1];
  }
  return alerts_[first].resting ? kNone : first;
}

void Outbox::leave(AlertIndex index) {
  Alert& alert = alerts_[index];
  if (!alert.failed()) fresh_.remove(index);
  if (alert.book == kNone) return;
  AlertIndex& active = books_[alert.book].active[index_of(alert.type)];
  if (active == index) active = kNone;
}

AlertIndex Outbox::oldest_fresh_waiting() const {
  AlertIndex index = fresh_.front();  // at most kDeliveriesInFlight are not waiting
  while (index != kNone && alerts_[index].state != AlertState::kWaiting) {
    index = fresh_.after(index);
  }
  return index;
}

}  // namespace pap::core
