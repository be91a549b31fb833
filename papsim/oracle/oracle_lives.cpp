// SPDX-License-Identifier: MIT
// The oracle's reading of agents that come, come back and are forgotten; and of what ceases to be
// true while it is held back.
#include <algorithm>

#include "pap/core/collector.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/oracle/oracle_words.hpp"

namespace pap::sim {

using protocol::AlertType;
using protocol::Mode;

namespace {

// A beat at the Station that gets no answer, and some.
constexpr WorldTime kReturn = 5'000 + 1'000;
// Between the end of a window and the next call of a collector that is not stopped.
constexpr WorldTime kNotices = 2'500;

}  // namespace

// --- known again: L4 ---

// Whoever else has this id may be the one that goes on.
WorldTime Oracle::longest_interval(AgentNumber id) const {
  WorldTime longest = 0;
  for (const AgentNumber process : processes_of(scenario_, plan_, id)) {
    const PartsPerMillion jitter = scenario_.fleet[plan_.agents[process].group].jitter;
    const auto take = [&](Mode mode) {
      const WorldTime own = interval(mode);
      longest = std::max(longest, own + own * jitter / kAll);
    };
    take(plan_.agents[process].mode);
    for (const std::uint32_t step : steps_of(process)) {
      if (plan_.steps[step].kind == StepKind::kMode) take(plan_.steps[step].mode);
    }
  }
  return longest;
}

std::optional<WorldTime> Oracle::reachable_since(AgentNumber number, WorldTime now) const {
  WorldTime since = std::max<WorldTime>(started_at_, plan_.agents[number].first_beat.count());
  const WorldTime soon = kReturn + interval(plan_.agents[number].mode);
  if (now <= since + soon) return since;  // as a rule; the rest costs more
  if (const auto refused = refused_.find(number); refused != refused_.end()) {
    since = std::max(since, refused->second.at);
  }
  if (truth_) since = std::max(since, truth_(number).away_until);
  if (now <= since + soon) return since;

  std::size_t open = 0;  // faults of its links
  const auto take = [&](const Step& step) {
    if (step.at.count() > now) return;
    since = std::max<WorldTime>(since, step.at.count());
    if (!std::holds_alternative<NetFault>(scenario_.timeline[step.entry].action)) return;
    if (step.kind == StepKind::kBegin) ++open;
    if (step.kind == StepKind::kEnd && open > 0) --open;
  };
  for (const AgentNumber process : processes_of(scenario_, plan_, number)) {
    since = std::max<WorldTime>(since, plan_.agents[process].first_beat.count());
    for (const std::uint32_t step : steps_of(process)) take(plan_.steps[step]);
  }
  for (const std::uint32_t step : collector_steps_) take(plan_.steps[step]);
  if (open > 0) return std::nullopt;
  return since;
}

void Oracle::check_known_in_time(WorldTime now, AgentNumber number) {
  if (odd_time_) return;  // the plan's times are not the collector's then
  const auto since = reachable_since(number, now);
  if (!since) return;
  const WorldTime latest = *since + longest_interval(number) + kReturn;
  if (now <= latest) return;
  object(Rule::kL4, now, number,
         "lives, could be heard since " + ms(*since) + ", and is known only now",
         "its interval and its time away, by " + ms(latest));
}

void Oracle::check_unknown(WorldTime now, AgentNumber number) {
  const auto refused = refused_.find(number);
  const WorldTime back = 2 * kStaysAway + kReturn + 2 * longest_interval(number);
  // Another process with its id died or took leave for both.
  if (const auto removed = removed_.find(number);
      removed != removed_.end() && now <= removed->second + back) {
    return;
  }
  if (refused != refused_.end() && refused->second.full && now <= refused->second.at + back) {
    turned_away_.push_back(number);
    return;
  }
  object(Rule::kL4, now, number, "lives, and is not known",
         "known within its interval and its time away");
}

// Its beats are refused for as long as its clock puts its start into the future; and for its time
// away after the last one that was, it cannot say that it is no more so.
bool Oracle::starts_in_future(AgentNumber number, WorldTime now) const {
  if (truth_ && truth_(number).excuse == Excuse::kFutureStart) return true;
  const auto refused = refused_.find(number);
  return refused != refused_.end() && !refused->second.full &&
         now <= refused->second.at + kStaysAway + kReturn + longest_interval(number);
}

// --- alive again: L5 ---

void Oracle::revive(WorldTime now, AgentNumber number, Known& agent) {
  leave_told_dead(number);
  agent.dead = false;
  agent.death_told = false;
  if (Page* deaths = ledger_.find_page(number, AlertType::kAgentDeath)) {
    if (!deaths->events.empty()) deaths->events.back().over = true;
  }
  untrue(number, AlertType::kAgentDeath, now);
  true_again(number, AlertType::kRestartDetected, now);
  if (agent.mode == Mode::kEmergency) true_again(number, AlertType::kEmergencyMode, now);
}

void Oracle::check_revived(WorldTime now, AgentNumber number) {
  if (!shows_healthy_) return;
  const std::optional<bool> healthy = shows_healthy_(number);
  if (healthy == true) return;
  object(Rule::kL5, now, number,
         healthy ? "is shown as unhealthy after its first beat"
                 : "is answered with 404 after its first beat",
         "healthy with its first beat");
}

// --- forgotten: S12 ---

void Oracle::forget(AgentNumber number) {
  Known& agent = agents_[number];
  leave_told_dead(number);
  const bool ever = agent.ever;
  agent = Known{};
  agent.ever = ever;
  --known_;
  ledger_.forget(number);
  waiting_.forget(number);
}

void Oracle::leave_told_dead(AgentNumber number) {
  const Page* deaths = ledger_.find_page(number, AlertType::kAgentDeath);
  if (deaths != nullptr && deaths->told) told_dead_.erase({*deaths->told, number});
}

void Oracle::forgotten(WorldTime now, AgentNumber number, bool to_make_room) {
  if (number >= agents_.size() || !agents_[number].known) {
    object(Rule::kS12, now, number, "was forgotten, though nobody knew it");
    return;
  }
  const Known& agent = agents_[number];
  const CollectorConfig& config = scenario_.collector;
  // Without a Station only the log was told, which nobody here reads.
  const bool told = agent.death_told || !config.has_station;
  if (!agent.dead || !told) {
    object(Rule::kS12, now, number,
           std::string{agent.dead ? "was forgotten before its death was told"
                                  : "was forgotten, and not decided dead"} +
               "; last heard at " + ms(agent.heard));
  } else if (config.has_station) {
    const WorldTime told_at = *ledger_.page(number, AlertType::kAgentDeath).told;
    const WorldTime retention = config.agent_retention.count();
    if (!to_make_room && (retention == 0 || now < told_at + retention)) {
      object(Rule::kS12, now, number,
             "was forgotten " + ms(now - told_at) + " after its death was told",
             "agent_retention_ms, " + ms(retention));
    }
    if (to_make_room && told_at > told_dead_.begin()->first) {
      object(Rule::kS12, now, number,
             "made room, told dead at " + ms(told_at) + ", and " +
                 name_of_agent(told_dead_.begin()->second) + " was told dead before",
             "the longest dead, told at " + ms(told_dead_.begin()->first));
    }
  }
  if (to_make_room && known_ < max_agents_) {
    object(Rule::kS12, now, number, "made room, with " + std::to_string(known_) + " agents known",
           "max_agents, " + std::to_string(max_agents_));
  }
  if (ids_shared_) removed_[number] = now;
  forget(number);
}

// At each call; they are forgotten in the order in which they were told dead.
void Oracle::check_retention(WorldTime now, WorldTime gap) {
  const WorldTime retention = scenario_.collector.agent_retention.count();
  const WorldTime latest = told_dead_.begin()->first + retention + kNotices;
  if (retention == 0 || now <= latest || odd_time_ || draining_ || gap > kNotices) return;
  const AgentNumber number = told_dead_.begin()->second;
  object(Rule::kS12, now, number, "is dead, and not forgotten",
         "agent_retention_ms after it was told, by " + ms(latest));
  told_dead_.erase(told_dead_.begin());  // once
}

// --- held back: S9 ---

void Oracle::happened(AgentNumber agent, AlertType type, Happened event) {
  ++happened_[index_of(type)];
  Page& page = ledger_.page(agent, type);
  if (page.told && event.at < *page.told + kDedupWindow) {
    event.window_ends = {*page.told + kDedupWindow, listening_.lost()};
  }
  if (scenario_.collector.has_station) {
    waiting_.decided(event.at, agent, type, event.window_ends.has_value());
  }
  untrue(agent, type, event.at);  // the latest is told in its place
  page.events.push_back(std::move(event));
}

void Oracle::untrue(AgentNumber agent, AlertType type, WorldTime now) {
  Page* page = ledger_.find_page(agent, type);
  if (page == nullptr || page->events.empty()) return;
  Happened& last = page->events.back();
  if (last.key.empty() && !last.untrue_since) last.untrue_since = {now, listening_.lost()};
}

void Oracle::true_again(AgentNumber agent, AlertType type, WorldTime now) {
  Page* page = ledger_.find_page(agent, type);
  if (page == nullptr || page->events.empty()) return;
  Happened& last = page->events.back();
  // An EMERGENCY that was dropped while its agent was dead is told afresh.
  if (!last.superseded) last.lost = false;
  // What was not true when its window ended has lapsed.
  if (last.window_ends && now >= last.window_ends->at) return;
  last.untrue_since.reset();
}

void Oracle::check_hidden(WorldTime now, std::size_t unposted) {
  if (!scenario_.collector.has_station) return;
  std::size_t hidden = 0;
  for (const auto& [key, page] : ledger_.pages()) {
    for (const Happened& event : page.events) {
      if (!event.key.empty() || !event.window_ends || !event.untrue_since) continue;
      // A collector that stood still looks only afterwards whether it is still true.
      const bool maybe_told =
          std::any_of(page.events.begin(), page.events.end(), [&event](const Happened& other) {
            return !other.key.empty() && are_told_alike(event, other) &&
                   other.posted_at >= event.window_ends->at;
          });
      // Released, and dropped before it ever left.
      const bool dropped = page.dropped && *page.dropped >= event.window_ends->at;
      if (maybe_told || dropped) continue;
      const bool still_true = event.untrue_since->at > event.window_ends->at + kNotices &&
                              event.untrue_since->lost == event.window_ends->lost;
      if (!still_true || ++hidden <= unposted) continue;
      object(Rule::kS9, now, key.first,
             std::string{to_string(key.second)} + " of " + ms(event.at) +
                 " was never told, and held until " + ms(event.untrue_since->at),
             "held back until " + ms(event.window_ends->at));
    }
  }
}

}  // namespace pap::sim
