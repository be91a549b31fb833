// SPDX-License-Identifier: MIT
#pragma once

// What becomes of alerts by the contract, reckoned the slow way: a few flat lists, scanned whole.
//
// It is told what happened and what the collector was seen to post. What is certain (held back,
// released, dropped, told, counted) it reckons for itself; what hangs on a jitter that it cannot
// know (when a failed alert, a probe, or a re-telling in its place leaves) it checks against the
// bounds that the contract gives. Whatever is wrong is a complaint.
//
// Threads: one.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pap/core/collector.hpp"

namespace pap::test {

using core::Instant;
using core::MonotonicTime;
using core::Nanos;
using protocol::AlertType;
using protocol::Mode;

struct NaiveAlert {
  enum class Where : std::uint8_t { kHeld, kWaiting, kInFlight, kUntold };

  AlertType type = AlertType::kAgentDeath;
  std::string agent;
  Where where = Where::kHeld;
  bool withdrawn = false;  // its agent was removed while it was in flight
  std::uint64_t sequence = 0;
  std::uint64_t order = 0;
  std::uint32_t attempts = 0;
  bool probe = false;

  // As it happened.
  MonotonicTime happened;
  MonotonicTime last_seen;
  Mode mode = Mode::kIdle;
  std::optional<Mode> previous_mode;
  double uptime = 0;
  double previous_uptime = 0;
  std::uint32_t missed = 0;
  std::optional<MonotonicTime> recovered_at;

  // What it has been through.
  std::uint32_t failures = 0;
  Nanos away_when_added{0};
  Nanos counted_before{0};  // before it failed
  MonotonicTime first_failed;
  MonotonicTime rests_at_most_until;
  bool led_to_pause = false;  // failed in the run of failures that goes on
  MonotonicTime dropped;
  std::uint64_t drop_number = 0;
  bool perhaps_forgotten = false;   // found untrue at a moment that cannot be known
  bool back_from_the_dead = false;  // its agent is: it may have been due, and waits behind nobody

  bool failed() const { return failures > 0; }
};

// What the alerts need to know of an agent.
struct NaiveState {
  bool known = false;
  bool dead = false;
  MonotonicTime heard;
  Mode mode = Mode::kIdle;
  std::string name;
};

class NaiveAlerts {
 public:
  using AskAgent = std::function<NaiveState(const std::string&)>;
  using DeathTold = std::function<void(const NaiveAlert&)>;

  NaiveAlerts(const core::CollectorSettings& settings, AskAgent ask, DeathTold death_told,
              std::vector<std::string>& complaints);

  // --- what happened ---
  void decide(NaiveAlert alert, MonotonicTime now);
  void take_as_told(const std::string& agent, AlertType type, MonotonicTime now);
  void recovered(const std::string& agent, MonotonicTime now);
  void forget(const std::string& agent);
  void answered(std::uint64_t sequence, const core::StationAnswer& answer, MonotonicTime now);
  // Drops and releases what is due.
  void work(MonotonicTime now);

  // --- what was seen ---
  void saw_post(const core::Delivery& delivery, Instant now);
  void saw_retold(const std::string& agent, AlertType type, MonotonicTime now);
  // All that could be done now has been done.
  void settled(MonotonicTime now);

  // --- what there is ---
  std::optional<MonotonicTime> next_event(MonotonicTime now) const;
  const core::AlertCounters& counters(AlertType type) const { return counters_[index_of(type)]; }
  std::size_t count(NaiveAlert::Where where) const;
  std::size_t counting() const;
  bool away() const { return away_; }
  // Of those untold, still true ones.
  std::size_t untold_and_true() const;

 private:
  struct Told {
    std::string agent;
    AlertType type;
    MonotonicTime at;
  };
  using Where = NaiveAlert::Where;
  using Iterator = std::vector<NaiveAlert>::iterator;

  Iterator find(const std::string& agent, AlertType type, Where where);
  Iterator active(const std::string& agent, AlertType type);
  bool still_true(const NaiveAlert& alert) const;
  // Of one who died in EMERGENCY, and may come back in it.
  bool may_be_true_again(const NaiveAlert& alert) const;
  bool told_lately(const std::string& agent, AlertType type, MonotonicTime now) const;
  void release(NaiveAlert alert, MonotonicTime now);
  void tell(const NaiveAlert& alert, MonotonicTime now);
  void release_or_lapse(const std::string& agent, AlertType type, MonotonicTime now);
  Nanos away_total(MonotonicTime now) const;
  Nanos counted(const NaiveAlert& alert, MonotonicTime now) const;
  bool counts(const NaiveAlert& alert) const;
  unsigned urgency(const std::string& agent) const;
  bool leaves_before(const NaiveAlert& a, const NaiveAlert& b) const;
  bool could_leave(const NaiveAlert& alert) const;
  bool surely_could_leave(const NaiveAlert& alert, MonotonicTime now) const;
  std::optional<std::pair<std::size_t, bool>> next_drop(MonotonicTime now) const;
  void drop(std::size_t index, bool expired, MonotonicTime now);
  bool held_by_station(MonotonicTime now) const { return hold_ && now < *hold_; }
  bool due_by_rule(const NaiveAlert& untold, MonotonicTime now) const;
  bool any(Where where) const { return count(where) > 0; }
  void check_body(const NaiveAlert& alert, const core::Delivery& delivery, Instant now);
  void complain(const std::string& what) { complaints_.push_back(what); }

  const core::CollectorSettings settings_;
  const AskAgent ask_;
  const DeathTold death_told_;
  std::vector<std::string>& complaints_;

  std::vector<NaiveAlert> alerts_;
  std::vector<Told> told_;
  std::array<core::AlertCounters, protocol::kAlertTypeCount> counters_{};
  std::uint64_t sequences_ = 0;
  std::uint64_t orders_ = 0;
  std::uint64_t drops_ = 0;

  std::optional<MonotonicTime> hold_;
  bool away_ = false;
  bool probing_ = false;
  std::uint32_t failures_in_row_ = 0;
  std::uint32_t probes_failed_ = 0;
  MonotonicTime probe_planned_;
  MonotonicTime away_since_;
  Nanos away_before_{0};
  bool pause_just_ended_ = false;
  std::optional<MonotonicTime> last_pause_ended_;
};

std::string describe(const NaiveAlert& alert);

}  // namespace pap::test
