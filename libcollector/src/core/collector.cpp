// SPDX-License-Identifier: MIT
#include "pap/core/collector.hpp"

#include <algorithm>
#include <utility>

#include "core/mutants.hpp"
#include "pap/core/restart_rule.hpp"

namespace pap::core {

using protocol::AgentId;
using protocol::AlertType;
using protocol::Heartbeat;
using protocol::Mode;

Collector::Collector(CollectorSettings settings, Instant start)
    : settings_(std::move(settings)),
      started_(start),
      random_(settings_.seed),
      timeline_(start.mono),
      table_(random_.next()),
      detector_(table_, settings_.check_interval),
      alerts_(table_, random_,
              {{settings_.alert_queue_max_size, settings_.alert_queue_ttl}, settings_.has_station},
              [this](AlertEvent event, const Alert& alert, Slot agent) {
                on_alert(event, alert, agent);
              }),
      now_(start) {}

ListeningTime Collector::advance(Instant now) {
  now_ = now;
  const MonotonicTime clock =
      planted(Mutant::kWallClock) ? started_.mono + (now.wall - started_.wall) : now.mono;
  const auto step = timeline_.advance(clock);
  if (step.lost > Nanos{0}) take_loss(step);
  if (const auto ends = detector_.catch_up_ends(); ends && step.now >= *ends) {
    detector_.caught_up(step.now);
    note(Notice::Kind::kCaughtUp, kNone);
  }
  return step.now;
}

void Collector::take_loss(ListeningTimeline::Step step) {
  counters_.time_lost += step.lost;
  if (timeline_.deaf()) return detector_.lost_while_deaf(step.lost);  // counted when it is over
  ++counters_.losses;
  if (step.gap >= kAgentTimeout) ++counters_.catch_ups;
  detector_.lost(step.now, step.gap, step.lost);
  note(Notice::Kind::kTimeLost, kNone).amount = step.lost;
}

void Collector::caught_up(Instant now) {
  const ListeningTime listening = advance(now);
  if (!detector_.catching_up()) return;
  detector_.caught_up(listening);
  note(Notice::Kind::kCaughtUp, kNone);
}

void Collector::hears_nobody(MonotonicTime since, Instant now) {
  const ListeningTime listening = advance(now);
  if (planted(Mutant::kDeafnessInPieces)) {
    detector_.lost(listening, kAgentTimeout, Nanos{0});
    return detector_.caught_up(listening);
  }
  if (detector_.catching_up()) note(Notice::Kind::kCaughtUp, kNone);  // as far as it came
  if (!timeline_.deaf()) timeline_.deafen();
  detector_.hears_nobody(listening, now.mono - since);
}

void Collector::hears_some(MonotonicTime since, Instant now) {
  const ListeningTime listening = advance(now);
  detector_.hears_some(listening, now.mono - since);
  end_deafness();
}

void Collector::hears_all(MonotonicTime since, Instant now) {
  const ListeningTime listening = advance(now);
  detector_.hears_all(listening, now.mono - since);
  end_deafness();
}

void Collector::end_deafness() {
  const Nanos lost = timeline_.hear();
  if (lost == Nanos{0}) return;
  ++counters_.losses;
  if (detector_.agents_left()) ++counters_.catch_ups;
  note(Notice::Kind::kTimeLost, kNone).amount = lost;
}

// --- heartbeats ---

HeartbeatOutcome Collector::heartbeat(const AgentId& id, const Heartbeat& heartbeat, Instant now) {
  const ListeningTime listening = advance(now);
  const Slot known = table_.find(id);
  bool recovered = false;
  HeartbeatOutcome outcome;
  outcome.is_new = known == kNone;

  Slot slot = known;
  if (outcome.is_new) {
    slot = admit(id, heartbeat, now);
    if (slot == kNone) {
      ++counters_.heartbeats_refused_full;
      return outcome;
    }
    heard(slot, heartbeat.mode, now, listening);
    if (heartbeat.mode == Mode::kEmergency && !planted(Mutant::kFirstEmergencyForgotten)) {
      decide_emergency(slot, std::nullopt, now);
    }
  } else {
    const AgentRecord& record = table_[slot];
    const LifeSoFar life{record.uptime_seconds, record.started, record.heard};
    const Standing standing =
        standing_of(life, now.mono, heartbeat.uptime_seconds, lost_since_heard(record));
    const Mode previous_mode = record.mode;
    recovered = record.has(AgentRecord::kDead);
    outcome.restart_detected = standing == Standing::kRestart;
    bool keeps_mode = standing == Standing::kOvertaken && !planted(Mutant::kOvertakenSetsMode);
    if (planted(Mutant::kModeChangeIgnored)) keeps_mode = heartbeat.mode == Mode::kSleep;
    const Mode mode = keeps_mode ? previous_mode : heartbeat.mode;

    if (recovered) {
      revive(slot, now);
    } else {
      detector_.unfollow(slot);
    }
    heard(slot, mode, now, listening);
    if (planted(Mutant::kEventBeforeChange) && watched(table_[slot])) {
      publish_heartbeat(slot, recovered, now);
    }
    if (standing == Standing::kOvertaken && !planted(Mutant::kOvertakenSetsMode)) {
      ++counters_.overtaken;
    } else {
      take_whole(slot, heartbeat, now);
    }
    if (recovered) alerts_.recovered(slot, now.mono);
    if (outcome.restart_detected) {
      ++counters_.restarts;
      note(Notice::Kind::kAgentRestarted, slot);
      AlertDetails details;
      details.happened = now.mono;
      details.previous_uptime = life.uptime_seconds;
      details.uptime_seconds = heartbeat.uptime_seconds;
      details.mode = mode;
      alerts_.decide(slot, AlertType::kRestartDetected, details, now.mono);
    }
    if (mode == Mode::kEmergency && previous_mode != Mode::kEmergency) {
      decide_emergency(slot, previous_mode, now);
    }
  }

  const AgentRecord& record = table_[slot];
  outcome.accepted = true;
  outcome.mode = record.mode;
  ++counters_.heartbeats[index_of(heartbeat.mode)];
  last_heartbeat_ = now.mono;
  const bool published = planted(Mutant::kEventBeforeChange) && !outcome.is_new;
  if (watched(record) && !published) publish_heartbeat(slot, recovered, now);
  return outcome;
}

Slot Collector::admit(const AgentId& id, const Heartbeat& heartbeat, Instant now) {
  if (planted(Mutant::kDeafToNewcomers) && now.mono - started_.mono < std::chrono::minutes{5}) {
    return kNone;
  }
  const std::size_t cap = settings_.max_agents + (planted(Mutant::kCapOffByOne) ? 1 : 0);
  if (table_.size() >= cap && !evict_one() && !planted(Mutant::kRefusedButCounted)) {
    note(Notice::Kind::kTableFull, kNone).agent_id = id.str();
    return kNone;
  }
  const Slot slot = table_.insert(id);
  AgentRecord& record = table_[slot];
  record.mode = heartbeat.mode;
  record.started = start_of(now.mono, heartbeat.uptime_seconds);
  record.uptime_seconds = heartbeat.uptime_seconds;
  if (!heartbeat.agent_name.empty()) table_.rename(slot, heartbeat.agent_name);
  if (events_.anybody() && events_.watches(id.str())) {
    record.set(AgentRecord::kObserved);
    ++observed_;
  }
  ++by_mode_[index_of(record.mode)];
  ++counters_.agents_new;
  return slot;
}

// Into the list of its mode, as heard now.
void Collector::heard(Slot slot, Mode mode, Instant now, ListeningTime listening) {
  AgentRecord& record = table_[slot];
  if (planted(Mutant::kModeCountNotMoved)) {
    record.mode = mode;
  } else if (record.mode != mode) {
    --by_mode_[index_of(record.mode)];
    ++by_mode_[index_of(mode)];
    record.mode = mode;
  }
  record.heard = now.mono;
  record.heard_listening = listening;
  if (record.heartbeats != UINT32_MAX) ++record.heartbeats;
  detector_.follow(slot);
}

void Collector::take_whole(Slot slot, const Heartbeat& heartbeat, Instant now) {
  AgentRecord& record = table_[slot];
  record.uptime_seconds = heartbeat.uptime_seconds;
  record.started = std::max(record.started, start_of(now.mono, heartbeat.uptime_seconds));
  if (!heartbeat.agent_name.empty()) table_.rename(slot, heartbeat.agent_name);
}

void Collector::revive(Slot slot, Instant now) {
  AgentRecord& record = table_[slot];
  ++counters_.recoveries;
  note(Notice::Kind::kAgentRecovered, slot).amount = now.mono - record.heard;
  if (record.has(AgentRecord::kDeathTold)) leave_told_dead(slot);
  record.clear(AgentRecord::kDead);
  record.heartbeats = 0;  // the silence broke the run
  --dead_;
}

Nanos Collector::lost_since_heard(const AgentRecord& record) const {
  return std::max(timeline_.lost() - record.lost_when_heard(), detector_.waited());
}

void Collector::decide_emergency(Slot slot, std::optional<Mode> previous, Instant now) {
  const AgentRecord& record = table_[slot];
  const bool first_sight = !previous;
  const bool starting_up = now.mono - started_.mono < kStartUpWindow;
  const bool older = record.started <= started_.mono && !planted(Mutant::kEmergencyAtStartTold);
  if (first_sight && starting_up && older) {
    alerts_.take_as_told(slot, AlertType::kEmergencyMode, now.mono);
    return;
  }
  note(Notice::Kind::kAgentEmergency, slot);
  AlertDetails details;
  details.happened = now.mono;
  details.previous_mode = previous;
  details.uptime_seconds = record.uptime_seconds;
  details.mode = Mode::kEmergency;
  alerts_.decide(slot, AlertType::kEmergencyMode, details, now.mono);
}

// --- time ---

bool Collector::tick(Instant now, std::size_t budget) {
  const ListeningTime listening = advance(now);
  budget_ = budget;
  bool done = decide_deaths(now, budget_);
  done = alerts_.work(now.mono, budget_) && done;
  done = forget_the_retained(now, budget_) && done;
  done = detector_.advance_health(listening, budget_) && done;
  counters_.work_slices.add(budget - budget_);
  may_deliver_ = may_deliver_ || alerts_.ready(now.mono);
  return !done && !planted(Mutant::kSliceDropsRest);
}

bool Collector::decide_deaths(Instant now, std::size_t& budget) {
  if (draining_ && !planted(Mutant::kDecidesWhileDraining)) return true;
  const ListeningTime listening = timeline_.now();
  for (auto due = detector_.next_due(); due && due->when <= listening; due = detector_.next_due()) {
    if (budget == 0) return false;
    --budget;
    decide_death(*due, now);
  }
  return true;
}

void Collector::decide_death(DueAgent due, Instant now) {
  AgentRecord& record = table_[due.slot];
  const Nanos interval = protocol::interval_of(record.mode);
  const Nanos silence = timeline_.now() - record.heard_listening;
  detector_.unfollow(due.slot);
  record.set(AgentRecord::kDead);
  ++dead_;
  counters_.detection_lag.add(silence - 2 * interval);
  note(Notice::Kind::kAgentDead, due.slot).amount = silence;

  AlertDetails details;
  details.happened = timeline_.monotonic_of(record.heard_listening + 2 * interval);
  details.mode = record.mode;
  details.missed_intervals = static_cast<std::uint32_t>(silence / interval);
  details.last_seen = record.heard;
  details.uptime_seconds = record.uptime_seconds;
  alerts_.decide(due.slot, AlertType::kAgentDeath, details, now.mono);
  if (planted(Mutant::kDecidesTwice)) {
    alerts_.decide(due.slot, AlertType::kAgentDeath, details, now.mono);
  }
}

MonotonicTime Collector::next_deadline(Instant now) const {
  MonotonicTime earliest = timeline_.last_call() + kCallEvery;
  const auto consider = [&earliest](MonotonicTime when) { earliest = std::min(earliest, when); };
  if (const auto of_alerts = alerts_.next_deadline(now.mono)) consider(*of_alerts);
  if (const auto due = draining_ ? std::nullopt : detector_.next_due()) {
    consider(timeline_.monotonic_of(due->when));
  }
  if (const auto ends = detector_.catch_up_ends()) consider(timeline_.monotonic_of(*ends));
  if (told_dead_head_ != kNone && settings_.agent_retention > Nanos{0}) {
    consider(table_[told_dead_head_].told_at + settings_.agent_retention);
  }
  return earliest;
}

void Collector::drain(Instant now) {
  advance(now);
  draining_ = true;
}

// --- the dead, and room for the living ---

void Collector::join_told_dead(Slot slot, MonotonicTime now) {
  AgentRecord& record = table_[slot];
  record.set(AgentRecord::kDeathTold);
  record.told_at = now;
  record.previous = told_dead_tail_;
  record.next = kNone;
  (told_dead_tail_ == kNone ? told_dead_head_ : table_[told_dead_tail_].next) = slot;
  told_dead_tail_ = slot;
  ++told_dead_;
}

void Collector::leave_told_dead(Slot slot) {
  AgentRecord& record = table_[slot];
  record.clear(AgentRecord::kDeathTold);
  (record.previous == kNone ? told_dead_head_ : table_[record.previous].next) = record.next;
  (record.next == kNone ? told_dead_tail_ : table_[record.next].previous) = record.previous;
  record.previous = kNone;
  record.next = kNone;
  --told_dead_;
}

bool Collector::forget_the_retained(Instant now, std::size_t& budget) {
  if (settings_.agent_retention == Nanos{0}) return true;
  while (told_dead_head_ != kNone &&
         (planted(Mutant::kForgetsAtOnce) ||
          table_[told_dead_head_].told_at + settings_.agent_retention <= now.mono)) {
    if (budget == 0) return false;
    --budget;
    ++counters_.forgotten;
    note(Notice::Kind::kAgentForgotten, told_dead_head_);
    forget(told_dead_head_);
  }
  return true;
}

bool Collector::evict_one() {
  if (told_dead_head_ == kNone) return false;
  ++counters_.evicted;
  const Slot who = planted(Mutant::kEvictsTheLatest) ? told_dead_tail_ : told_dead_head_;
  note(Notice::Kind::kAgentEvicted, who);
  forget(who);
  return true;
}

bool Collector::remove(const AgentId& id, Instant now) {
  advance(now);
  const Slot slot = table_.find(id);
  if (slot == kNone) return false;
  ++counters_.removed;
  note(Notice::Kind::kAgentRemoved, slot);
  if (watched(table_[slot])) {
    std::string message;
    protocol::append_removed_message(message, settings_.cluster.id, id.str(), now.wall);
    publish(slot, std::move(message));
  }
  forget(slot);
  return true;
}

void Collector::forget(Slot slot) {
  AgentRecord& record = table_[slot];
  alerts_.forget(slot);
  if (record.has(AgentRecord::kDead)) {
    --dead_;
    if (record.has(AgentRecord::kDeathTold)) leave_told_dead(slot);
  } else {
    detector_.unfollow(slot);
  }
  if (record.has(AgentRecord::kObserved)) --observed_;
  --by_mode_[index_of(record.mode)];
  table_.erase(slot);
}

}  // namespace pap::core
