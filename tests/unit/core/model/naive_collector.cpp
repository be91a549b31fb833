// SPDX-License-Identifier: MIT
#include "unit/core/model/naive_collector.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace pap::test {

using namespace std::chrono_literals;

namespace {

Nanos interval(Mode mode) {
  switch (mode) {
    case Mode::kEmergency:
      return 5s;
    case Mode::kIdle:
      return 30s;
    case Mode::kSleep:
      return 900s;
  }
  return 0s;
}

Nanos slack(Mode mode, Nanos check_interval) {
  return std::min(interval(mode) / 10, check_interval * 3 / 4);
}

}  // namespace

NaiveCollector::NaiveCollector(const core::CollectorSettings& settings, Instant start)
    : settings_(settings),
      start_(start.mono),
      alerts_(
          settings, [this](const std::string& id) { return state_of(id); },
          [this](const NaiveAlert& death) {
            NaiveAgent& agent = agents_.at(death.agent);
            if (agent.death_told) return;
            agent.death_told = last_call_;
            agent.told_number = ++deaths_told_;
          },
          complaints_),
      last_call_(start.mono) {}

// --- time ---

void NaiveCollector::called(MonotonicTime now) {
  const Nanos gap = now - last_call_;
  const Nanos before = listening();
  last_call_ = now;
  if (deaf_) {
    lost_ += gap;
    losses_.back().amount += gap;
    waited_ += gap;
  } else if (gap > 2s) {
    const Nanos amount = gap - 1s;
    lost_ += amount;
    losses_.push_back({before + 1s, amount});
    if (!catch_up_) catch_up_ = CatchUp{};
    catch_up_->ends = listening() + 5s;
    waited_ += amount;
    catch_up_->agents_left = catch_up_->agents_left || gap >= 5s;
  }
  if (catching_up() && listening() >= catch_up_->ends) caught_up();
}

void NaiveCollector::caught_up() {
  if (!catching_up()) return;
  if (catch_up_->agents_left) over_.push_back(listening());
  catch_up_.reset();
  waited_ = 0s;
  no_deaths_before_ = listening();
}

void NaiveCollector::hears_nobody(Nanos so_far) {
  if (!deaf_) {
    caught_up();
    catch_up_ = CatchUp{};
    losses_.push_back({listening(), 0s});
    deaf_ = true;
  }
  waited_ = std::max(waited_, std::min<Nanos>(so_far, 60s));
  catch_up_->agents_left = catch_up_->agents_left || so_far >= 5s;
}

void NaiveCollector::hears_some(Nanos so_far) {
  if (deaf_) return hears_all(so_far);
  waited_ = std::max(waited_, std::min<Nanos>(so_far, 60s));
  if (so_far < 5s) return;
  if (catch_up_) {
    catch_up_->agents_left = true;
  } else {
    over_.push_back(listening());
  }
}

void NaiveCollector::hears_all(Nanos so_far) {
  waited_ = std::max(waited_, std::min<Nanos>(so_far, 60s));
  if (!catch_up_ && so_far < 5s) {
    waited_ = 0s;
    return;
  }
  if (!catch_up_) catch_up_ = CatchUp{};
  catch_up_->ends = listening() + 5s;
  catch_up_->agents_left = catch_up_->agents_left || so_far >= 5s;
  deaf_ = false;
}

MonotonicTime NaiveCollector::monotonic_of(Nanos moment) const {
  Nanos lost{0};
  for (const Loss& loss : losses_) {
    if (loss.at < moment) lost += loss.amount;
  }
  return MonotonicTime{moment + lost};
}

// --- agents ---

core::HeartbeatOutcome NaiveCollector::beat(const std::string& id,
                                            const protocol::Heartbeat& heartbeat,
                                            MonotonicTime now) {
  core::HeartbeatOutcome outcome;
  const double uptime = heartbeat.uptime_seconds;
  const MonotonicTime started = now - Nanos{std::llround(uptime * 1e9)};
  const bool is_new = agents_.count(id) == 0;
  outcome.is_new = is_new;
  if (is_new && agents_.size() >= settings_.max_agents && !make_room()) return outcome;

  NaiveAgent& agent = agents_[id];
  const NaiveAgent before = agent;
  const Nanos lost = std::max(lost_ - before.lost_before, waited_);
  bool restarted = false;
  bool overtaken = false;
  if (!is_new) {
    const bool decreased = uptime < before.uptime;
    restarted =
        (decreased && started - before.started > 5s + lost) || started - before.heard > 10s + lost;
    overtaken = decreased && !restarted && now - before.heard < 5s + lost;
  }
  agent.heard = now;
  agent.heard_listening = listening();
  agent.losses_before = over_.size();
  agent.lost_before = lost_;
  ++agent.heartbeats;
  if (before.dead) {
    agent.dead = false;
    agent.death_told.reset();
    agent.heartbeats = 1;
  }
  if (!overtaken) {
    agent.mode = heartbeat.mode;
    agent.uptime = uptime;
    agent.started = is_new ? started : std::max(before.started, started);
    if (!heartbeat.agent_name.empty()) agent.name = heartbeat.agent_name;
  }
  if (before.dead) alerts_.recovered(id, now);
  if (restarted) {
    ++restarts_;
    NaiveAlert alert;
    alert.type = AlertType::kRestartDetected;
    alert.agent = id;
    alert.happened = now;
    alert.mode = agent.mode;
    alert.uptime = uptime;
    alert.previous_uptime = before.uptime;
    alerts_.decide(std::move(alert), now);
  }
  if (agent.mode == Mode::kEmergency && (is_new || before.mode != Mode::kEmergency)) {
    decide_emergency(id, agent, is_new ? std::nullopt : std::optional{before.mode}, now);
  }
  outcome.accepted = true;
  outcome.restart_detected = restarted;
  outcome.mode = agent.mode;
  return outcome;
}

void NaiveCollector::decide_emergency(const std::string& id, const NaiveAgent& agent,
                                      std::optional<Mode> previous, MonotonicTime now) {
  if (!previous && now - start_ < 75s && agent.started <= start_) {
    alerts_.take_as_told(id, AlertType::kEmergencyMode, now);
    return;
  }
  NaiveAlert alert;
  alert.type = AlertType::kEmergencyMode;
  alert.agent = id;
  alert.happened = now;
  alert.previous_mode = previous;
  alert.uptime = agent.uptime;
  alert.mode = Mode::kEmergency;
  alerts_.decide(std::move(alert), now);
}

bool NaiveCollector::make_room() {
  std::optional<std::string> longest_ago;
  for (const auto& [id, agent] : agents_) {
    if (!agent.death_told) continue;
    if (!longest_ago || agent.told_number < agents_.at(*longest_ago).told_number) {
      longest_ago = id;
    }
  }
  if (!longest_ago) return false;
  ++evicted_;
  forget(*longest_ago);
  return true;
}

bool NaiveCollector::remove(const std::string& id) {
  if (agents_.count(id) == 0) return false;
  forget(id);
  return true;
}

void NaiveCollector::forget(const std::string& id) {
  alerts_.forget(id);
  agents_.erase(id);
}

void NaiveCollector::ticked(MonotonicTime now) {
  last_tick_ = listening();
  if (settings_.agent_retention == Nanos{0}) return;
  std::vector<std::string> over;
  for (const auto& [id, agent] : agents_) {
    if (agent.death_told && *agent.death_told + settings_.agent_retention <= now) {
      over.push_back(id);
    }
  }
  for (const std::string& id : over) forget(id);
}

bool NaiveCollector::healthy(const NaiveAgent& agent) const {
  return !agent.dead && listening() - agent.heard_listening < 2 * interval(agent.mode);
}

NaiveState NaiveCollector::state_of(const std::string& id) const {
  const auto found = agents_.find(id);
  if (found == agents_.end()) return {};
  const NaiveAgent& agent = found->second;
  return {true, agent.dead, agent.heard, agent.mode, agent.name.empty() ? id : agent.name};
}

// --- deaths ---

// Losses that were over within 5 s of a first one share the last moment of them.
Nanos NaiveCollector::deadline(const NaiveAgent& agent) const {
  const Nanos i = interval(agent.mode);
  const Nanos s = slack(agent.mode, settings_.check_interval);
  const Nanos own = agent.heard_listening + 2 * i + s;
  if (agent.losses_before == over_.size()) return own;
  Nanos first = over_[0];
  Nanos last{0};
  for (std::size_t each = 0; each < over_.size(); ++each) {
    if (over_[each] - first >= 5s) {
      if (each > agent.losses_before) break;
      first = over_[each];
    }
    last = over_[each];
  }
  return std::max(own, last + 60s + i + s);
}

void NaiveCollector::saw_death(const std::string& id, MonotonicTime now) {
  const auto found = agents_.find(id);
  if (found == agents_.end() || found->second.dead) {
    return complain(id + " died, who does not live");
  }
  NaiveAgent& agent = found->second;
  if (draining_) complain(id + " died while draining");
  if (catch_up_) complain(id + " died before the loss was caught up");
  const Nanos due = deadline(agent);
  const bool on_the_dot = last_tick_ < due && due <= listening();
  const bool late_for_a_reason = listening() == no_deaths_before_ && due <= listening();
  if (!on_the_dot && !late_for_a_reason) complain(id + " died at the wrong time");

  agent.dead = true;
  NaiveAlert alert;
  alert.type = AlertType::kAgentDeath;
  alert.agent = id;
  alert.happened = monotonic_of(agent.heard_listening + 2 * interval(agent.mode));
  alert.last_seen = agent.heard;
  alert.mode = agent.mode;
  alert.uptime = agent.uptime;
  alert.missed =
      static_cast<std::uint32_t>((listening() - agent.heard_listening) / interval(agent.mode));
  alerts_.decide(std::move(alert), now);
}

void NaiveCollector::settled(MonotonicTime now) {
  for (const auto& [id, agent] : agents_) {
    if (agent.dead || draining_ || catch_up_) continue;
    if (deadline(agent) <= listening()) complain(id + " should be dead");
  }
  alerts_.settled(now);
}

std::optional<MonotonicTime> NaiveCollector::next_event(MonotonicTime now) const {
  auto earliest = alerts_.next_event(now);
  const auto consider = [&](MonotonicTime when) {
    if (when > now && (!earliest || when < *earliest)) earliest = when;
  };
  const auto mono = [&](Nanos moment) { return last_call_ + (moment - listening()); };
  if (catching_up()) consider(mono(catch_up_->ends));
  for (const auto& [id, agent] : agents_) {
    if (!agent.dead && !deaf_) {  // else its time stands still
      consider(mono(deadline(agent)));
      consider(mono(agent.heard_listening + 2 * interval(agent.mode)));
    }
    if (agent.death_told && settings_.agent_retention > 0s) {
      consider(*agent.death_told + settings_.agent_retention);
    }
  }
  return earliest;
}

}  // namespace pap::test
