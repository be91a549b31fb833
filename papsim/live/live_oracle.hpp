// SPDX-License-Identifier: MIT
#pragma once

// The oracle of a run over sockets: the same rules, as far as they can be told from outside, with
// every moment an interval. A heartbeat was accepted at some time between its sending and its
// answer; one without an answer may have been, or not. What is objected to holds whatever the truth
// within those intervals was.
//
// It is told what agents sent and heard, what happened to the collector's process, and what the
// Station received; it asks the collector at the end.
//
// Times: milliseconds since the run began. The collector's wall clock is this machine's, give or
// take kClockTolerance.
// Memory: about 100 bytes an agent, and a line an alert. Ownership: scenario, plan and identities
// outlive it. Threads: one.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "pap/protocol/alert.hpp"
#include "papsim/oracle/seen.hpp"
#include "papsim/oracle/violation.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

class LiveOracle {
 public:
  static constexpr WorldTime kClockTolerance = 100;
  // How late the Station may see what the collector sent, and the collector what the Station did.
  static constexpr WorldTime kOnTheWay = 250;
  // More violations of a run than this are only counted, but for the first of a rule.
  static constexpr std::size_t kMaxViolations = 100;
  static constexpr std::string_view kRulesWatched = "S1 to S5, S7, S8, S12, S13, L1, L3 to L7";

  struct Beat {
    SeenBeat said;
    WorldTime sent = 0;
    WorldTime ended = 0;  // answered, or given up
  };
  // Of an answer to a heartbeat.
  struct Receipt {
    bool is_new = false;
    bool restart_detected = false;
    std::int64_t next_heartbeat_ms = 0;
  };
  struct Truth {
    bool beating = false;       // a process with this id runs, and is not frozen
    WorldTime lived_since = 0;  // … without an end since then
    WorldTime away_until = 0;   // the last time that it kept away
  };

  LiveOracle(const Scenario& scenario, const Plan& plan, const Identities& identities);
  // `wall_at_zero`: milliseconds since 1970 now, at 0.
  void begins(std::int64_t wall_at_zero) { wall_at_zero_ = wall_at_zero; }
  // The collector was there before, and may know others, and ours from an earlier run.
  void among_others() { may_be_new_ = false; }
  void ask(std::function<Truth(AgentNumber)> truth) { truth_ = std::move(truth); }

  // --- heartbeats ---

  void accepted(const Beat& beat, const Receipt& receipt);
  void refused(const Beat& beat, std::uint16_t status);
  // An answer that is not what the contract says; `why` in words.
  void wrong(const Beat& beat, const std::string& why);
  // It got no answer, and may have been counted.
  void unanswered(const Beat& beat);
  void removed(WorldTime now, AgentNumber id);

  // --- the collector's process ---

  void stopped(WorldTime now);  // SIGSTOP
  void went_on(WorldTime now);
  void told_to_end(WorldTime now);
  void ended(WorldTime now);  // it knows nobody from here on

  // --- the Station ---

  void posted(WorldTime now, const std::string& key, const nlohmann::json& alert);
  // The collector has its answer at that time, or gives it up. None: no whole answer.
  void answered(WorldTime at, const std::string& key, std::optional<std::uint16_t> status,
                std::optional<WorldTime> retry_after);
  // A post that breaks the contract's rules for alerts.
  void malformed(WorldTime now, const std::string& why);

  // --- at the end ---

  // GET /agents, whole, asked between `from` and `to`.
  void listed(WorldTime from, WorldTime to, const nlohmann::json& answer);

  // A stream of one agent's heartbeats that was refused.
  void not_observed(WorldTime now, const std::string& why);

  const std::vector<std::pair<AgentNumber, protocol::AlertType>>& told() const { return told_; }
  const std::vector<DeathSeen>& deaths() const { return deaths_; }
  const std::vector<Violation>& violations() const { return violations_; }
  std::uint64_t violation_count(Rule rule) const { return broken_[static_cast<std::size_t>(rule)]; }
  std::uint64_t beats_accepted() const { return beats_accepted_; }

 private:
  // Between two heartbeats, or since the last one.
  struct Silence {
    WorldTime sent = 0;    // the heartbeat before it
    WorldTime latest = 0;  // … was accepted by then, or one without an answer after it
    WorldTime until = 0;   // answer of the one that ended it; 0: it goes on
    protocol::Mode mode = protocol::Mode::kIdle;
    std::string key;  // of the death told of it
    // … which said that the agent was last seen then
    WorldTime told_of = 0;
    // Of its heartbeats without an answer, too, the one with the shortest interval.
    std::optional<protocol::Mode> briefest = {};
  };
  struct Known {
    bool heard = false;  // in this life of the collector
    bool removed = false;
    bool unsure = false;  // a beat since the last accepted one may have been counted
    double uptime = 0;
    double start_earliest = 0;  // of its process, kept; seconds
    double start_latest = 0;
    protocol::Mode mode = protocol::Mode::kIdle;
    std::uint32_t emergencies = 0;  // how often one may have been told
    std::uint32_t restarts = 0;
    std::uint32_t told_emergencies = 0;
    std::uint32_t told_restarts = 0;
    std::vector<Silence> silences;  // that were long enough for a death, and are over
    Silence open;                   // since the last accepted beat
  };
  struct Pause {
    WorldTime from = 0;
    WorldTime to = 0;  // 0: it goes on
  };
  struct Post {
    AgentNumber id = 0;
    bool stored = false;
  };

  AgentNumber nobody() const { return static_cast<AgentNumber>(agents_.size()); }
  static AgentNumber id_of(const Beat& beat) { return beat.said.agent; }
  void violate(Rule rule, WorldTime at, AgentNumber id, std::string what, std::string bound = {});
  void check_restart(const Beat& beat, const Receipt& receipt, Known& known);
  void check_death(WorldTime now, AgentNumber id, const std::string& key,
                   const nlohmann::json& alert);
  Silence* silence_at(Known& known, WorldTime last_seen);
  void check_listed(WorldTime from, WorldTime to, AgentNumber id, const nlohmann::json& shown);
  void check_unlisted(WorldTime from, WorldTime to, AgentNumber id);
  // What of this was no listening time: surely, or possibly.
  WorldTime lost(WorldTime from, WorldTime to, bool at_least) const;
  bool paused_between(WorldTime from, WorldTime to) const;
  std::size_t long_pauses_between(WorldTime from, WorldTime to) const;
  std::optional<WorldTime> run_time_of(const nlohmann::json& details, const char* name) const;

  const Scenario& scenario_;
  const Plan& plan_;
  const Identities& identities_;
  std::function<Truth(AgentNumber)> truth_;
  std::int64_t wall_at_zero_ = 0;
  bool may_be_new_ = true;

  std::vector<Known> agents_;
  std::vector<Pause> pauses_;
  WorldTime ended_at_ = 0;  // the last time that the collector ended
  std::optional<WorldTime> told_to_end_;
  std::map<std::string, Post, std::less<>> posts_;
  std::map<AgentNumber, WorldTime> in_flight_;  // until when the last one is
  WorldTime held_from_ = 0;                     // a Retry-After was answered …
  WorldTime held_until_ = 0;                    // … and holds all until then

  std::vector<std::pair<AgentNumber, protocol::AlertType>> told_;
  std::vector<DeathSeen> deaths_;
  std::vector<Violation> violations_;
  std::array<std::uint64_t, kRules.size()> broken_{};
  std::uint64_t beats_accepted_ = 0;
};

}  // namespace pap::sim
