// SPDX-License-Identifier: MIT
#include "papsim/oracle/waiting_model.hpp"

#include <algorithm>
#include <utility>

namespace pap::sim {

using protocol::AlertType;

namespace {

// Of what stands before another in an order, at most so many are looked at.
constexpr int kLooks = 1'000;
// The first is the one that brought it beyond, the second may come after a pause, before the tick.
constexpr int kCallsOverBound = 3;

std::string named(AlertType type, AgentNumber agent) {
  return std::string{to_string(type)} + " of agent " + std::to_string(agent);
}

}  // namespace

void WaitingModel::clear() {
  for (const auto& [key, cause] : std::exchange(lost_, {})) {
    lost_before_[static_cast<std::size_t>(cause)].push_back(key.first);
  }
  orphans_.clear();
  agents_.clear();
  queue_.clear();
  fresh_.clear();
  ready_ = failed_ = flying_ = unsure_ = 0;
  failures_in_row_ = 0;
  calls_over_bound_ = 0;
  away_ = false;
  away_before_ = 0;
}

void WaitingModel::away(WorldTime now, bool is_away) {
  if (away_ && !is_away) away_before_ += now - away_since_;
  if (!away_ && is_away) away_since_ = now;
  const bool ends = away_ && !is_away;
  away_ = is_away;
  if (ends) release();
}

// "A final answer to a probe ends the pause and the waits of the alerts that failed in it or led to
// it."
void WaitingModel::release() {
  for (const Place& place : std::set(queue_)) {
    const Alert& alert = agents_[place.agent][index_of(place.type)];
    if (!alert.failed || alert.run != run_) continue;
    change(place.agent, [&](Agent& agent) { agent[index_of(place.type)].released = true; });
  }
  ++run_;
}

WorldTime WaitingModel::away_time(WorldTime now) const {
  return away_before_ + (away_ ? now - away_since_ : 0);
}

// --- an agent's place in the orders ---

template <typename Change>
void WaitingModel::change(AgentNumber number, Change&& change) {
  Agent& agent = agents_[number];
  link(number, agent, false);
  change(agent);
  link(number, agent, true);
}

std::size_t WaitingModel::urgency_of(const Agent& agent) const {
  for (const AlertType type : protocol::kAlertTypes) {
    const Alert& alert = agent[index_of(type)];
    if (alert.state == State::kWaiting && alert.sure) return index_of(type);
  }
  return protocol::kAlertTypes.size();
}

bool WaitingModel::is_clear(AgentNumber number, const Agent& agent) const {
  return !orphans_.contains(number) &&
         std::all_of(agent.begin(), agent.end(), [](const Alert& alert) {
           return alert.unsure == 0 && (alert.state == State::kNone || alert.sure);
         });
}

const WaitingModel::Alert* WaitingModel::first_of(const Agent& agent) {
  const Alert* first = nullptr;
  for (const Alert& alert : agent) {
    if (alert.state != State::kWaiting) continue;
    if (first == nullptr || alert.order < first->order) first = &alert;
  }
  return first;
}

void WaitingModel::link(AgentNumber number, const Agent& agent, bool in) {
  const auto count = [in](std::size_t& counter, std::size_t by) {
    counter = in ? counter + by : counter - by;
  };
  const auto any = [&](auto&& holds) { return std::any_of(agent.begin(), agent.end(), holds); };
  const auto may_leave = [](const Alert& alert) {
    return alert.state == State::kWaiting && (!alert.failed || alert.released);
  };
  const Alert* const own_first = first_of(agent);
  const bool is_ready = own_first != nullptr && is_clear(number, agent) &&
                        !any([](auto& a) { return a.state == State::kFlying; }) &&
                        (may_leave(*own_first) ||
                         (own_first->failed && may_leave(agent[index_of(AlertType::kAgentDeath)])));
  const bool is_fresh = is_ready && !any([](auto& a) { return a.failed.has_value(); });
  if (is_ready && !is_fresh) count(ready_, 1);
  const std::size_t urgency = urgency_of(agent);
  std::optional<Place> first;
  for (const AlertType type : protocol::kAlertTypes) {
    const Alert& alert = agent[index_of(type)];
    count(unsure_, alert.unsure);
    if (alert.state == State::kFlying) count(flying_, 1);
    if (alert.state != State::kWaiting) continue;
    if (!alert.sure) {
      count(unsure_, 1);
      continue;
    }
    const Place place{urgency, alert.order, number, type};
    if (in) queue_.insert(place);
    if (!in) queue_.erase(place);
    if (alert.failed) count(failed_, 1);
    if (is_fresh && (!first || place.order < first->order)) first = place;
  }
  if (first && in) fresh_.insert(*first);
  if (first && !in) fresh_.erase(*first);
}

// --- steps of an alert ---

void WaitingModel::decided(WorldTime now, AgentNumber number, AlertType type, bool held) {
  change(number, [&](Agent& agent) {
    Alert& alert = agent[index_of(type)];
    if (held || alert.state != State::kNone || alert.unsure > 0) {
      ++alert.unsure;
    } else {
      alert = {State::kWaiting, true, 0, ++last_order_, away_time(now), {}, 0, 0, false};
    }
  });
}

WorldTime WaitingModel::counted(const Alert& alert, WorldTime now) const {
  return alert.failed ? alert.counted_before + (now - *alert.failed) : away_time(now) - alert.since;
}

WaitingModel::Verdict WaitingModel::posted(WorldTime now, AgentNumber number, AlertType type) {
  Agent& agent = agents_[number];
  const Alert& own = agent[index_of(type)];
  Verdict verdict;
  if (own.state == State::kNone && own.unsure == 0 && lost_.contains({number, type})) {
    verdict = {"was posted after it was dropped", "never, but when it is told afresh"};
  } else if (own.state == State::kWaiting && own.sure && counted(own, now) > ttl_) {
    verdict = {"was posted after " + std::to_string(counted(own, now)) + " ms",
               "alert_queue_ttl_ms, " + std::to_string(ttl_)};
  } else if (own.state == State::kWaiting && is_clear(number, agent) && first_of(agent) != &own &&
             (type != AlertType::kAgentDeath || !first_of(agent)->failed)) {
    verdict = {"left before one of its agent's that was decided earlier",
               "in the order decided; a death waits for none that failed"};
  } else if (own.state == State::kWaiting && !own.failed && !away_ && is_clear(number, agent)) {
    const Place place{urgency_of(agent), own.order, number, type};
    const auto first = fresh_.begin();
    if (first != fresh_.end() && LeavesFirst{}(*first, place)) {
      verdict = {"left before " + named(first->type, first->agent),
                 "the most urgent first, among those the oldest"};
    }
  }
  change(number, [&](Agent& changed) {
    Alert& alert = changed[index_of(type)];
    if (alert.state == State::kNone && alert.unsure > 0) {
      --alert.unsure;
      alert = {State::kFlying, false, alert.unsure, 0, 0, {}, 0, 0, false};
    } else {
      alert.state = State::kFlying;
    }
  });
  return verdict;
}

void WaitingModel::answered(WorldTime now, AgentNumber number, AlertType type, Answer answer) {
  if (answer == Answer::kFinal) failures_in_row_ = 0;
  if (answer == Answer::kFinal && !away_) ++run_;
  if (answer == Answer::kFailed) ++failures_in_row_;
  if (orphans_.contains(number)) {
    change(number, [&](Agent&) { orphans_.erase(number); });
    return;
  }
  change(number, [&](Agent& agent) {
    Alert& alert = agent[index_of(type)];
    if (alert.state != State::kFlying) return;
    if (answer == Answer::kFinal) {
      alert = {State::kNone, false, alert.unsure, 0, 0, {}, 0, 0, false};
      return;
    }
    alert.state = State::kWaiting;
    if (answer == Answer::kSlowDown) return;
    alert.run = run_;
    alert.released = false;
    if (alert.failed) return;
    alert.failed = now;
    alert.counted_before = alert.sure ? away_time(now) - alert.since : 0;
  });
}

std::size_t WaitingModel::at_most_counting() const {
  return (away_ ? queue_.size() : failed_) + unsure_;
}

WaitingModel::Verdict WaitingModel::called() {
  if (at_least_counting() <= max_counting_) {
    calls_over_bound_ = 0;
  } else if (++calls_over_bound_ == kCallsOverBound) {
    return Objection{std::to_string(at_least_counting()) + " alerts count",
                     "alert_queue_max_size, " + std::to_string(max_counting_)};
  }
  return std::nullopt;
}

WaitingModel::Verdict WaitingModel::dropped(WorldTime now, AgentNumber number, AlertType type,
                                            DropCause cause) {
  Verdict verdict;
  Agent& agent = agents_[number];
  const Alert& own = agent[index_of(type)];
  if (own.state == State::kNone && own.unsure == 0) {
    verdict = {"was dropped, and did not wait", "only what waits"};
  } else if (cause == DropCause::kFull && at_most_counting() <= max_counting_) {
    verdict = {"was dropped from a queue of at most " + std::to_string(at_most_counting()),
               "alert_queue_max_size, " + std::to_string(max_counting_)};
  } else if (own.state == State::kFlying) {
    verdict = {"was dropped in flight", "only what waits"};
  } else if (own.state == State::kWaiting && own.sure && cause == DropCause::kFull) {
    const Place place{urgency_of(agent), own.order, number, type};
    int looks = kLooks;
    for (auto other = queue_.begin();
         other != queue_.end() && GoesFirst{}(*other, place) && looks > 0; ++other, --looks) {
      const Agent& theirs = agents_[other->agent];
      const bool counts = away_ || theirs[index_of(other->type)].failed;
      if (other->agent == number || !counts || !is_clear(other->agent, theirs)) continue;
      verdict = {"was dropped before " + named(other->type, other->agent),
                 "the least urgent first, among those the oldest"};
      break;
    }
  } else if (own.state == State::kWaiting && own.sure) {
    if (counted(own, now) < ttl_) {
      verdict = {"was dropped after " + std::to_string(counted(own, now)) + " ms",
                 "alert_queue_ttl_ms, " + std::to_string(ttl_)};
    }
  }
  change(number, [&](Agent& changed) {
    Alert& alert = changed[index_of(type)];
    if (alert.state == State::kNone && alert.unsure > 0) --alert.unsure;
    alert = {State::kNone, false, alert.unsure, 0, 0, {}, 0, 0, false};
  });
  lost_.emplace(std::pair{number, type}, cause);
  if (at_least_counting() <= max_counting_) calls_over_bound_ = 0;
  return verdict;
}

WaitingModel::Verdict WaitingModel::retold(WorldTime now, AgentNumber number, AlertType type) {
  const auto [first, end] = lost_.equal_range({number, type});
  if (first == end) return Objection{"was told afresh, and never dropped", ""};
  lost_.erase(std::prev(end));
  change(number, [&](Agent& agent) {
    Alert& alert = agent[index_of(type)];
    alert = {State::kWaiting, true, alert.unsure, ++last_order_, away_time(now), {}, 0, 0, false};
  });
  return std::nullopt;
}

void WaitingModel::forget(AgentNumber number) {
  const auto found = agents_.find(number);
  if (found == agents_.end()) return;
  link(number, found->second, false);
  const bool flies = std::any_of(found->second.begin(), found->second.end(),
                                 [](const Alert& alert) { return alert.state == State::kFlying; });
  if (flies) orphans_.insert(number);
  agents_.erase(found);
}

std::vector<AgentNumber> WaitingModel::open() const {
  std::vector<AgentNumber> open(orphans_.begin(), orphans_.end());
  for (const auto& [number, agent] : agents_) {
    for (const Alert& alert : agent) {
      if (alert.state != State::kNone) open.push_back(number);
    }
  }
  return open;
}

std::vector<AgentNumber> WaitingModel::lost(DropCause cause) const {
  std::vector<AgentNumber> agents = lost_before_[static_cast<std::size_t>(cause)];
  for (const auto& [key, why] : lost_) {
    if (why == cause) agents.push_back(key.first);
  }
  return agents;
}

}  // namespace pap::sim
