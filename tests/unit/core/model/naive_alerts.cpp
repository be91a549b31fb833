// SPDX-License-Identifier: MIT
#include "unit/core/model/naive_alerts.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "unit/core/model/contract_figures.hpp"

namespace pap::test {

using namespace std::chrono_literals;

namespace {

enum class Meaning { kStored, kRefused, kWait, kUnavailable };

Meaning meaning_of(const core::StationAnswer& answer) {
  if (!answer.status) return Meaning::kUnavailable;
  switch (*answer.status) {
    case 200:
    case 201:
    case 204:
      return Meaning::kStored;
    case 400:
    case 413:
    case 422:
      return Meaning::kRefused;
    case 429:
      return Meaning::kWait;
    default:
      return answer.retry_after ? Meaning::kWait : Meaning::kUnavailable;
  }
}

}  // namespace

std::string describe(const NaiveAlert& alert) {
  return std::string{protocol::to_string(alert.type)} + " of " + alert.agent + " (sequence " +
         std::to_string(alert.sequence) + ", order " + std::to_string(alert.order) + ')';
}

NaiveAlerts::NaiveAlerts(const core::CollectorSettings& settings, AskAgent ask,
                         DeathTold death_told, std::vector<std::string>& complaints)
    : settings_(settings),
      ask_(std::move(ask)),
      death_told_(std::move(death_told)),
      complaints_(complaints) {}

// --- what happened ---

void NaiveAlerts::decide(NaiveAlert alert, MonotonicTime now) {
  core::AlertCounters& counters = counters_[index_of(alert.type)];
  ++counters.decided;
  // Dropped and not told yet: it is over, or it would not happen again.
  if (const auto untold = find(alert.agent, alert.type, Where::kUntold); untold != alerts_.end()) {
    alerts_.erase(untold);
  }
  const auto held = find(alert.agent, alert.type, Where::kHeld);
  const bool on_its_way = active(alert.agent, alert.type) != alerts_.end();
  if (held == alerts_.end() && !on_its_way && !told_lately(alert.agent, alert.type, now)) {
    release(std::move(alert), now);
    return;
  }
  if (held != alerts_.end()) {
    ++counters.lapsed;
    alerts_.erase(held);
  }
  ++counters.held_back;
  alert.where = Where::kHeld;
  alerts_.push_back(std::move(alert));
}

void NaiveAlerts::take_as_told(const std::string& agent, AlertType type, MonotonicTime now) {
  told_.push_back({agent, type, now});
}

void NaiveAlerts::recovered(const std::string& agent, MonotonicTime now) {
  if (const auto death = active(agent, AlertType::kAgentDeath); death != alerts_.end()) {
    if (!death->recovered_at) death->recovered_at = now;
  }
  if (const auto untold = find(agent, AlertType::kAgentDeath, Where::kUntold);
      untold != alerts_.end()) {
    alerts_.erase(untold);
  }
  if (const auto emergency = find(agent, AlertType::kEmergencyMode, Where::kUntold);
      emergency != alerts_.end()) {
    emergency->back_from_the_dead = true;
  }
}

void NaiveAlerts::forget(const std::string& agent) {
  for (auto alert = alerts_.begin(); alert != alerts_.end();) {
    if (alert->agent != agent || alert->withdrawn) {
      ++alert;
    } else if (alert->where == Where::kInFlight) {
      alert->withdrawn = true;
      ++alert;
    } else {
      if (alert->where != Where::kUntold) ++counters_[index_of(alert->type)].withdrawn;
      alert = alerts_.erase(alert);
    }
  }
  std::erase_if(told_, [&](const Told& told) { return told.agent == agent; });
}

void NaiveAlerts::answered(std::uint64_t sequence, const core::StationAnswer& answer,
                           MonotonicTime now) {
  const auto alert = std::find_if(alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) {
    return each.sequence == sequence && each.where == Where::kInFlight;
  });
  if (alert == alerts_.end()) return complain("an answer to nothing");
  const Meaning meaning = meaning_of(answer);
  const bool probe = std::exchange(alert->probe, false);
  const bool final = meaning == Meaning::kStored || meaning == Meaning::kRefused;

  if (final) {
    failures_in_row_ = 0;
    if (!away_ || probe) {
      for (NaiveAlert& each : alerts_) {
        if (away_ && each.led_to_pause) each.rests_at_most_until = now;
        each.led_to_pause = false;
      }
    }
    if (away_ && probe) {
      away_ = false;
      away_before_ += now - away_since_;
      pause_just_ended_ = true;
    }
  } else if (meaning == Meaning::kWait) {
    const Nanos asked =
        std::clamp(answer.retry_after.value_or(kDefaultHold), kShortestHold, kLongestHold);
    hold_ = std::max(hold_.value_or(now), now + asked);
  } else if (!away_ && ++failures_in_row_ >= kFailuresToPause) {
    away_ = true;
    away_since_ = now;
    probes_failed_ = 0;
    probe_planned_ = now;
  }
  if (probe) probing_ = false;
  if (probe && !final) {
    ++probes_failed_;
    probe_planned_ = now;
  }

  core::AlertCounters& counters = counters_[index_of(alert->type)];
  if (final) {
    ++(meaning == Meaning::kStored ? counters.delivered : counters.refused);
    const NaiveAlert told = *alert;
    alerts_.erase(alert);
    if (!told.withdrawn) tell(told, now);
    return;
  }
  if (alert->withdrawn) {
    ++counters.withdrawn;
    alerts_.erase(alert);
    return;
  }
  ++counters.attempts_failed;
  alert->where = Where::kWaiting;
  if (meaning == Meaning::kWait) return;
  if (!alert->failed()) {
    alert->first_failed = now;
    alert->counted_before = away_total(now) - alert->away_when_added;
  }
  ++alert->failures;
  alert->led_to_pause = true;
  alert->rests_at_most_until = now + doubled(5s, alert->failures, 60s);
}

void NaiveAlerts::work(MonotonicTime now) {
  while (const auto next = next_drop(now)) drop(next->first, next->second, now);

  for (;;) {  // windows that have ended, oldest first
    const auto window = std::find_if(told_.begin(), told_.end(),
                                     [&](const Told& told) { return told.at + kDedup <= now; });
    if (window == told_.end()) break;
    const Told told = *window;
    told_.erase(window);
    if (active(told.agent, told.type) == alerts_.end() &&
        !told_lately(told.agent, told.type, now)) {
      release_or_lapse(told.agent, told.type, now);
    }
  }

  if ((pause_just_ended_ || (hold_ && now >= *hold_)) && !away_ && !held_by_station(now)) {
    pause_just_ended_ = false;
    hold_.reset();
    last_pause_ended_ = now;
  }
  std::erase_if(alerts_, [&](const NaiveAlert& alert) {
    return alert.where == Where::kUntold && due_by_rule(alert, now) && !still_true(alert) &&
           !may_be_true_again(alert);
  });
  if (away_ && !probing_ && !any(Where::kWaiting)) {
    for (NaiveAlert& alert : alerts_) {
      if (alert.where == Where::kUntold && !still_true(alert) && !may_be_true_again(alert)) {
        alert.perhaps_forgotten = true;
      }
    }
  }
}

// --- what was seen ---

void NaiveAlerts::saw_post(const core::Delivery& delivery, Instant now) {
  const auto alert = std::find_if(alerts_.begin(), alerts_.end(), [&](const NaiveAlert& each) {
    return each.sequence == delivery.sequence && each.where == Where::kWaiting;
  });
  if (alert == alerts_.end()) {
    return complain("posted what does not wait: " + delivery.body);
  }
  const std::string which = describe(*alert);
  if (delivery.idempotency_key != settings_.start_id + '-' + std::to_string(alert->sequence)) {
    complain(which + " has the key " + delivery.idempotency_key);
  }
  if (!could_leave(*alert)) complain(which + " left out of its turn");
  if (held_by_station(now.mono)) complain(which + " left during a Retry-After");
  if (away_ && probing_) complain(which + " left while a probe is on its way");
  if (count(Where::kInFlight) >= kInFlightAtMost) complain(which + " is one too many in flight");
  for (const NaiveAlert& other : alerts_) {
    if (!surely_could_leave(other, now.mono)) continue;
    if (away_ ? other.attempts < alert->attempts : leaves_before(other, *alert)) {
      complain(which + " left before " + describe(other));
    }
  }
  check_body(*alert, delivery, now);

  alert->where = Where::kInFlight;
  ++alert->attempts;
  alert->probe = away_;
  probing_ = probing_ || away_;
}

void NaiveAlerts::saw_retold(const std::string& agent, AlertType type, MonotonicTime now) {
  const auto alert = find(agent, type, Where::kUntold);
  if (alert == alerts_.end()) {
    return complain("retold what was not untold: " + agent);
  }
  if (!still_true(*alert)) complain(describe(*alert) + " was retold, and is over");
  if (!due_by_rule(*alert, now) && !(away_ && !probing_ && !any(Where::kWaiting))) {
    complain(describe(*alert) + " was retold too soon");
  }
  for (const NaiveAlert& other : alerts_) {
    if (other.where == Where::kUntold && other.drop_number < alert->drop_number &&
        still_true(other) && !other.perhaps_forgotten && !alert->back_from_the_dead &&
        !other.back_from_the_dead) {
      complain(describe(*alert) + " was retold before " + describe(other));
    }
  }
  ++counters_[index_of(type)].retold;
  alert->where = Where::kWaiting;
  alert->order = ++orders_;
  alert->attempts = 0;
  alert->failures = 0;
  alert->led_to_pause = false;
  alert->away_when_added = away_total(now);
}

void NaiveAlerts::settled(MonotonicTime now) {
  if (counting() > settings_.alert_queue_max_size) complain("more count than may");
  for (const NaiveAlert& alert : alerts_) {
    if (alert.where == Where::kUntold && due_by_rule(alert, now) && still_true(alert) &&
        !alert.perhaps_forgotten) {
      complain(describe(alert) + " should have been retold");
    }
    if (alert.where == Where::kWaiting && counted(alert, now) >= settings_.alert_queue_ttl) {
      complain(describe(alert) + " has waited longer than it may");
    }
  }
  if (held_by_station(now) || count(Where::kInFlight) >= kInFlightAtMost) return;
  const bool probe_due =
      away_ && !probing_ && now >= probe_planned_ + doubled(5s, probes_failed_ + 1, 30s);
  if (away_ && !probe_due) return;
  for (const NaiveAlert& alert : alerts_) {
    if (surely_could_leave(alert, now)) complain(describe(alert) + " should have left");
  }
  if (away_ && !any(Where::kWaiting) && untold_and_true() > 0) {
    complain("a probe is due, and something is untold that could be it");
  }
}

void NaiveAlerts::check_body(const NaiveAlert& alert, const core::Delivery& delivery, Instant now) {
  const NaiveState agent = ask_(alert.agent);
  protocol::AlertMessage message{};
  message.type = alert.type;
  message.agent_uuid = alert.agent;
  message.agent_name = agent.name;
  message.cluster_id = settings_.cluster.id;
  message.timestamp = now.wall_of(alert.happened);
  message.mode = alert.mode;
  message.missed_intervals = alert.missed;
  message.last_seen = now.wall_of(alert.last_seen);
  message.uptime_seconds = alert.uptime;
  message.previous_mode = alert.previous_mode;
  message.previous_uptime = alert.previous_uptime;
  if (alert.recovered_at) message.recovered_at = now.wall_of(*alert.recovered_at);
  std::string body;
  protocol::append_alert(body, message);
  if (body != delivery.body) complain("posted\n  " + delivery.body + "\ninstead of\n  " + body);
}

}  // namespace pap::test
