// SPDX-License-Identifier: MIT
#pragma once

// A second, naive reading of contract and design, which watches a run and objects.
//
// It shares nothing with the core but protocol types. It knows the plan, what the collector
// accepted and when, what it says it decided, and what the Station received and answered; and it
// works out for itself what should have come of that.
//
// Cost: a few array accesses a heartbeat; memory 40 bytes an agent, and a line an alert.
// Ownership: scenario, plan and identities outlive it. Threads: one.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "papsim/oracle/ledger.hpp"
#include "papsim/oracle/listening_model.hpp"
#include "papsim/oracle/seen.hpp"
#include "papsim/oracle/stream_model.hpp"
#include "papsim/oracle/violation.hpp"
#include "papsim/oracle/waiting_model.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/steps_by_agent.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

class Oracle final : public Witness {
 public:
  static constexpr WorldTime kDedupWindow = 60'000;

  // More violations of a run than this are only counted, but for the first of a rule.
  static constexpr std::size_t kMaxViolations = 100;

  Oracle(const Scenario& scenario, const Plan& plan);
  void know(const Identities& identities) { identities_ = &identities; }
  // The truth about an agent that was decided dead: is there a process, and beating? And is it
  // away, since a beat of it failed, or refused for a start in the future?
  struct Truth {
    bool living = false;
    std::optional<Excuse> excuse;
    WorldTime away_until = 0;  // the last time that it kept away
  };
  void ask(std::function<Truth(AgentNumber)> truth) { truth_ = std::move(truth); }
  // What GET /agents/:id says of an agent; none for 404.
  void ask_collector(std::function<std::optional<bool>(AgentNumber)> shows_healthy) {
    shows_healthy_ = std::move(shows_healthy);
  }

  void prefetch(std::span<const AgentNumber> agents) const override;
  void started(WorldTime now) override;
  void stopped(WorldTime now, const core::Collector& collector) override;
  void called(WorldTime now) override;
  void accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) override;
  void refused(WorldTime now, const SeenBeat& beat) override;
  void removed(WorldTime now, AgentNumber agent) override;
  void forgotten(WorldTime now, AgentNumber agent, bool to_make_room) override;
  void draining(WorldTime now) override;
  void hears_nobody(WorldTime now, WorldTime since) override {
    listening_.hears_nobody(now, since);
  }
  void hears_all(WorldTime now, WorldTime since) override { listening_.hears_all(now, since); }
  void goes_on(WorldTime now) override { listening_.goes_on(now); }
  void caught_up(WorldTime now) override;
  void decided_dead(WorldTime now, AgentNumber agent) override;
  void posted(WorldTime now, std::string_view key, std::string_view body) override;
  void answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                std::optional<WorldTime> retry_after) override;
  void dropped(WorldTime now, AgentNumber agent, protocol::AlertType type,
               DropCause cause) override;
  void retold(WorldTime now, AgentNumber agent, protocol::AlertType type) override;
  void station_away(WorldTime now, bool away) override;
  void healed(WorldTime now) override { healed_at_ = now; }
  void streamed(WorldTime now, AgentNumber agent, std::string_view message) override;

  // All is healed and settled: what had to come has come, or is missing. `living` says who is a
  // running process that the plan means to be there.
  // `listed`: agents in GET /agents.
  void finish(WorldTime now, const core::Collector& collector, const std::vector<bool>& living,
              std::size_t listed);
  // Decisions and posts, in order; for S10 and S11.
  const std::vector<Decision>& decisions() const { return decisions_; }
  // Who lives and is not known at the end, since the table was full (Excuse::kTableFull).
  const std::vector<AgentNumber>& turned_away() const { return turned_away_; }
  // Of whom an alert was dropped for this cause and never told.
  std::vector<AgentNumber> lost(DropCause cause) const { return waiting_.lost(cause); }
  // Of whom an alert was left when a collector ended.
  const std::vector<AgentNumber>& left() const { return left_; }

  const std::vector<Violation>& violations() const { return violations_; }
  std::uint64_t violation_count() const {
    return std::accumulate(broken_.begin(), broken_.end(), std::uint64_t{0});
  }
  std::uint64_t violation_count(Rule rule) const { return broken_[static_cast<std::size_t>(rule)]; }
  const std::vector<DeathSeen>& deaths() const { return deaths_; }
  const Ledger& ledger() const { return ledger_; }
  // How often it saw this mark.
  std::uint64_t marked(Mark mark) const { return marks_[static_cast<std::size_t>(mark)]; }
  // Told by the world, which sees the Station's side.
  void saw(Mark mark) { ++marks_[static_cast<std::size_t>(mark)]; }
  // Posts under new keys, by agent, of each type.
  const std::vector<std::pair<AgentNumber, protocol::AlertType>>& told() const { return told_; }

 private:
  struct Known {
    WorldTime heard = 0;
    WorldTime heard_listening = 0;
    std::int64_t started_ns = 0;
    double uptime = 0;
    protocol::Mode mode = protocol::Mode::kIdle;
    bool known = false;
    bool dead = false;
    bool death_told = false;
    bool ever = false;              // accepted at some time in this life of the collector
    std::uint16_t heard_after = 0;  // so many ends of pauses
  };

  void untrue(AgentNumber agent, protocol::AlertType type, WorldTime now);
  void true_again(AgentNumber agent, protocol::AlertType type, WorldTime now);
  // Is what this event says still so?
  bool holds(AgentNumber agent, protocol::AlertType type, const Happened& event) const;
  void check_prompt(WorldTime now, WorldTime gap);
  void check_retention(WorldTime now, WorldTime gap);
  void check_after_heal(WorldTime now);
  // By when the Station, which is well again, has heard what failed before.
  WorldTime told_after_heal() const;
  void check_nothing_waits(WorldTime now, const core::Collector& collector);
  void check_side_by_side(WorldTime now, AgentNumber agent);
  void object(Rule rule, WorldTime now, AgentNumber agent, std::string what,
              std::string bound = {});
  void object(Rule rule, WorldTime now, AgentNumber agent, WaitingModel::Verdict verdict);
  std::string name_of_agent(AgentNumber agent) const;
  // Of what is about no agent in particular.
  AgentNumber nobody() const { return static_cast<AgentNumber>(agents_.size()); }
  WorldTime slack(protocol::Mode mode) const;
  // When a silence had to be decided, by listening time.
  WorldTime deadline(const Known& agent) const;
  // What the plan does to it.
  std::span<const std::uint32_t> steps_of(AgentNumber number) const;
  void revive(WorldTime now, AgentNumber number, Known& agent);
  void forget(AgentNumber number);
  void check_revived(WorldTime now, AgentNumber number);
  // Since when the agent could have been known, as plan and failures have it; none: not yet.
  std::optional<WorldTime> reachable_since(AgentNumber number, WorldTime now) const;
  WorldTime longest_interval(AgentNumber id) const;
  void check_known_in_time(WorldTime now, AgentNumber number);
  void check_unknown(WorldTime now, AgentNumber number);
  bool starts_in_future(AgentNumber number, WorldTime now) const;
  // `unposted`: so many may have been released and wait yet.
  void check_hidden(WorldTime now, std::size_t unposted);
  void leave_told_dead(AgentNumber number);
  void check_missed_death(WorldTime now, AgentNumber number, const Known& agent);
  void first_sight(WorldTime now, const SeenBeat& beat, Known& agent);
  void known_beat(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer, Known& agent);
  void happened(AgentNumber agent, protocol::AlertType type, Happened event);
  void check_post(WorldTime now, AgentNumber agent, protocol::AlertType type, Happened& event);
  void check_conservation(WorldTime now, const core::Collector& collector);
  void check_left(WorldTime now, const core::Collector& collector);
  void check_metrics(WorldTime now, const core::Collector& collector);
  void check_counts(WorldTime now, const core::Collector& collector);
  void check_told(WorldTime now, WorldTime happened_before);
  bool may_be_answered(AgentNumber agent, WorldTime now) const;
  void check_in_flight(WorldTime now, const core::Collector& collector);

  const Scenario& scenario_;
  const Plan& plan_;
  const Identities* identities_ = nullptr;
  WorldTime check_interval_ = 10'000;
  std::size_t max_agents_ = 1'000'000;
  bool ids_shared_ = false;  // by processes of two groups
  bool odd_time_ = false;    // the collector's monotonic clock is not the world's
  std::vector<std::uint32_t> collector_steps_;  // of the plan's, those that befall the collector
  mutable std::optional<StepsByAgent> steps_;   // once somebody asks
  std::function<Truth(AgentNumber)> truth_;
  std::function<std::optional<bool>(AgentNumber)> shows_healthy_;

  ListeningModel listening_;
  WorldTime last_call_ = 0;
  std::vector<Known> agents_;
  std::size_t known_ = 0;
  Ledger ledger_;
  WaitingModel waiting_;
  StreamModel streams_;
  std::multimap<AgentNumber, WorldTime> in_flight_;  // whose, and since when
  WorldTime started_at_ = 0;
  WorldTime hold_until_ = 0;
  bool hold_pending_ = false;             // nothing was posted since
  std::optional<WorldTime> ready_since_;  // something is to be posted, and nothing forbids it
  std::optional<WorldTime> healed_at_;
  bool checked_after_heal_ = false;
  bool draining_ = false;
  WorldTime draining_since_ = 0;
  std::set<std::pair<WorldTime, AgentNumber>> told_dead_;  // those who make room, in order
  struct Refusal {
    WorldTime at;
    bool full;  // the table was; else for a start in the future
  };
  std::map<AgentNumber, Refusal> refused_;    // the last of each
  std::map<AgentNumber, WorldTime> removed_;  // likewise; where another process may have its id
  // By type, of this life of the collector; what its metrics must say.
  std::array<std::uint64_t, protocol::kAlertTypes.size()> happened_{};
  std::array<std::uint64_t, protocol::kAlertTypes.size()> delivered_{};
  std::array<std::uint64_t, protocol::kAlertTypes.size()> retold_{};
  std::array<std::array<std::uint64_t, protocol::kAlertTypes.size()>, 2> dropped_{};  // by cause

  std::vector<DeathSeen> deaths_;
  std::vector<std::pair<AgentNumber, protocol::AlertType>> told_;
  std::vector<Violation> violations_;
  std::array<std::uint64_t, kRules.size()> broken_{};  // how often
  std::array<std::uint64_t, kMarks.size()> marks_{};
  std::vector<Decision> decisions_;
  std::vector<AgentNumber> turned_away_;
  std::vector<AgentNumber> left_;
};

}  // namespace pap::sim
