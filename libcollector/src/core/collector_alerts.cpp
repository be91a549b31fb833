// SPDX-License-Identifier: MIT
// The collector's alerts on their way: rendered, handed out, answered, counted and shown.
#include <utility>

#include "core/mutants.hpp"
#include "pap/core/collector.hpp"

namespace pap::core {

using protocol::AlertType;
using protocol::DeliveryState;

std::optional<Delivery> Collector::next_delivery(Instant now) {
  advance(now);
  budget_ = kSliceUnits;
  // What has expired must not leave, however late the tick is.
  const bool settled = alerts_.work(now.mono, budget_);
  counters_.work_slices.add(kSliceUnits - budget_);
  const auto taken = settled ? alerts_.take(now.mono) : std::nullopt;
  if (!taken) {
    may_deliver_ = false;
    return std::nullopt;
  }
  const Alert& alert = alerts_.alert(*taken);
  Delivery delivery{alert.sequence, key_of(alert), render(alert, alerts_.agent_of(alert), now)};
  if (AlertRow* row = history_.find(alert.sequence)) {
    row->json = delivery.body;
    row->attempts = alert.attempts;
  }
  return delivery;
}

void Collector::station_answered(std::uint64_t sequence, const StationAnswer& answer, Instant now) {
  advance(now);
  const Pause& pause = alerts_.outbox().pause();
  const bool was_away = pause.away();
  const std::size_t notes_before = notices_.size();
  if (!alerts_.answered(sequence, answer, now.mono)) return;

  const Verdict verdict = judge(answer);
  for (std::size_t i = notes_before; i < notices_.size(); ++i) notices_[i].text = answer.reason;
  if (verdict == Verdict::kMisdirected && notices_.size() > notes_before) {
    notices_.back().kind = Notice::Kind::kAlertMisdirected;
  }
  if (verdict == Verdict::kSlowDown) {
    note(Notice::Kind::kStationAsksToWait, kNone).amount = hold_of(answer.retry_after);
  }
  if (!was_away && pause.away()) note(Notice::Kind::kStationAway, kNone).text = answer.reason;
  if (was_away && !pause.away()) note(Notice::Kind::kStationBack, kNone);
  may_deliver_ = true;
}

void Collector::on_alert(AlertEvent event, const Alert& alert, Slot agent) {
  AlertCounters& counters = counters_.alerts[index_of(alert.type)];
  const auto finish = [&](DeliveryState state) {
    if (AlertRow* row = history_.find(alert.sequence)) row->state = state;
  };
  const auto note_alert = [&](Notice::Kind kind) -> Notice& {
    Notice& notice = note(kind, agent);
    notice.alert = alert.type;
    notice.count = alert.attempts;
    return notice;
  };
  const auto told = [&] {
    if (alert.type != AlertType::kAgentDeath || agent == kNone) return;
    const AgentRecord& record = table_[agent];
    if (record.has(AgentRecord::kDead) && !record.has(AgentRecord::kDeathTold) &&
        record.heard == alert.details.last_seen) {
      join_told_dead(agent, now_.mono);
    }
  };

  switch (event) {
    case AlertEvent::kDecided:
      ++counters.decided;
      break;
    case AlertEvent::kHeldBack:
      ++counters.held_back;
      break;
    case AlertEvent::kReleased: {
      std::string json = render(alert, agent, now_);
      if (watched(table_[agent])) {
        std::string message;
        protocol::append_alert_message(message, settings_.cluster.id, json);
        publish(agent, std::move(message));
      }
      history_.add(alert.sequence, std::move(json));
      may_deliver_ = true;
      break;
    }
    case AlertEvent::kRetold:
      ++counters.retold;
      finish(DeliveryState::kQueued);
      note_alert(Notice::Kind::kAlertRetold);
      may_deliver_ = true;
      break;
    case AlertEvent::kFailed:
      ++counters.attempts_failed;
      note_alert(Notice::Kind::kAlertFailed);
      break;
    case AlertEvent::kDelivered:
      ++counters.delivered;
      finish(DeliveryState::kDelivered);
      note_alert(Notice::Kind::kAlertDelivered);
      told();
      break;
    case AlertEvent::kRefused:
      ++counters.refused;
      finish(DeliveryState::kRefused);
      note_alert(Notice::Kind::kAlertRefused);
      told();
      break;
    case AlertEvent::kLogged:
      ++counters.logged;
      finish(DeliveryState::kDelivered);
      note_alert(Notice::Kind::kAlertLogged).text = render(alert, agent, now_);
      told();
      break;
    case AlertEvent::kDroppedFull:
      ++counters.dropped_full;
      finish(DeliveryState::kDropped);
      note_alert(Notice::Kind::kAlertDropped).text = kDroppedFull;
      break;
    case AlertEvent::kDroppedExpired:
      ++counters.dropped_expired;
      finish(DeliveryState::kDropped);
      note_alert(Notice::Kind::kAlertDropped).text = kDroppedExpired;
      break;
    case AlertEvent::kLapsed:
      if (!planted(Mutant::kLapsedUncounted)) ++counters.lapsed;
      break;
    case AlertEvent::kWithdrawn:
      ++counters.withdrawn;
      if (alert.sequence != 0) finish(DeliveryState::kDropped);
      break;
  }
}

std::string Collector::key_of(const Alert& alert) const {
  const std::string key = settings_.start_id + '-' + std::to_string(alert.sequence);
  return planted(Mutant::kKeyRenewed) ? key + '-' + std::to_string(alert.attempts) : key;
}

std::string Collector::render(const Alert& alert, Slot agent, Instant now) const {
  const AgentRecord& record = table_[agent];
  const std::string id = record.id().str();
  const AlertDetails& details = alert.details;
  protocol::AlertMessage message{};
  message.type = alert.type;
  message.agent_uuid = planted(Mutant::kNamesNobody) ? std::string_view{id}.substr(1) : id;
  message.agent_name = record.name.empty() ? std::string_view{id} : record.name.view();
  message.cluster_id = settings_.cluster.id;
  message.timestamp = now.wall_of(details.happened);
  message.mode = details.mode;
  message.missed_intervals = details.missed_intervals;
  message.last_seen = now.wall_of(details.last_seen);
  message.uptime_seconds = details.uptime_seconds;
  message.previous_mode = details.previous_mode;
  message.previous_uptime = details.previous_uptime;
  if (details.recovered_at) message.recovered_at = now.wall_of(*details.recovered_at);
  std::string json;
  protocol::append_alert(json, message);
  return json;
}

protocol::AlertQueueView Collector::alert_queue(Instant now) const {
  const Outbox& outbox = alerts_.outbox();
  protocol::AlertQueueView view;
  view.size = outbox.counting();
  if (const auto oldest = outbox.oldest_counting()) {
    const Nanos age = now.mono - alerts_.alert(*oldest).details.happened;
    view.oldest_age_ms = duration_cast<std::chrono::milliseconds>(age).count();
  }
  return view;
}

void Collector::append_alerts(std::string& out, std::size_t limit) const {
  const auto& rows = history_.rows();
  for (auto row = rows.rbegin(); row != rows.rend() && limit > 0; ++row, --limit) {
    if (row != rows.rbegin()) out += ',';
    protocol::append_alert_row(out, row->json, row->state, row->attempts,
                               settings_.start_id + '-' + std::to_string(row->sequence));
  }
}

}  // namespace pap::core
