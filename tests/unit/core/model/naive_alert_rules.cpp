// SPDX-License-Identifier: MIT
// The naive alerts' rules: what holds, what counts, who leaves and who has to go first.
#include <algorithm>
#include <chrono>

#include "unit/core/model/contract_figures.hpp"
#include "unit/core/model/naive_alerts.hpp"

namespace pap::test {

using namespace std::chrono_literals;

// --- what there is ---

std::optional<MonotonicTime> NaiveAlerts::next_event(MonotonicTime now) const {
  std::optional<MonotonicTime> earliest;
  const auto consider = [&earliest, now](MonotonicTime when) {
    if (when > now && (!earliest || when < *earliest)) earliest = when;
  };
  for (const Told& told : told_) consider(told.at + kDedup);
  if (hold_) consider(*hold_);
  for (const NaiveAlert& alert : alerts_) {
    if (alert.where == Where::kUntold && !away_) consider(alert.dropped + kRetellAfter);
    if (alert.where != Where::kWaiting) continue;
    if (alert.failed()) consider(alert.rests_at_most_until);
    if (counts(alert)) consider(now + settings_.alert_queue_ttl - counted(alert, now));
  }
  if (away_ && !probing_) consider(probe_planned_ + doubled(5s, probes_failed_ + 1, 30s));
  return earliest;
}

std::size_t NaiveAlerts::count(Where where) const {
  return static_cast<std::size_t>(std::count_if(
      alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) { return each.where == where; }));
}

std::size_t NaiveAlerts::counting() const {
  return static_cast<std::size_t>(std::count_if(
      alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) { return counts(each); }));
}

std::size_t NaiveAlerts::untold_and_true() const {
  return static_cast<std::size_t>(
      std::count_if(alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) {
        return each.where == Where::kUntold && still_true(each) && !each.perhaps_forgotten;
      }));
}

// --- rules ---

NaiveAlerts::Iterator NaiveAlerts::find(const std::string& agent, AlertType type, Where where) {
  return std::find_if(alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) {
    return each.agent == agent && each.type == type && each.where == where && !each.withdrawn;
  });
}

NaiveAlerts::Iterator NaiveAlerts::active(const std::string& agent, AlertType type) {
  const auto waiting = find(agent, type, Where::kWaiting);
  return waiting != alerts_.end() ? waiting : find(agent, type, Where::kInFlight);
}

bool NaiveAlerts::still_true(const NaiveAlert& alert) const {
  const NaiveState agent = ask_(alert.agent);
  switch (alert.type) {
    case AlertType::kAgentDeath:
      return agent.dead && agent.heard == alert.last_seen;
    case AlertType::kEmergencyMode:
      return !agent.dead && agent.mode == Mode::kEmergency;
    case AlertType::kRestartDetected:
      return !agent.dead;
  }
  return false;
}

bool NaiveAlerts::may_be_true_again(const NaiveAlert& alert) const {
  const NaiveState agent = ask_(alert.agent);
  return alert.type == AlertType::kEmergencyMode && agent.dead && agent.mode == Mode::kEmergency;
}

bool NaiveAlerts::told_lately(const std::string& agent, AlertType type, MonotonicTime now) const {
  return std::any_of(told_.begin(), told_.end(), [&](const Told& told) {
    return told.agent == agent && told.type == type && now < told.at + kDedup;
  });
}

void NaiveAlerts::release(NaiveAlert alert, MonotonicTime now) {
  alert.sequence = ++sequences_;
  alert.order = ++orders_;
  if (!settings_.has_station) {
    ++counters_[index_of(alert.type)].logged;
    return tell(alert, now);
  }
  alert.where = Where::kWaiting;
  alert.away_when_added = away_total(now);
  alerts_.push_back(std::move(alert));
}

void NaiveAlerts::tell(const NaiveAlert& alert, MonotonicTime now) {
  told_.push_back({alert.agent, alert.type, now});
  if (alert.type == AlertType::kAgentDeath && still_true(alert)) death_told_(alert);
}

void NaiveAlerts::release_or_lapse(const std::string& agent, AlertType type, MonotonicTime now) {
  const auto held = find(agent, type, Where::kHeld);
  if (held == alerts_.end()) return;
  NaiveAlert alert = *held;
  alerts_.erase(held);
  if (still_true(alert)) {
    release(std::move(alert), now);
  } else {
    ++counters_[index_of(type)].lapsed;
  }
}

Nanos NaiveAlerts::away_total(MonotonicTime now) const {
  return away_before_ + (away_ ? now - away_since_ : Nanos{0});
}

// How much of its TTL has gone by.
Nanos NaiveAlerts::counted(const NaiveAlert& alert, MonotonicTime now) const {
  if (alert.failed()) return alert.counted_before + (now - alert.first_failed);
  return away_total(now) - alert.away_when_added;
}

bool NaiveAlerts::counts(const NaiveAlert& alert) const {
  return alert.where == Where::kWaiting && (away_ || alert.failed());
}

unsigned NaiveAlerts::urgency(const std::string& agent) const {
  unsigned most = protocol::kAlertTypeCount;
  for (const NaiveAlert& each : alerts_) {
    if (each.agent != agent || each.where != Where::kWaiting) continue;
    most = std::min(most, static_cast<unsigned>(index_of(each.type)));
  }
  return most;
}

bool NaiveAlerts::leaves_before(const NaiveAlert& a, const NaiveAlert& b) const {
  const unsigned urgency_a = urgency(a.agent);
  const unsigned urgency_b = urgency(b.agent);
  return urgency_a != urgency_b ? urgency_a < urgency_b : a.order < b.order;
}

// Its agent's turn, whether it rests or not.
bool NaiveAlerts::could_leave(const NaiveAlert& alert) const {
  if (alert.where != Where::kWaiting) return false;
  const NaiveAlert* first = &alert;
  for (const NaiveAlert& each : alerts_) {
    if (each.agent != alert.agent) continue;
    if (each.where == Where::kInFlight) return false;
    if (each.where == Where::kWaiting && each.order < first->order) first = &each;
  }
  return first == &alert || (alert.type == AlertType::kAgentDeath && first->failed());
}

bool NaiveAlerts::surely_could_leave(const NaiveAlert& alert, MonotonicTime now) const {
  if (!could_leave(alert) || (alert.failed() && now < alert.rests_at_most_until)) return false;
  // A death that may overtake it could go in its stead.
  return std::none_of(alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) {
    return &each != &alert && each.agent == alert.agent && each.type == AlertType::kAgentDeath &&
           could_leave(each);
  });
}

// The next that has to go, and whether its time has run out.
std::optional<std::pair<std::size_t, bool>> NaiveAlerts::next_drop(MonotonicTime now) const {
  std::optional<std::size_t> expired;
  std::optional<std::size_t> least;
  const auto expires_before = [&](const NaiveAlert& a, const NaiveAlert& b) {
    if (a.failed() != b.failed()) return a.failed();
    if (!a.failed()) return a.order < b.order;
    const Nanos of_a = counted(a, now);
    const Nanos of_b = counted(b, now);
    return of_a != of_b ? of_a > of_b : a.order < b.order;
  };
  const auto goes_before = [&](const NaiveAlert& a, const NaiveAlert& b) {
    const unsigned urgency_a = urgency(a.agent);
    const unsigned urgency_b = urgency(b.agent);
    return urgency_a != urgency_b ? urgency_a > urgency_b : a.order < b.order;
  };
  for (std::size_t i = 0; i < alerts_.size(); ++i) {
    if (alerts_[i].where != Where::kWaiting) continue;
    // Also where it counts no more: what had run out has run out.
    if (counted(alerts_[i], now) >= settings_.alert_queue_ttl &&
        (!expired || expires_before(alerts_[i], alerts_[*expired]))) {
      expired = i;
    }
    if (!counts(alerts_[i])) continue;
    if (!least || goes_before(alerts_[i], alerts_[*least])) least = i;
  }
  if (expired) return std::pair{*expired, true};
  if (counting() > settings_.alert_queue_max_size) return std::pair{*least, false};
  return std::nullopt;
}

void NaiveAlerts::drop(std::size_t index, bool expired, MonotonicTime now) {
  NaiveAlert& alert = alerts_[index];
  core::AlertCounters& counters = counters_[index_of(alert.type)];
  ++(expired ? counters.dropped_expired : counters.dropped_full);
  const std::string agent = alert.agent;
  const AlertType type = alert.type;
  const bool superseded = find(agent, type, Where::kHeld) != alerts_.end();
  if (!superseded && type != AlertType::kRestartDetected &&
      (still_true(alert) || may_be_true_again(alert))) {
    alert.where = Where::kUntold;
    alert.dropped = now;
    alert.drop_number = ++drops_;
    alert.perhaps_forgotten = false;
    alert.back_from_the_dead = false;
    return;
  }
  alerts_.erase(alerts_.begin() + static_cast<std::ptrdiff_t>(index));
  if (superseded) release_or_lapse(agent, type, now);
}

bool NaiveAlerts::due_by_rule(const NaiveAlert& untold, MonotonicTime now) const {
  if (away_ || held_by_station(now)) return false;
  return (last_pause_ended_ && untold.dropped <= *last_pause_ended_) ||
         now >= untold.dropped + kRetellAfter;
}

}  // namespace pap::test
