// SPDX-License-Identifier: MIT
// The oracle's reading of what the Station received, and of what is left at the end.
#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/oracle/oracle_words.hpp"

namespace pap::sim {

using protocol::AlertType;
using protocol::Mode;

namespace {

// An alert's own wait after a failure, the wait for a probe, and for the next tick.
constexpr WorldTime kLongestBackoff = 60'000;
constexpr WorldTime kLongestProbe = 30'000;
constexpr WorldTime kNextCall = 1'000;
// A post that has no answer by then never gets one.
constexpr WorldTime kAnsweredWithin = 10'000;
// What failed before the Station was well has been told so long after.
constexpr WorldTime kToldWithin = kLongestBackoff + kLongestProbe + 2 * kAnsweredWithin + kNextCall;
// … and what was dropped, so long after the drop.
constexpr WorldTime kRetoldWithin = 60'000 + kNextCall;
constexpr WorldTime kNever = std::numeric_limits<WorldTime>::max() / 2;
// What may leave does at the next call; collectors under test are called this often.
constexpr WorldTime kLeavesWithin = 2'000;
constexpr std::size_t kInFlightAtMost = 32;
constexpr std::uint32_t kFailuresBeforePause = 5;

std::optional<AlertType> type_of(std::string_view text) {
  for (const AlertType type : protocol::kAlertTypes) {
    if (text == to_string(type)) return type;
  }
  return std::nullopt;
}

Decision::What told_of(AlertType type) {
  switch (type) {
    case AlertType::kAgentDeath:
      return Decision::What::kToldDeath;
    case AlertType::kEmergencyMode:
      return Decision::What::kToldEmergency;
    case AlertType::kRestartDetected:
      break;
  }
  return Decision::What::kToldRestart;
}

bool is_final(std::uint16_t status) {
  return status / 100 == 2 || status == 400 || status == 413 || status == 422;
}

bool says(const nlohmann::json& details, AlertType type, const Happened& event) {
  switch (type) {
    case AlertType::kAgentDeath:
      return details.at("mode") == to_string(event.mode) &&
             details.at("uptime_before_death") == event.uptime &&
             details.contains("recovered_at") == event.over;
    case AlertType::kEmergencyMode:
      return details.at("uptime_seconds") == event.uptime &&
             details.at("previous_mode") == (event.previous_mode
                                                 ? nlohmann::json(to_string(*event.previous_mode))
                                                 : nlohmann::json());
    case AlertType::kRestartDetected:
      return details.at("previous_uptime") == event.previous_uptime &&
             details.at("new_uptime") == event.uptime &&
             details.at("mode") == to_string(event.mode);
  }
  return false;
}

}  // namespace

void Oracle::posted(WorldTime now, std::string_view key, std::string_view body) {
  const auto alert = nlohmann::json::parse(body);
  const AgentNumber agent = identities_->find(alert.at("agent_uuid").get<std::string>());
  const auto type = type_of(alert.at("type").get<std::string>());
  if (agent >= agents_.size() || !type) {
    object(Rule::kS3, now, agent, "an alert of nobody: " + std::string{body});
    return;
  }
  decisions_.push_back({now, agent, told_of(*type)});
  if (now < hold_until_) {
    object(Rule::kL6, now, agent, "posted, though the Station had asked to wait",
           "not before " + std::to_string(hold_until_) + " ms");
  }
  hold_pending_ = false;
  check_side_by_side(now, agent);
  object(Rule::kS7, now, agent, waiting_.posted(now, agent, *type));
  in_flight_.emplace(agent, now);
  if (in_flight_.size() >= kInFlightAtMost) ready_since_.reset();

  if (const Ledger::Line* line = ledger_.find(key)) {
    auto& events = ledger_.page(line->page.first, line->page.second).events;
    if (line->event >= events.size() || events[line->event].key != key) {
      object(Rule::kS6, now, agent, "posted again, though its agent was removed or forgotten");
      return;
    }
    Happened& event = events[line->event];
    if (event.told) object(Rule::kS8, now, agent, "posted again after a final answer");
    ++event.posts;
    if (!says(alert.at("details"), *type, event)) {
      object(Rule::kS4, now, agent, "a retry says something else: " + std::string{body});
    }
    return;
  }
  Page& page = ledger_.page(agent, *type);
  if (page.events.empty()) {
    object(agents_[agent].ever ? Rule::kS4 : Rule::kS3, now, agent,
           "an alert of what did not happen: " + std::string{body});
    return;
  }
  // A new key tells the latest that says this; what was held back before it has been overtaken.
  std::size_t told = page.events.size() - 1;
  for (std::size_t i = page.events.size(); i-- > 0;) {
    if (!page.events[i].key.empty() || !says(alert.at("details"), *type, page.events[i])) continue;
    told = i;
    break;
  }
  Happened& event = page.events[told];
  if (const auto odd = streams_.posted(agent, alert)) object(Rule::kS13, now, agent, *odd);
  if (page.told && event.at < *page.told + kDedupWindow) saw(Mark::kReleased);
  if (event.over) saw(Mark::kRecoveredAt);
  ledger_.assign(std::string{key}, {{agent, *type}, told});
  check_post(now, agent, *type, event);
  event.key = key;
  event.posted_at = now;
  event.posts = 1;
  told_.emplace_back(agent, *type);
  if (*type == AlertType::kAgentDeath) deaths_[event.death].told = true;
  if (!says(alert.at("details"), *type, event)) {
    object(Rule::kS4, now, agent, "says what did not happen: " + std::string{body});
  }
}

void Oracle::check_post(WorldTime now, AgentNumber agent, AlertType type, Happened& event) {
  if (!event.key.empty()) {
    const bool death = type == AlertType::kAgentDeath;
    object(death ? Rule::kS2 : Rule::kS8, now, agent, "one event under a second key");
  }
  const Page& page = ledger_.page(agent, type);
  if (page.told && now < *page.told + kDedupWindow) {
    object(Rule::kS9, now, agent,
           "told again " + std::to_string(now - *page.told) + " ms after the last",
           std::to_string(kDedupWindow) + " ms");
  }
}

void Oracle::check_side_by_side(WorldTime now, AgentNumber agent) {
  if (in_flight_.contains(agent)) object(Rule::kS7, now, agent, "has two alerts in flight");
  if (in_flight_.size() >= kInFlightAtMost) {
    object(Rule::kS7, now, agent, "is one too many in flight", std::to_string(kInFlightAtMost));
  }
  const auto away = waiting_.away_since();
  if (!away) return;
  const bool probes = std::any_of(in_flight_.begin(), in_flight_.end(),
                                  [&](const auto& each) { return each.second > *away; });
  if (probes) {
    object(Rule::kS7, now, agent, "left while a probe was on its way",
           "one at a time, since " + ms(*away));
  }
}

// At each call. What never failed, or only in a pause that is over, waits for nothing: not after a
// Retry-After has run out (L6), nor while the Station answers (L2).
void Oracle::check_prompt(WorldTime now, WorldTime gap) {
  const bool may_leave = waiting_.has_ready() && !waiting_.away_since() && now >= hold_until_ &&
                         in_flight_.size() < kInFlightAtMost && gap <= kLeavesWithin;
  if (!may_leave) {
    ready_since_.reset();
  } else if (!ready_since_) {
    ready_since_ = now;
  } else if (now > *ready_since_ + kLeavesWithin) {
    object(hold_pending_ ? Rule::kL6 : Rule::kL2, now, nobody(),
           "alerts wait, and might leave, since " + ms(*ready_since_),
           hold_pending_ ? "Retry-After, until " + ms(hold_until_) : "at once");
    ready_since_ = kNever;  // once
  }
}

bool Oracle::holds(AgentNumber agent, AlertType type, const Happened& event) const {
  const Known& known = agents_[agent];
  if (type == AlertType::kAgentDeath) return known.dead && !event.over;
  return type == AlertType::kEmergencyMode && !known.dead && known.mode == Mode::kEmergency;
}

// --- what its log says ---

void Oracle::dropped(WorldTime now, AgentNumber agent, AlertType type, DropCause cause) {
  ++dropped_[static_cast<std::size_t>(cause)][index_of(type)];
  object(Rule::kS7, now, agent, waiting_.dropped(now, agent, type, cause));
  // A pause in which nothing waits goes on, for want of a probe: what comes then may be too much at
  // once, or wait for its probe for longer than it may wait at all.
  const bool in_pause = waiting_.away_since() && (cause == DropCause::kFull ||
                                                  scenario_.collector.alert_queue_ttl.count() <=
                                                      kLongestProbe + kAnsweredWithin + kNextCall);
  if (healed_at_ && now > told_after_heal() && !in_pause) {
    object(Rule::kL2, now, agent,
           std::string{to_string(type)} + " was dropped, though the Station is well",
           "since " + ms(*healed_at_));
  }
  Page* page = ledger_.find_page(agent, type);
  if (page == nullptr) return;
  page->dropped = now;
  if (page->events.empty()) return;
  Happened& last = page->events.back();
  last.lost = !holds(agent, type, last);
  last.superseded = last.lost && last.key.empty() && page->events.size() > 1 &&
                    !page->events[page->events.size() - 2].told;
}

void Oracle::retold(WorldTime now, AgentNumber agent, AlertType type) {
  ++retold_[index_of(type)];
  if (Page* page = ledger_.find_page(agent, type); page != nullptr && !page->events.empty()) {
    page->events.back().retold = now;
  }
  object(Rule::kS7, now, agent, waiting_.retold(now, agent, type));
}

void Oracle::station_away(WorldTime now, bool away) {
  waiting_.away(now, away);
  if (away && waiting_.failures_in_row() < kFailuresBeforePause) {
    object(Rule::kS7, now, nobody(),
           "the Station counts as away after " + std::to_string(waiting_.failures_in_row()) +
               " failures in a row",
           std::to_string(kFailuresBeforePause));
  }
}

void Oracle::streamed(WorldTime now, AgentNumber agent, std::string_view message) {
  if (const auto odd = streams_.sent(agent, message)) object(Rule::kS13, now, agent, *odd);
}

// --- answers ---

void Oracle::answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                      std::optional<WorldTime> retry_after) {
  const bool final = status && is_final(*status);
  const bool slow_down = !final && (retry_after || (status && *status == 429));
  if (slow_down) {
    saw(Mark::kHeldByRetryAfter);
    hold_pending_ = true;
    hold_until_ =
        std::max(hold_until_, now + std::min<WorldTime>(retry_after.value_or(5'000), 300'000));
  }
  const Ledger::Line* line = ledger_.find(key);
  if (line == nullptr) return;
  const auto [agent, type] = line->page;
  if (const auto flying = in_flight_.find(agent); flying != in_flight_.end()) {
    in_flight_.erase(flying);
  }
  using Answer = WaitingModel::Answer;
  waiting_.answered(now, agent, type,
                    final       ? Answer::kFinal
                    : slow_down ? Answer::kSlowDown
                                : Answer::kFailed);
  if (status && *status / 100 == 2) ++delivered_[index_of(type)];
  Page& page = ledger_.page(agent, type);
  if (line->event >= page.events.size()) return;  // its agent was removed meanwhile
  Happened& event = page.events[line->event];
  if (event.key != key) return;
  if (!final) {
    if (!event.first_failed) event.first_failed = now;
    return;
  }
  event.told = now;
  event.stored = *status / 100 == 2;
  page.told = now;
  const bool last = line->event + 1 == page.events.size();
  if (!last && page.events.back().key.empty()) {
    page.events.back().window_ends = {now + kDedupWindow, listening_.lost()};
  }
  if (type == AlertType::kAgentDeath && last && agents_[agent].dead) {
    agents_[agent].death_told = true;
    told_dead_.emplace(now, agent);
  }
}

// --- at rest ---

void Oracle::finish(WorldTime now, const core::Collector& collector,
                    const std::vector<bool>& living, std::size_t listed) {
  for (AgentNumber number = 0; number < agents_.size(); ++number) {
    const Known& agent = agents_[number];
    const bool missed = living[number] && (!agent.known || agent.dead);
    // One process with its id has died, and another beats more rarely.
    if (missed && agent.dead && ids_shared_ && now <= agent.heard + longest_interval(number)) {
      continue;
    }
    const bool cannot_be_heard = missed && starts_in_future(number, now);
    if (missed && !cannot_be_heard && !agent.known) {
      check_unknown(now, number);
    } else if (missed && !cannot_be_heard) {
      object(Rule::kL5, now, number, "lives, and counts as dead");
    }
    if (agent.known && !agent.dead) check_missed_death(now, number, agent);
  }
  check_told(now, now + 1);
  check_nothing_waits(now, collector);
  check_hidden(now, 0);
  check_conservation(now, collector);
  check_in_flight(now, collector);
  check_counts(now, collector);
  if (listed != collector.stats().total) {
    object(Rule::kS13, now, nobody(),
           std::to_string(listed) + " agents in the list, " +
               std::to_string(collector.stats().total) + " in the counts");
  }
}

WorldTime Oracle::told_after_heal() const {
  return std::max(*healed_at_, hold_until_) + kToldWithin;
}

void Oracle::check_after_heal(WorldTime now) {
  if (now <= told_after_heal()) return;
  checked_after_heal_ = true;
  check_told(now, *healed_at_);
}

// What waits at the end has not waited long.
void Oracle::check_nothing_waits(WorldTime now, const core::Collector& collector) {
  if (!scenario_.collector.has_station || !healed_at_ || now <= told_after_heal()) return;
  std::size_t young = 0;
  for (const auto& [key, page] : ledger_.pages()) {
    for (const Happened& event : page.events) {
      WorldTime since = std::max(event.at, event.retold.value_or(0));
      if (event.window_ends) since = std::max(since, event.window_ends->at);
      if (!event.told && now <= since + kToldWithin) ++young;
    }
  }
  const std::size_t waiting = collector.alerts().outbox().waiting() + collector.alerts().held();
  if (waiting <= young) return;
  object(Rule::kL2, now, nobody(),
         std::to_string(waiting) + " alerts wait or are held back, " + std::to_string(young) +
             " of them for less than " + ms(kToldWithin));
}

void Oracle::check_told(WorldTime now, WorldTime happened_before) {
  if (!scenario_.collector.has_station) return;
  for (const auto& [key, page] : ledger_.pages()) {
    if (page.events.empty()) continue;
    const auto [number, type] = key;
    const Happened& last = page.events.back();
    if (last.at >= happened_before) continue;
    if (page.dropped && now <= *page.dropped + kRetoldWithin) continue;
    // What is over may have been dropped, or have lapsed; the sums tell.
    if (!holds(number, type, last) || last.told || last.lost || last.lapsed()) continue;
    if (!last.key.empty() && may_be_answered(number, now)) continue;
    const bool held = page.told && now < *page.told + kDedupWindow;
    if (!held) {
      // An emergency that nobody ever posted was never decided.
      const bool undecided = last.key.empty() && type == AlertType::kEmergencyMode;
      const bool hidden = last.key.empty() && last.window_ends;
      object(hidden      ? Rule::kS9
             : undecided ? Rule::kS4
                         : Rule::kL2,
             now, number,
             std::string{to_string(type)} + " of " + std::to_string(last.at) +
                 " ms still holds and was never told");
    }
  }
}

void Oracle::check_in_flight(WorldTime now, const core::Collector& collector) {
  const auto young = static_cast<std::size_t>(
      std::count_if(in_flight_.begin(), in_flight_.end(),
                    [now](const auto& each) { return now < each.second + kAnsweredWithin; }));
  if (collector.alerts().outbox().in_flight() <= young) return;
  object(Rule::kS6, now, nobody(), "an alert is in flight for ever", ms(kAnsweredWithin));
}

// The run may end between a post and its answer.
bool Oracle::may_be_answered(AgentNumber agent, WorldTime now) const {
  const auto flying = in_flight_.find(agent);
  return flying != in_flight_.end() && now < flying->second + kAnsweredWithin;
}

// Whose alerts go with the collector, and that it is no more than can have been.
void Oracle::check_left(WorldTime now, const core::Collector& collector) {
  if (!collector.settings().has_station) return;
  const core::Outbox& outbox = collector.alerts().outbox();
  const std::size_t left = outbox.waiting() + outbox.in_flight() + collector.alerts().held();
  if (left > waiting_.at_most_open()) {
    object(Rule::kS6, now, nobody(), std::to_string(left) + " alerts were left",
           "those not told, " + std::to_string(waiting_.at_most_open()));
  }
  for (const AgentNumber agent : waiting_.open()) left_.push_back(agent);
}

void Oracle::check_conservation(WorldTime now, const core::Collector& collector) {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  for (const auto& alerts : collector.counters().alerts) {
    in += alerts.decided + alerts.retold;
    out += alerts.delivered + alerts.refused + alerts.logged + alerts.dropped_full +
           alerts.dropped_expired + alerts.lapsed + alerts.withdrawn;
  }
  const core::Outbox& outbox = collector.alerts().outbox();
  out += outbox.waiting() + outbox.in_flight() + collector.alerts().held();
  if (in != out) {
    object(Rule::kS6, now, nobody(),
           std::to_string(in) + " decided and retold, " + std::to_string(out) + " accounted for");
  }
  check_metrics(now, collector);
  if (outbox.counting() > collector.settings().alert_queue_max_size) {
    object(Rule::kS7, now, nobody(),
           std::to_string(outbox.counting()) + " alerts count, over the bound");
  }
}

// What the collector says of itself beside what was seen from outside.
void Oracle::check_metrics(WorldTime now, const core::Collector& collector) {
  for (const AlertType type : protocol::kAlertTypes) {
    const core::AlertCounters& counters = collector.counters().alerts[index_of(type)];
    const auto compare = [&](std::string_view what, std::uint64_t theirs, std::uint64_t ours) {
      if (theirs == ours) return;
      object(Rule::kS6, now, nobody(),
             std::string{to_string(type)} + ' ' + std::string{what} + ": " +
                 std::to_string(theirs) + " by the metrics",
             std::to_string(ours));
    };
    compare("decided", counters.decided, happened_[index_of(type)]);
    compare("delivered", counters.delivered, delivered_[index_of(type)]);
    compare("retold", counters.retold, retold_[index_of(type)]);
    compare("dropped, the queue being full", counters.dropped_full, dropped_[0][index_of(type)]);
    compare("dropped, their time being over", counters.dropped_expired,
            dropped_[1][index_of(type)]);
  }
}

void Oracle::check_counts(WorldTime now, const core::Collector& collector) {
  const auto compare = [&](std::string_view what, std::size_t theirs, std::size_t ours) {
    if (theirs == ours) return;
    object(Rule::kS13, now, nobody(),
           std::string{what} + ": " + std::to_string(theirs) + " shown, " + std::to_string(ours) +
               " by the heartbeats");
  };
  std::array<std::size_t, protocol::kModeCount> by_mode{};
  std::size_t known = 0;
  std::size_t unhealthy = 0;
  for (const Known& agent : agents_) {
    if (!agent.known) continue;
    ++known;
    ++by_mode[index_of(agent.mode)];
    const WorldTime silence = listening_.listening() - agent.heard_listening;
    if (agent.dead || silence >= 2 * protocol::interval_of(agent.mode).count()) ++unhealthy;
  }
  const protocol::FleetStats stats = collector.stats();
  if (stats.total > max_agents_) {
    object(Rule::kS12, now, nobody(), std::to_string(stats.total) + " agents are kept",
           "max_agents, " + std::to_string(max_agents_));
  }
  if (stats.total < known) {
    object(Rule::kS12, now, nobody(),
           std::to_string(stats.total) + " agents are kept, " + std::to_string(known) +
               " were heard and neither removed nor said to be forgotten");
    return;
  }
  compare("agents", stats.total, known);
  if (stats.total != known) return;
  compare("unhealthy agents", stats.unhealthy, unhealthy);
  for (const Mode mode : protocol::kModes) {
    compare(to_string(mode), stats.by_mode[index_of(mode)], by_mode[index_of(mode)]);
  }
}

}  // namespace pap::sim
