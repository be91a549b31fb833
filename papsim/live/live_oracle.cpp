// SPDX-License-Identifier: MIT
#include "papsim/live/live_oracle.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

#include "papsim/oracle/oracle_words.hpp"
#include "papsim/scenario/bounds.hpp"

namespace pap::sim {

using nlohmann::json;
using protocol::AlertType;
using protocol::Mode;

namespace {

// Gaps of up to this are listening time; of a longer one all but kHeard is lost (design: Time).
constexpr WorldTime kGap = 2'000;
constexpr WorldTime kHeard = 1'000;
constexpr WorldTime kAwayPause = 5'000;
constexpr WorldTime kMostRetryAfter = 300'000;
// Timers of two processes, rounded.
constexpr WorldTime kTimerTolerance = 20;
// contract: Restart
constexpr double kOvertakenWithin = 5;
constexpr double kStartAfterHeard = 10;
// What a process may take to end, beyond what its configuration grants it.
constexpr WorldTime kExitTolerance = 2'000;
constexpr WorldTime kTimeAway = 65'000;

std::optional<AlertType> type_of(const json& alert) {
  for (const AlertType type : protocol::kAlertTypes) {
    if (alert.value("type", "") == to_string(type)) return type;
  }
  return std::nullopt;
}

WorldTime twice_interval(Mode mode) { return 2 * interval(mode); }

std::optional<Mode> mode_with(std::int64_t interval) {
  for (const Mode mode : protocol::kModes) {
    if (protocol::interval_of(mode).count() == interval) return mode;
  }
  return std::nullopt;
}

double seconds(WorldTime time) { return static_cast<double>(time) / 1000; }

}  // namespace

LiveOracle::LiveOracle(const Scenario& scenario, const Plan& plan, const Identities& identities)
    : scenario_(scenario), plan_(plan), identities_(identities), agents_(plan.agents.size()) {}

void LiveOracle::violate(Rule rule, WorldTime at, AgentNumber id, std::string what,
                         std::string bound) {
  if (broken_[static_cast<std::size_t>(rule)]++ > 0 && violations_.size() >= kMaxViolations) return;
  const bool about_agent = id < agents_.size();
  violations_.push_back({rule, at, id, about_agent ? identities_.text_of(id) : "", std::move(what),
                         std::move(bound)});
}

// --- pauses ---

void LiveOracle::stopped(WorldTime now) { pauses_.push_back({now, 0}); }

void LiveOracle::went_on(WorldTime now) {
  if (pauses_.empty() || pauses_.back().to != 0) return;
  pauses_.back().to = now;
  // What waited in its sockets is heard now.
  const WorldTime from = pauses_.back().from;
  for (Known& known : agents_) {
    if (known.unsure && known.open.latest + kAwayPause >= from) {
      known.open.latest = std::max(known.open.latest, now + kAwayPause);
    }
  }
}

WorldTime LiveOracle::lost(WorldTime from, WorldTime to, bool at_least) const {
  WorldTime sum = 0;
  for (const Pause& pause : pauses_) {
    const WorldTime begin = std::max(pause.from, from);
    const WorldTime end = std::min(pause.to == 0 ? to : pause.to, to);
    const WorldTime length = end - begin;
    if (at_least) {
      if (length > kGap) sum += length - kHeard;
    } else if (length + kHeard > kGap) {
      sum += length;  // the gap is longer by what lay before the pause, up to kHeard
    }
  }
  return sum;
}

bool LiveOracle::paused_between(WorldTime from, WorldTime to) const {
  return std::any_of(pauses_.begin(), pauses_.end(), [&](const Pause& pause) {
    return pause.from < to && (pause.to == 0 || pause.to > from);
  });
}

std::size_t LiveOracle::long_pauses_between(WorldTime from, WorldTime to) const {
  return static_cast<std::size_t>(
      std::count_if(pauses_.begin(), pauses_.end(), [&](const Pause& pause) {
        const WorldTime end = pause.to == 0 ? to : pause.to;
        return end > from && pause.from < to && end - pause.from >= kAwayPause - kHeard;
      }));
}

void LiveOracle::told_to_end(WorldTime now) { told_to_end_ = now; }

void LiveOracle::ended(WorldTime now) {
  went_on(now);
  if (told_to_end_) {
    const WorldTime most =
        (scenario_.collector.drain + scenario_.collector.shutdown_grace).count() + kExitTolerance;
    if (now - *told_to_end_ > most) {
      violate(Rule::kL7, now, nobody(), "took " + ms(now - *told_to_end_) + " to end", ms(most));
    }
    told_to_end_.reset();
  }
  ended_at_ = now;
  // The next one knows neither what was in flight nor what the Station asked for.
  in_flight_.clear();
  held_from_ = held_until_ = 0;
  for (Known& known : agents_) {
    if (!known.heard) continue;
    known.open.until = now;
    known.silences.push_back(known.open);
    known.heard = false;
    known.unsure = false;
  }
}

// --- heartbeats ---

void LiveOracle::accepted(const Beat& beat, const Receipt& receipt) {
  const AgentNumber id = beat.said.agent;
  Known& known = agents_[id];
  ++beats_accepted_;
  if (ended_at_ > 0 && beat.sent <= ended_at_) {
    // Its answer came with the end of that life, and was read after it.
    if (beat.said.mode == Mode::kEmergency) ++known.emergencies;
    if (receipt.restart_detected) ++known.restarts;
    return;
  }
  const bool decreased = known.heard && beat.said.uptime_seconds < known.uptime;
  const auto interval = protocol::interval_of(beat.said.mode).count();
  // An overtaken beat changes no mode, and is answered with the interval of the one that is kept.
  const auto answered_mode = mode_with(receipt.next_heartbeat_ms);
  const bool overtaken =
      decreased && !receipt.restart_detected && answered_mode && *answered_mode != beat.said.mode;
  const Mode mode = overtaken ? *answered_mode : beat.said.mode;
  if (receipt.next_heartbeat_ms != interval && !overtaken) {
    violate(Rule::kS5, beat.ended, id,
            "is told next_heartbeat_ms " + std::to_string(receipt.next_heartbeat_ms),
            std::to_string(interval));
  }
  if (!known.heard && !known.unsure && !receipt.is_new && may_be_new_) {
    violate(Rule::kS5, beat.ended, id, "is not new, though it never was accepted", "is_new");
  }
  const bool told_dead = std::any_of(known.silences.begin(), known.silences.end(),
                                     [](const Silence& s) { return !s.key.empty(); }) ||
                         !known.open.key.empty();
  if (known.heard && receipt.is_new && !told_dead && scenario_.collector.has_station) {
    violate(Rule::kS12, beat.ended, id, "was forgotten, though nobody had told it dead");
  }
  check_restart(beat, receipt, known);

  if (mode == Mode::kEmergency &&
      (!known.heard || known.unsure || known.mode != Mode::kEmergency || receipt.is_new)) {
    ++known.emergencies;
  }
  if (known.heard) {
    known.open.until = beat.ended;
    if (beat.ended - known.open.sent >= twice_interval(known.open.mode)) {
      known.silences.push_back(known.open);
    }
  }
  known.heard = true;
  known.removed = false;
  known.unsure = false;
  if (!overtaken) known.uptime = beat.said.uptime_seconds;
  known.mode = mode;
  known.open = {beat.sent, beat.ended, 0, mode, {}};
}

// In seconds; with everything that is not known exactly on the side of the collector.
void LiveOracle::check_restart(const Beat& beat, const Receipt& receipt, Known& known) {
  const double earliest = seconds(beat.sent) - beat.said.uptime_seconds;
  const double latest = seconds(beat.ended) - beat.said.uptime_seconds;
  const bool sure = known.heard && !known.unsure && !paused_between(known.open.sent, beat.ended);
  if (receipt.restart_detected) ++known.restarts;
  if (sure) {
    const bool decreased = beat.said.uptime_seconds < known.uptime;
    const bool must = (decreased && earliest > known.start_latest + kOvertakenWithin) ||
                      earliest > seconds(known.open.latest) + kStartAfterHeard;
    const bool may = (decreased && latest > known.start_earliest + kOvertakenWithin) ||
                     latest > seconds(known.open.sent) + kStartAfterHeard;
    if (must && !receipt.restart_detected) {
      violate(Rule::kS4, beat.ended, id_of(beat), "restarted, and restart_detected is false",
              "true");
    }
    if (!may && receipt.restart_detected) {
      violate(Rule::kS4, beat.ended, id_of(beat), "did not restart, and restart_detected is true",
              "false");
    }
  } else if (known.heard) {
    ++known.restarts;  // what nobody saw may have been told
  } else if (receipt.restart_detected && !known.unsure && may_be_new_) {
    violate(Rule::kS4, beat.ended, id_of(beat), "was never heard, and restart_detected is true",
            "false");
  }
  if (!known.heard || receipt.is_new) {
    known.start_earliest = earliest;
    known.start_latest = latest;
  } else {
    known.start_earliest = std::max(known.start_earliest, earliest);
    known.start_latest = std::max(known.start_latest, latest);
  }
}

void LiveOracle::refused(const Beat& beat, std::uint16_t status) {
  // Out of range is what the contract refuses; a full table, or a collector that is leaving.
  if (status == 503 || beat.said.uptime_seconds < 0) return;
  violate(Rule::kS5, beat.ended, id_of(beat),
          "is refused a correct heartbeat: " + std::to_string(status), "200");
}

void LiveOracle::wrong(const Beat& beat, const std::string& why) {
  violate(Rule::kS5, beat.ended, id_of(beat), why, "an answer as the contract has it");
}

void LiveOracle::unanswered(const Beat& beat) {
  Known& known = agents_[id_of(beat)];
  if (beat.said.mode == Mode::kEmergency &&
      (!known.heard || known.unsure || known.mode != Mode::kEmergency)) {
    ++known.emergencies;
  }
  if (known.heard || known.unsure) {
    ++known.restarts;
  } else {
    known.open = {beat.sent, beat.ended, 0, beat.said.mode, {}};
  }
  known.unsure = true;
  const Mode briefest = known.open.briefest.value_or(beat.said.mode);
  known.open.briefest = std::min(briefest, beat.said.mode, [](Mode a, Mode b) {
    return protocol::interval_of(a) < protocol::interval_of(b);
  });
  known.open.latest = std::max(known.open.latest, beat.ended);
}

void LiveOracle::removed(WorldTime now, AgentNumber id) {
  Known& known = agents_[id];
  known.open.until = now;
  if (known.heard) known.silences.push_back(known.open);
  known.heard = false;
  known.removed = true;
}

// --- the Station ---

void LiveOracle::malformed(WorldTime now, const std::string& why) {
  violate(Rule::kS13, now, nobody(), "an alert that the Station cannot take: " + why,
          "as the contract has it");
}

void LiveOracle::posted(WorldTime now, const std::string& key, const json& alert) {
  const AgentNumber id = identities_.find(alert.value("agent_uuid", ""));
  const auto type = type_of(alert);
  if (id >= agents_.size() || !type) {
    if (may_be_new_) violate(Rule::kS3, now, nobody(), "an alert of nobody: " + alert.dump());
    return;
  }
  if (now > held_from_ + kOnTheWay && now < held_until_ - kTimerTolerance) {
    violate(Rule::kL6, now, id, "posted, though the Station had asked to wait",
            "not before " + ms(held_until_));
  }
  const auto busy = in_flight_.find(id);
  const bool one_more = busy != in_flight_.end() && now < busy->second - kOnTheWay;
  const auto known_post = posts_.find(key);
  if (known_post != posts_.end()) {
    Post& post = known_post->second;
    if (post.stored) {
      violate(Rule::kS8, now, id, "posted again after it was answered 2xx, key " + key);
    } else if (one_more) {
      violate(Rule::kS8, now, id, "posted again while in flight, key " + key);
    }
    return;
  }
  if (one_more) violate(Rule::kS7, now, id, "two alerts in flight", "one");
  posts_.emplace(key, Post{id, false});
  told_.emplace_back(id, *type);
  Known& known = agents_[id];
  if (!known.heard && !known.unsure && !known.removed && known.silences.empty()) {
    if (!may_be_new_) return;  // of an earlier run
    return violate(Rule::kS3, now, id, "told of, and was never accepted");
  }
  switch (*type) {
    case AlertType::kAgentDeath:
      return check_death(now, id, key, alert);
    case AlertType::kEmergencyMode:
      if (++known.told_emergencies > known.emergencies) {
        violate(Rule::kS4, now, id, "told in EMERGENCY",
                std::to_string(known.emergencies) + " times at most");
      }
      return;
    case AlertType::kRestartDetected:
      if (++known.told_restarts > known.restarts) {
        violate(Rule::kS4, now, id, "told restarted",
                std::to_string(known.restarts) + " times at most");
      }
      return;
  }
}

void LiveOracle::answered(WorldTime at, const std::string& key, std::optional<std::uint16_t> status,
                          std::optional<WorldTime> retry_after) {
  const auto found = posts_.find(key);
  if (found == posts_.end()) return;
  in_flight_[found->second.id] = at;
  found->second.stored = status && *status / 100 == 2;
  if (retry_after && at + *retry_after > held_until_) {
    if (at >= held_until_) held_from_ = at;
    held_until_ = at + std::min(*retry_after, kMostRetryAfter);
  }
}

LiveOracle::Silence* LiveOracle::silence_at(Known& known, WorldTime last_seen) {
  const auto begins = [last_seen](const Silence& silence) {
    return last_seen >= silence.sent - kClockTolerance &&
           last_seen <= silence.latest + kClockTolerance;
  };
  if ((known.heard || known.unsure) && begins(known.open)) return &known.open;
  const auto found = std::find_if(known.silences.rbegin(), known.silences.rend(), begins);
  return found == known.silences.rend() ? nullptr : &*found;
}

void LiveOracle::check_death(WorldTime now, AgentNumber id, const std::string& key,
                             const json& alert) {
  const auto last_seen = run_time_of(alert.value("details", json::object()), "last_seen");
  if (!last_seen) return violate(Rule::kS13, now, id, "told dead without a last_seen");
  Known& known = agents_[id];
  Silence* silence = silence_at(known, *last_seen);
  if (silence == nullptr) {
    if (!may_be_new_ && *last_seen < 0) return;  // of an earlier run
    return violate(Rule::kS1, now, id,
                   "told dead, last seen at " + ms(*last_seen) +
                       ", when no silence of 2 x "
                       "interval began");
  }
  const WorldTime end = silence->until == 0 ? now : std::min(now, silence->until);
  const WorldTime length = end - silence->sent - lost(silence->sent, end, true);
  const WorldTime least = std::min(twice_interval(silence->mode),
                                   twice_interval(silence->briefest.value_or(silence->mode)));
  if (length < least) {
    violate(Rule::kS1, now, id, "told dead after " + ms(length) + " of silence at most", ms(least));
  }
  // A heartbeat without an answer may lie between two, and shows in when it was last seen.
  if (!silence->key.empty() && *last_seen <= silence->told_of + kClockTolerance) {
    violate(Rule::kS2, now, id, "told dead twice, keys " + silence->key + " and " + key);
  }
  silence->key = key;
  silence->told_of = *last_seen;

  const Truth truth = truth_(id);
  DeathSeen death{id, now, length, silence->mode, false, std::nullopt, true};
  death.living = truth.beating && truth.lived_since <= silence->sent;
  if (death.living) {
    if (truth.away_until > silence->sent) {
      death.excuse = Excuse::kAgentAway;
    } else if (long_pauses_between(silence->sent, end) >= 2) {
      death.excuse = Excuse::kPausedTwice;
    } else if (paused_between(silence->sent, end)) {
      violate(Rule::kL3, now, id, "told dead after a pause of the collector, and lives");
    }
  }
  deaths_.push_back(death);
}

std::optional<WorldTime> LiveOracle::run_time_of(const json& details, const char* name) const {
  const std::string text = details.value(name, "");
  std::tm moment{};
  int millis = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &moment.tm_year, &moment.tm_mon,
                  &moment.tm_mday, &moment.tm_hour, &moment.tm_min, &moment.tm_sec, &millis,
                  &used) != 7 ||
      used != static_cast<int>(text.size())) {
    return std::nullopt;
  }
  moment.tm_year -= 1900;
  moment.tm_mon -= 1;
  return std::int64_t{::timegm(&moment)} * 1000 + millis - wall_at_zero_;
}

// --- at the end ---

void LiveOracle::not_observed(WorldTime now, const std::string& why) {
  violate(Rule::kS13, now, nobody(), "an agent cannot be observed: " + why,
          "101 Switching Protocols");
}

void LiveOracle::listed(WorldTime from, WorldTime to, const json& answer) {
  std::vector<bool> seen(agents_.size());
  std::size_t ours = 0;
  for (const json& each : answer.value("agents", json::array())) {
    const AgentNumber id = identities_.find(each.value("agent_uuid", ""));
    if (id >= agents_.size()) continue;
    ++ours;
    if (seen[id]) violate(Rule::kS13, to, id, "stands twice in the list");
    seen[id] = true;
    check_listed(from, to, id, each);
  }
  if (ours > scenario_.collector.max_agents) {
    violate(Rule::kS12, to, nobody(), std::to_string(ours) + " agents in the table",
            std::to_string(scenario_.collector.max_agents));
  }
  for (AgentNumber id = 0; id < agents_.size(); ++id) {
    if (!seen[id]) check_unlisted(from, to, id);
  }
}

void LiveOracle::check_listed(WorldTime from, WorldTime to, AgentNumber id, const json& shown) {
  const Known& known = agents_[id];
  if (known.removed && !known.unsure) {
    return violate(Rule::kS13, to, id, "is listed, though it was removed");
  }
  if (!known.heard || known.unsure) return;
  const Silence& silence = known.open;
  const WorldTime most = to - silence.sent - lost(silence.sent, to, true);
  const WorldTime least = from - silence.latest - lost(silence.latest, from, false);
  const WorldTime limit = twice_interval(known.mode);
  const bool healthy = shown.value("healthy", false);
  if (healthy && least > limit + kTimerTolerance) {
    violate(Rule::kL1, to, id, "is shown healthy after " + ms(least) + " of silence", ms(limit));
  }
  if (!healthy && most < limit) {
    violate(Rule::kL5, to, id, "is shown unhealthy, and was heard " + ms(most) + " ago");
  }
  if (shown.value("mode", "") != to_string(known.mode)) {
    violate(Rule::kS13, to, id, "is shown in mode " + shown.value("mode", std::string{"?"}),
            std::string{to_string(known.mode)});
  }
}

void LiveOracle::check_unlisted(WorldTime from, WorldTime to, AgentNumber id) {
  const Known& known = agents_[id];
  if (plan_.agents[id].same_id_as != id) return;
  const bool must_be_told = scenario_.collector.has_station;  // otherwise its log alone knows
  if (known.heard && !known.unsure && known.open.key.empty() && must_be_told) {
    return violate(Rule::kS12, to, id, "is not listed, and was not told dead");
  }
  const Truth truth = truth_(id);
  const WorldTime due = std::max({ended_at_, truth.lived_since, truth.away_until}) + kTimeAway +
                        twice_interval(known.mode);
  if (!known.heard && !known.removed && truth.beating && from > due && known.open.sent > 0) {
    violate(Rule::kL4, to, id, "lives, and is not known", "by " + ms(due));
  }
}

}  // namespace pap::sim
