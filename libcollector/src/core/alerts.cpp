// SPDX-License-Identifier: MIT
#include "pap/core/alerts.hpp"

#include <algorithm>
#include <utility>

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"

namespace pap::core {

using protocol::AlertType;

Alerts::Alerts(AgentTable& table, Random& random, AlertsSettings settings, Listener listener)
    : table_(table),
      has_station_(settings.has_station),
      listener_(std::move(listener)),
      outbox_(alerts_, books_, random, settings.outbox),
      untold_(alerts_) {}

// --- what happened ---

void Alerts::decide(Slot agent, AlertType type, const AlertDetails& details, MonotonicTime now) {
  const BookIndex index = book_of(agent);
  const std::size_t kind = index_of(type);
  discard_untold(index, type);  // it is over, or this would not have happened again

  const AlertIndex fresh = alerts_.acquire();
  alerts_[fresh].details = details;
  alerts_[fresh].type = type;
  alerts_[fresh].book = index;
  listener_(AlertEvent::kDecided, alerts_[fresh], agent);

  AlertBook& book = books_[index];
  bool told_lately = book.told[kind] && now < *book.told[kind] + kDedupWindow;
  if (planted(Mutant::kDedupByAgent)) {
    told_lately = std::any_of(book.told.begin(), book.told.end(),
                              [](const auto& told) { return told.has_value(); });
  }
  if (book.active[kind] == kNone && book.held[kind] == kNone && !told_lately) {
    release(fresh, now);
    return;
  }
  if (book.held[kind] != kNone) {
    --held_;
    end(std::exchange(book.held[kind], kNone), AlertEvent::kLapsed);
  }
  book.held[kind] = fresh;
  ++held_;
  listener_(AlertEvent::kHeldBack, alerts_[fresh], agent);
}

void Alerts::take_as_told(Slot agent, AlertType type, MonotonicTime now) {
  mark_told(book_of(agent), type, now);
}

void Alerts::recovered(Slot agent, MonotonicTime now) {
  const BookIndex index = table_[agent].book;
  if (index == kNone) return;
  AlertBook& book = books_[index];
  const std::size_t death = index_of(AlertType::kAgentDeath);
  if (book.active[death] != kNone) {
    auto& recovered_at = alerts_[book.active[death]].details.recovered_at;
    if (!recovered_at && !planted(Mutant::kRecoveryUnsaid)) recovered_at = now;
  }
  discard_untold(index, AlertType::kAgentDeath);
  const AlertIndex emergency = book.untold[index_of(AlertType::kEmergencyMode)];
  if (emergency != kNone && alerts_[emergency].state == AlertState::kParked) {
    // Its time to be told came while the agent was dead: it waits behind no later drop.
    alerts_[emergency].state = AlertState::kUntold;
    untold_.prepend(emergency);
  }
  close_if_idle(index);
}

void Alerts::forget(Slot agent) {
  const BookIndex index = table_[agent].book;
  if (index == kNone) return;
  AlertBook& book = books_[index];
  for (const AlertType type : protocol::kAlertTypes) {
    const std::size_t kind = index_of(type);
    const AlertIndex active = book.active[kind];
    if (active != kNone && alerts_[active].state == AlertState::kWaiting) {
      outbox_.withdraw(active);
      end(active, AlertEvent::kWithdrawn);
    } else if (active != kNone) {
      if (planted(Mutant::kWithdrawnStillFlies)) continue;
      alerts_[active].withdrawn = true;
      orphans_.push_back({table_[agent].id().str(), active});
    }
    if (book.held[kind] != kNone) {
      --held_;
      end(book.held[kind], AlertEvent::kWithdrawn);
    }
    discard_untold(index, type);
  }
  // In flight for this agent, or for one of the same id before it.
  if (book.in_flight != kNone) alerts_[book.in_flight].book = kNone;
  table_[agent].book = kNone;
  book.agent = kNone;
  books_.release(index);
}

// --- telling ---

void Alerts::release(AlertIndex index, MonotonicTime now) {
  Alert& alert = alerts_[index];
  alert.sequence = ++last_sequence_;
  alert.order = ++last_order_;
  listener_(AlertEvent::kReleased, alert, agent_of(alert));
  if (has_station_) {
    outbox_.add(index, now);
  } else {
    mark_told(alert.book, alert.type, now);
    end(index, AlertEvent::kLogged);
  }
}

std::optional<AlertIndex> Alerts::take(MonotonicTime now) {
  const auto taken = outbox_.take(now);
  if (taken) in_flight_.push_back(*taken);
  return taken;
}

bool Alerts::answered(std::uint64_t sequence, const StationAnswer& answer, MonotonicTime now) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [&](AlertIndex in_flight) {
    return alerts_[in_flight].sequence == sequence;
  });
  if (found == in_flight_.end()) return false;
  const AlertIndex index = *found;
  in_flight_.erase(found);

  const Alert& alert = alerts_[index];
  const BookIndex book = alert.book;
  const Verdict verdict = judge(answer);
  outbox_.answered(index, verdict, answer.retry_after, now);

  if (alert.withdrawn) {
    orphans_.erase(std::find_if(orphans_.begin(), orphans_.end(),
                                [index](const Orphan& o) { return o.alert == index; }));
    alerts_[index].book = kNone;  // it tells the agent that has its id now nothing
  }
  if (is_final(verdict)) {
    if (!alert.withdrawn) mark_told(book, alert.type, now);
    end(index, verdict == Verdict::kDelivered ? AlertEvent::kDelivered : AlertEvent::kRefused);
  } else if (alert.withdrawn) {
    end(index, AlertEvent::kWithdrawn);
  } else {
    listener_(AlertEvent::kFailed, alert, agent_of(alert));
  }
  if (book != kNone) close_if_idle(book);
  return true;
}

void Alerts::mark_told(BookIndex book, AlertType type, MonotonicTime now) {
  books_[book].told[index_of(type)] = now;
  windows_.push_back({now, book, type});
}

void Alerts::end(AlertIndex index, AlertEvent how) {
  listener_(how, alerts_[index], agent_of(alerts_[index]));
  alerts_.release(index);
}

void Alerts::discard_untold(BookIndex book, AlertType type) {
  const AlertIndex untold = std::exchange(books_[book].untold[index_of(type)], kNone);
  if (untold == kNone) return;
  if (alerts_[untold].state == AlertState::kUntold) untold_.remove(untold);
  alerts_.release(untold);
}

// --- what time brings ---

bool Alerts::work(MonotonicTime now, std::size_t& budget) {
  bool done = outbox_.wake(now, budget);
  while (budget > 0) {
    const auto dropped = outbox_.shed(now);
    if (!dropped) break;
    drop(*dropped, now);
    --budget;
  }
  done = end_windows(now, budget) && done;
  if (outbox_.pause_ended(now)) last_pause_ended_ = now;
  done = retell(now, budget) && done;
  return done && budget > 0;
}

void Alerts::drop(Outbox::Dropped dropped, MonotonicTime now) {
  Alert& alert = alerts_[dropped.alert];
  const BookIndex book = alert.book;
  const std::size_t kind = index_of(alert.type);
  const auto how =
      dropped.reason == DropReason::kFull ? AlertEvent::kDroppedFull : AlertEvent::kDroppedExpired;
  const bool superseded = books_[book].held[kind] != kNone;
  const bool may_return = may_hold_again(alert) && !planted(Mutant::kLostWithTheDead);
  if (!superseded && alert.type != AlertType::kRestartDetected && (holds(alert) || may_return)) {
    listener_(how, alert, agent_of(alert));
    alert.state = AlertState::kUntold;
    alert.dropped = now;
    books_[book].untold[kind] = dropped.alert;
    untold_.append(dropped.alert);
    return;
  }
  const AlertType type = alert.type;
  end(dropped.alert, how);
  if (superseded) release_or_lapse(book, type, now);
  close_if_idle(book);
}

void Alerts::release_or_lapse(BookIndex book, AlertType type, MonotonicTime now) {
  const AlertIndex held = std::exchange(books_[book].held[index_of(type)], kNone);
  --held_;
  if (holds(alerts_[held])) {
    release(held, now);
  } else {
    end(held, AlertEvent::kLapsed);
  }
}

bool Alerts::end_windows(MonotonicTime now, std::size_t& budget) {
  while (!windows_.empty() && windows_.front().told + kDedupWindow <= now) {
    if (budget == 0) return false;
    --budget;
    const Window window = windows_.front();
    windows_.pop_front();
    const std::size_t kind = index_of(window.type);
    AlertBook& book = books_[window.book];
    if (book.agent == kNone || book.told[kind] != window.told) continue;
    book.told[kind].reset();
    if (planted(Mutant::kHeldForEver)) continue;
    if (book.held[kind] != kNone && book.active[kind] == kNone) {
      release_or_lapse(window.book, window.type, now);
    }
    close_if_idle(window.book);
  }
  return true;
}

bool Alerts::may_retell(const Alert& untold, MonotonicTime now) const {
  const Pause& pause = outbox_.pause();
  if (pause.away()) return outbox_.lacks_a_probe(now);
  if (pause.held(now)) return false;
  return (last_pause_ended_ && untold.dropped <= *last_pause_ended_) ||
         untold.dropped + kRetellAfter <= now;
}

bool Alerts::retell(MonotonicTime now, std::size_t& budget) {
  while (!untold_.empty() && may_retell(alerts_[untold_.front()], now)) {
    if (budget == 0) return false;
    --budget;
    const AlertIndex index = untold_.front();
    Alert& alert = alerts_[index];
    const BookIndex book = alert.book;
    if (!holds(alert)) {
      if (may_hold_again(alert)) {
        untold_.remove(index);
        alert.state = AlertState::kParked;
        continue;
      }
      discard_untold(book, alert.type);
      close_if_idle(book);
      continue;
    }
    untold_.remove(index);
    books_[book].untold[index_of(alert.type)] = kNone;
    alert.order = ++last_order_;
    listener_(AlertEvent::kRetold, alert, agent_of(alert));
    outbox_.add(index, now);
  }
  return true;
}

std::optional<MonotonicTime> Alerts::next_deadline(MonotonicTime now) const {
  auto earliest = outbox_.next_deadline(now);
  const auto consider = [&earliest](MonotonicTime when) {
    if (!earliest || when < *earliest) earliest = when;
  };
  if (!windows_.empty()) consider(windows_.front().told + kDedupWindow);
  const Pause& pause = outbox_.pause();
  if (!untold_.empty()) {
    const Alert& first = alerts_[untold_.front()];
    if (may_retell(first, now)) {
      consider(now);
    } else if (!pause.away() && !pause.held(now)) {
      consider(first.dropped + kRetellAfter);
    }
  }
  return earliest;
}

// --- books ---

BookIndex Alerts::book_of(Slot agent) {
  AgentRecord& record = table_[agent];
  if (record.book != kNone) return record.book;
  record.book = books_.acquire();
  books_[record.book].agent = agent;
  if (!orphans_.empty()) {
    const std::string id = record.id().str();
    for (const Orphan& orphan : orphans_) {
      if (orphan.agent_id == id) outbox_.wait_for(record.book, orphan.alert);
    }
  }
  return record.book;
}

void Alerts::close_if_idle(BookIndex index) {
  AlertBook& book = books_[index];
  const auto is_none = [](AlertIndex alert) { return alert == kNone; };
  const auto is_unset = [](const auto& told) { return !told; };
  const bool idle = book.in_flight == kNone &&
                    std::all_of(book.active.begin(), book.active.end(), is_none) &&
                    std::all_of(book.held.begin(), book.held.end(), is_none) &&
                    std::all_of(book.untold.begin(), book.untold.end(), is_none) &&
                    std::all_of(book.told.begin(), book.told.end(), is_unset);
  if (!idle || book.agent == kNone) return;
  table_[book.agent].book = kNone;
  book.agent = kNone;
  books_.release(index);
}

// An agent that died in EMERGENCY may come back in it, and then nothing else would tell of it.
bool Alerts::may_hold_again(const Alert& alert) const {
  const AgentRecord& agent = table_[agent_of(alert)];
  return alert.type == AlertType::kEmergencyMode && agent.has(AgentRecord::kDead) &&
         agent.mode == protocol::Mode::kEmergency;
}

bool Alerts::holds(const Alert& alert) const {
  const AgentRecord& agent = table_[agent_of(alert)];
  const bool dead = agent.has(AgentRecord::kDead);
  switch (alert.type) {
    case AlertType::kAgentDeath:
      return dead && alert.details.last_seen == agent.heard;
    case AlertType::kEmergencyMode:
      return !dead && agent.mode == protocol::Mode::kEmergency;
    case AlertType::kRestartDetected:
      return !dead;
  }
  return false;
}

}  // namespace pap::core
