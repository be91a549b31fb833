// SPDX-License-Identifier: MIT
// The oracle's reading of heartbeats and deaths.
#include "papsim/oracle/oracle.hpp"

#include <algorithm>
#include <utility>

#include "papsim/oracle/oracle_words.hpp"
#include "papsim/world/collector_host.hpp"

namespace pap::sim {

using protocol::AlertType;
using protocol::Mode;

namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr WorldTime kStartUp = 75'000;
// For taking leave of observers, beside drain and grace.
constexpr WorldTime kGoodbye = 1'000;

// Rounded; some 140 years at the most.
std::int64_t nanos_of(double seconds) {
  return static_cast<std::int64_t>(std::min(seconds, 4.4e9) * 1e9 + 0.5);
}

}  // namespace

Oracle::Oracle(const Scenario& scenario, const Plan& plan)
    : scenario_(scenario),
      plan_(plan),
      agents_(plan.agents.size()),
      waiting_(scenario.collector.alert_queue_max_size,
               scenario.collector.alert_queue_ttl.count()) {
  check_interval_ = scenario_.collector.zombie_check_interval.count();
  max_agents_ = scenario_.collector.max_agents;
  ids_shared_ = shares_ids(scenario_);
  for (std::uint32_t i = 0; i < plan_.steps.size(); ++i) {
    using Kind = CollectorFault::Kind;
    const auto& action = scenario_.timeline[plan_.steps[i].entry].action;
    const auto* fault = std::get_if<CollectorFault>(&action);
    if (fault == nullptr) continue;
    collector_steps_.push_back(i);
    odd_time_ =
        odd_time_ || fault->kind == Kind::kMonotonicStep || fault->kind == Kind::kMonotonicDrift;
  }
}

std::span<const std::uint32_t> Oracle::steps_of(AgentNumber number) const {
  if (!steps_) steps_.emplace(plan_);
  return steps_->of(number);
}

std::string Oracle::name_of_agent(AgentNumber agent) const {
  return identities_ != nullptr && agent < identities_->size() ? identities_->text_of(agent)
                                                               : std::string{};
}

void Oracle::object(Rule rule, WorldTime now, AgentNumber agent, std::string what,
                    std::string bound) {
  const bool first = ++broken_[static_cast<std::size_t>(rule)] == 1;
  if (violations_.size() >= kMaxViolations && !first) return;
  violations_.push_back(
      {rule, now, agent, name_of_agent(agent), std::move(what), std::move(bound)});
}

void Oracle::object(Rule rule, WorldTime now, AgentNumber agent, WaitingModel::Verdict verdict) {
  if (verdict) object(rule, now, agent, std::move(verdict->what), std::move(verdict->bound));
}

WorldTime Oracle::slack(Mode mode) const {
  return std::min(interval(mode) / 10, (check_interval_ * 3 + 3) / 4);  // what a millisecond holds
}

WorldTime Oracle::deadline(const Known& agent) const {
  const WorldTime own = agent.heard_listening + 2 * interval(agent.mode) + slack(agent.mode);
  const auto excuse = listening_.excuse(agent.heard_after);
  if (!excuse) return own;
  return std::max(own, *excuse + kStaysAway + interval(agent.mode) + slack(agent.mode));
}

// --- the collector's life ---

void Oracle::started(WorldTime now) {
  listening_.start(now);
  last_call_ = now;
  std::fill(agents_.begin(), agents_.end(), Known{});
  in_flight_.clear();
  ledger_ = Ledger{};
  known_ = 0;
  started_at_ = now;
  hold_until_ = 0;
  hold_pending_ = false;
  ready_since_.reset();
  draining_ = false;
  told_dead_.clear();
  refused_.clear();
  removed_.clear();
  happened_.fill(0);
  delivered_.fill(0);
  retold_.fill(0);
  dropped_ = {};
  waiting_.clear();
  streams_.clear();
}

void Oracle::stopped(WorldTime now, const core::Collector& collector) {
  const core::Outbox& outbox = collector.alerts().outbox();
  check_conservation(now, collector);
  check_hidden(now, outbox.waiting() + outbox.in_flight());
  check_left(now, collector);
  const CollectorConfig& config = scenario_.collector;
  const WorldTime most = config.drain.count() + config.shutdown_grace.count() + kGoodbye;
  // The world waits for a drain by its own clock.
  if (draining_ && !odd_time_ && now > draining_since_ + most) {
    object(Rule::kL7, now, nobody(), "ended " + ms(now - draining_since_) + " after it was told to",
           "drain_ms + shutdown_grace_ms + 1 s, " + ms(most));
  }
}

void Oracle::prefetch(std::span<const AgentNumber> agents) const {
  for (const AgentNumber agent : agents) {
    __builtin_prefetch(&agents_[agent], 1);
    __builtin_prefetch(&agents_[agent].mode, 1);  // on the next line of the cache, often
  }
}

void Oracle::called(WorldTime now) {
  const WorldTime gap = now - std::exchange(last_call_, now);
  if (gap == 0) return;  // nothing new in the same millisecond
  listening_.call(now);
  object(Rule::kS7, now, nobody(), waiting_.called());
  check_prompt(now, gap);
  if (!told_dead_.empty()) check_retention(now, gap);
  if (healed_at_ && !checked_after_heal_) check_after_heal(now);
}

void Oracle::draining(WorldTime now) {
  draining_ = true;
  draining_since_ = now;
  saw(Mark::kDrained);
}

void Oracle::caught_up(WorldTime) {
  if (listening_.caught_up()) saw(Mark::kMarksShared);
}

// --- heartbeats ---

void Oracle::refused(WorldTime now, const SeenBeat& beat) {
  const bool full = beat.uptime_seconds >= 0;
  refused_[beat.agent] = {now, full};
  if (!full) return;
  saw(Mark::kTableFull);
  // The only other reason is a full table, which holds nobody who could make room.
  if (known_ < max_agents_) {
    object(Rule::kS12, now, beat.agent,
           "was refused, with " + std::to_string(known_) + " agents known",
           "max_agents, " + std::to_string(max_agents_));
  } else if (!told_dead_.empty()) {
    object(Rule::kS12, now, beat.agent,
           "was refused, though " + name_of_agent(told_dead_.begin()->second) +
               " is told dead and could make room");
  }
  if (agents_[beat.agent].known) {
    object(Rule::kS5, now, beat.agent, "an agent that is known was refused");
  }
}

void Oracle::accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) {
  Known& agent = agents_[beat.agent];
  if (answer.is_new && agent.known) {
    object(Rule::kS12, now, beat.agent,
           "was forgotten without a word; last heard at " + ms(agent.heard));
    leave_told_dead(beat.agent);
    agent = Known{};
    agent.ever = true;
    ledger_.forget(beat.agent);
    --known_;
  } else if (!answer.is_new && !agent.known) {
    object(Rule::kS5, now, beat.agent, "is known, though it was never accepted");
  }
  bool recovered = false;
  if (agent.known) {
    check_missed_death(now, beat.agent, agent);
    const WorldTime silence = listening_.listening() - agent.heard_listening;
    const bool unhealthy = silence >= 2 * interval(agent.mode);
    if (!agent.dead && unhealthy) saw(Mark::kDeathCancelledInSlack);
    recovered = agent.dead;
    known_beat(now, beat, answer, agent);
    if (unhealthy) check_revived(now, beat.agent);
  } else {
    first_sight(now, beat, agent);
  }
  agent.heard = now;
  agent.heard_listening = listening_.listening();
  agent.heard_after = static_cast<std::uint16_t>(listening_.ends());
  if (answer.mode != agent.mode) {
    object(Rule::kS5, now, beat.agent,
           "was told to keep the interval of " + std::string{to_string(answer.mode)} +
               " and should keep that of " + std::string{to_string(agent.mode)});
  }
  if (const auto odd = streams_.beat(beat.agent, {agent.mode, agent.uptime, recovered})) {
    object(Rule::kS13, now, beat.agent, *odd);
  }
}

void Oracle::check_missed_death(WorldTime now, AgentNumber number, const Known& agent) {
  // In the very millisecond of the deadline the heartbeat may have come first.
  if (agent.dead || draining_ || listening_.catching_up() || listening_.deaf()) return;
  const WorldTime due = std::max(deadline(agent), listening_.held_until());
  if (listening_.listening() <= due) return;
  object(
      Rule::kL1, now, number,
      "was silent until " + ms(listening_.listening()) + " of listening time, and not decided dead",
      "by " + ms(due));
}

void Oracle::first_sight(WorldTime now, const SeenBeat& beat, Known& agent) {
  const bool known_before = agent.ever;
  agent = Known{};
  agent.known = true;
  agent.ever = true;
  agent.mode = beat.mode;
  agent.uptime = beat.uptime_seconds;
  agent.started_ns = now * kNanosPerMilli - nanos_of(beat.uptime_seconds);
  ++known_;
  if (!known_before) check_known_in_time(now, beat.agent);
  if (known_ > max_agents_) {
    object(Rule::kS12, now, beat.agent, "came as one of " + std::to_string(known_) + " agents",
           "max_agents, " + std::to_string(max_agents_));
  }
  if (beat.mode != Mode::kEmergency) return;
  const bool younger = agent.started_ns > started_at_ * kNanosPerMilli;
  if (now - started_at_ < kStartUp && !younger) {
    ledger_.page(beat.agent, AlertType::kEmergencyMode).told = now;
    saw(Mark::kEmergencyTakenAsTold);
    return;
  }
  Happened event;
  event.at = now;
  event.uptime = beat.uptime_seconds;
  event.mode = Mode::kEmergency;
  happened(beat.agent, AlertType::kEmergencyMode, event);
}

void Oracle::known_beat(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer,
                        Known& agent) {
  const std::int64_t now_ns = now * kNanosPerMilli;
  const std::int64_t heard_ns = agent.heard * kNanosPerMilli;
  const std::int64_t started = now_ns - nanos_of(beat.uptime_seconds);
  const WorldTime lost_ms = std::max(listening_.lost() - (agent.heard - agent.heard_listening),
                                     listening_.loss_being_caught_up());
  const std::int64_t lost = lost_ms * kNanosPerMilli;
  const bool decreased = beat.uptime_seconds < agent.uptime;
  const bool restart = (decreased && started > agent.started_ns + 5 * kSecond + lost) ||
                       started > heard_ns + 10 * kSecond + lost;
  const bool overtaken = decreased && !restart && now_ns - heard_ns < 5 * kSecond + lost;
  if (restart != answer.restart_detected) {
    object(Rule::kS4, now, beat.agent,
           restart ? "restarted, and the answer does not say so"
                   : "did not restart, and the answer says that it did");
  }
  if (agent.dead) revive(now, beat.agent, agent);
  if (restart && !decreased) saw(Mark::kRestartByGap);
  if (overtaken) return;

  const Mode previous = agent.mode;
  const double previous_uptime = agent.uptime;
  agent.mode = beat.mode;
  agent.uptime = beat.uptime_seconds;
  agent.started_ns = std::max(agent.started_ns, started);
  if (previous == Mode::kEmergency && beat.mode != previous) {
    untrue(beat.agent, AlertType::kEmergencyMode, now);
  }
  if (restart) {
    Happened event;
    event.at = now;
    event.mode = beat.mode;
    event.uptime = beat.uptime_seconds;
    event.previous_uptime = previous_uptime;
    happened(beat.agent, AlertType::kRestartDetected, event);
  }
  if (beat.mode == Mode::kEmergency && previous != Mode::kEmergency) {
    Happened event;
    event.at = now;
    event.mode = beat.mode;
    event.previous_mode = previous;
    event.uptime = beat.uptime_seconds;
    happened(beat.agent, AlertType::kEmergencyMode, event);
  }
}

void Oracle::removed(WorldTime now, AgentNumber number) {
  Known& agent = agents_[number];
  if (!agent.known) {
    object(Rule::kS5, now, number, "was removed, though it was not known");
    return;
  }
  if (ids_shared_) removed_[number] = now;
  if (const auto odd = streams_.removed(number)) object(Rule::kS13, now, number, *odd);
  forget(number);
}

// --- deaths ---

void Oracle::decided_dead(WorldTime now, AgentNumber number) {
  if (number >= agents_.size() || !agents_[number].known) {
    object(Rule::kS3, now, number, "was decided dead, though nobody knew it");
    return;
  }
  Known& agent = agents_[number];
  const WorldTime silence = listening_.listening() - agent.heard_listening;
  if (agent.dead) {
    object(Rule::kS2, now, number, "was decided dead twice in one silence");
    return;
  }
  if (silence < 2 * interval(agent.mode)) {
    object(Rule::kS1, now, number, "was decided dead after " + ms(silence) + " of silence",
           "2 x " + ms(interval(agent.mode)));
  }
  if (draining_) object(Rule::kL7, now, number, "was decided dead while draining");
  if (listening_.deaf()) {
    object(Rule::kL3, now, number, "was decided dead while nobody is let in");
  }
  const WorldTime due = deadline(agent);
  const WorldTime own = agent.heard_listening + 2 * interval(agent.mode) + slack(agent.mode);
  if (listening_.listening() < own) {
    object(Rule::kS1, now, number, "was decided dead after " + ms(silence) + " of silence",
           "2 x " + ms(interval(agent.mode)) + " and a slack of " + ms(slack(agent.mode)));
  } else if (listening_.listening() < due) {
    object(Rule::kL3, now, number,
           "was decided dead at " + ms(listening_.listening()) + " of listening time",
           "a pause of the collector excused it until " + ms(due));
  }
  if (listening_.listening() > std::max(due, listening_.held_until()) + 1) {
    object(Rule::kL1, now, number,
           "was decided dead at " + ms(listening_.listening()) + " of listening time",
           "by " + ms(due));
  }
  if (due > own) saw(Mark::kExtendedDeadline);
  if (shows_healthy_ && shows_healthy_(number) != false) {
    object(Rule::kS13, now, number, "is decided dead, and not shown as unhealthy");
  }
  agent.dead = true;
  decisions_.push_back({now, number, Decision::What::kDead});
  untrue(number, AlertType::kEmergencyMode, now);
  untrue(number, AlertType::kRestartDetected, now);
  Truth truth = truth_ ? truth_(number) : Truth{};
  if (truth.living && !truth.excuse && listening_.excuses_since(agent.heard_after) > 1) {
    truth.excuse = Excuse::kPausedTwice;
  }
  deaths_.push_back({number, now, silence, agent.mode, truth.living, truth.excuse});
  Happened event;
  event.at = now;
  event.mode = agent.mode;
  event.uptime = agent.uptime;
  event.silence = silence;
  event.death = deaths_.size() - 1;
  happened(number, AlertType::kAgentDeath, event);
}

}  // namespace pap::sim
