// SPDX-License-Identifier: MIT
#pragma once

// Who is alive by the contract, reckoned the slow way: every agent is looked at every time, and
// every moment at which a loss was over is remembered for ever.
//
// It gets the calls that the collector gets, and is told what the collector was seen to decide.
// Whatever is wrong is a complaint.
//
// Threads: one.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pap/core/collector.hpp"
#include "unit/core/model/naive_alerts.hpp"

namespace pap::test {

struct NaiveAgent {
  std::string name;  // empty: its id
  Mode mode = Mode::kIdle;
  double uptime = 0;
  MonotonicTime started;
  MonotonicTime heard;
  Nanos heard_listening{0};
  std::size_t losses_before = 0;  // of those that sent agents away, over when it was heard
  Nanos lost_before{0};
  std::uint32_t heartbeats = 0;
  bool dead = false;
  std::optional<MonotonicTime> death_told;
  std::uint64_t told_number = 0;
};

class NaiveCollector {
 public:
  NaiveCollector(const core::CollectorSettings& settings, Instant start);

  // --- the same calls ---
  void called(MonotonicTime now);  // of any kind, before what it is about
  core::HeartbeatOutcome beat(const std::string& id, const protocol::Heartbeat& heartbeat,
                              MonotonicTime now);
  void caught_up();
  void hears_nobody(Nanos so_far);
  void hears_some(Nanos so_far);
  void hears_all(Nanos so_far);
  bool remove(const std::string& id);
  void drain() { draining_ = true; }
  void ticked(MonotonicTime now);  // after deaths and alerts

  // --- what was seen ---
  void saw_death(const std::string& id, MonotonicTime now);
  void settled(MonotonicTime now);

  // --- what there is ---
  NaiveAlerts& alerts() { return alerts_; }
  const std::map<std::string, NaiveAgent>& agents() const { return agents_; }
  bool healthy(const NaiveAgent& agent) const;
  bool catching_up() const { return catch_up_ && !deaf_; }
  Nanos lost() const { return lost_; }
  std::uint64_t restarts() const { return restarts_; }
  std::uint64_t evicted() const { return evicted_; }
  std::optional<MonotonicTime> next_event(MonotonicTime now) const;
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct CatchUp {
    Nanos ends{0};
    bool agents_left = false;
  };
  struct Loss {
    Nanos at{0};  // listening time
    Nanos amount{0};
  };

  Nanos listening() const { return last_call_.time_since_epoch() - lost_; }
  MonotonicTime monotonic_of(Nanos listening) const;
  Nanos deadline(const NaiveAgent& agent) const;
  bool make_room();
  void decide_emergency(const std::string& id, const NaiveAgent& agent,
                        std::optional<Mode> previous, MonotonicTime now);
  NaiveState state_of(const std::string& id) const;
  void forget(const std::string& id);
  void complain(const std::string& what) { complaints_.push_back(what); }

  const core::CollectorSettings settings_;
  const MonotonicTime start_;
  std::vector<std::string> complaints_;
  std::map<std::string, NaiveAgent> agents_;
  NaiveAlerts alerts_;

  MonotonicTime last_call_;
  Nanos last_tick_{0};  // by listening time
  Nanos lost_{0};
  std::vector<Loss> losses_;
  std::vector<Nanos> over_;  // when losses that sent agents away were over (R)
  std::optional<CatchUp> catch_up_;
  bool deaf_ = false;
  Nanos waited_{0};  // what may have been for as long in a socket, or before it
  Nanos no_deaths_before_{0};
  bool draining_ = false;
  std::uint64_t deaths_told_ = 0;
  std::uint64_t restarts_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace pap::test
