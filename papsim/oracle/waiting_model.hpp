// SPDX-License-Identifier: MIT
#pragma once

// What waits for the Station, in which order, since when: as contract.md has it ("Collector →
// Station"), reckoned from what was decided, posted, answered and said to be dropped or retold.
//
// An alert that was held back is on its way again at some moment that nobody outside sees; such
// agents are left out of what is compared, and only ever counted in the collector's favour.
//
// Cost: O(log n) an alert's step. Ownership: values. Threads: one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pap/protocol/alert.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

class WaitingModel {
 public:
  WaitingModel(std::size_t max_counting, WorldTime ttl) : max_counting_(max_counting), ttl_(ttl) {}

  // What should not have been, in words, and what may be.
  struct Objection {
    std::string what;
    std::string bound;
  };
  using Verdict = std::optional<Objection>;

  // The collector began anew.
  void clear();
  void away(WorldTime now, bool is_away);

  // `held`: a dedup window holds it back.
  void decided(WorldTime now, AgentNumber agent, protocol::AlertType type, bool held);
  Verdict posted(WorldTime now, AgentNumber agent, protocol::AlertType type);
  enum class Answer : std::uint8_t { kFinal, kSlowDown, kFailed };
  void answered(WorldTime now, AgentNumber agent, protocol::AlertType type, Answer answer);
  Verdict dropped(WorldTime now, AgentNumber agent, protocol::AlertType type, DropCause cause);
  Verdict retold(WorldTime now, AgentNumber agent, protocol::AlertType type);
  void forget(AgentNumber agent);

  // Of all lives of the collector: whose alerts were dropped for this cause and not told afresh.
  std::vector<AgentNumber> lost(DropCause cause) const;
  // At the first call of each moment: what counts beyond the bound is to be dropped at once, so
  // that two calls later nothing may be left of it.
  Verdict called();
  // Something waits that has no reason to: of an agent of which all is known and nothing is in
  // flight, the first alert never failed, or failed in a pause that is over; or that holds of its
  // death, which waits for none that failed.
  bool has_ready() const { return !fresh_.empty() || ready_ > 0; }
  // Posts that failed since the last that did not.
  std::uint32_t failures_in_row() const { return failures_in_row_; }
  // Since when the Station is away, by the collector's own word; none: it is not.
  std::optional<WorldTime> away_since() const {
    return away_ ? std::optional(away_since_) : std::nullopt;
  }
  // How many may wait, be in flight or be held, at the most.
  std::vector<AgentNumber> open() const;  // those of whom it is known
  std::size_t at_most_open() const { return queue_.size() + flying_ + unsure_ + orphans_.size(); }

 private:
  enum class State : std::uint8_t { kNone, kWaiting, kFlying };

  struct Alert {
    State state = State::kNone;
    bool sure = false;         // when it began to wait is known
    std::uint32_t unsure = 0;  // further ones, held back or on their way again
    std::uint64_t order = 0;
    WorldTime since = 0;              // … by the clock that runs while the Station is away
    std::optional<WorldTime> failed;  // first
    WorldTime counted_before = 0;     // it failed
    std::uint64_t run = 0;            // of failures in which it failed last
    bool released = false;            // by the end of the pause that it failed in or led to
  };
  using Agent = std::array<Alert, protocol::kAlertTypes.size()>;
  struct Place {
    std::size_t urgency;
    std::uint64_t order;
    AgentNumber agent;
    protocol::AlertType type;
  };
  struct GoesFirst {  // when there are too many: the least urgent, among those the oldest
    bool operator()(const Place& a, const Place& b) const {
      return a.urgency != b.urgency ? a.urgency > b.urgency : a.order < b.order;
    }
  };
  struct LeavesFirst {
    bool operator()(const Place& a, const Place& b) const {
      return std::tie(a.urgency, a.order) < std::tie(b.urgency, b.order);
    }
  };

  // Takes the agent out of the orders while it changes.
  template <typename Change>
  void change(AgentNumber number, Change&& change);
  void link(AgentNumber number, const Agent& agent, bool in);
  void release();
  std::size_t urgency_of(const Agent& agent) const;
  // The one that was decided first, of those that wait; null: none does.
  static const Alert* first_of(const Agent& agent);
  // All of what it has is known.
  bool is_clear(AgentNumber number, const Agent& agent) const;
  WorldTime away_time(WorldTime now) const;
  // Of what its time allows, while it counts.
  WorldTime counted(const Alert& alert, WorldTime now) const;
  std::size_t at_most_counting() const;
  std::size_t at_least_counting() const { return away_ ? queue_.size() : failed_; }

  const std::size_t max_counting_;
  const WorldTime ttl_;
  std::map<AgentNumber, Agent> agents_;
  std::set<Place, GoesFirst> queue_;    // all that wait for sure
  std::set<Place, LeavesFirst> fresh_;  // of those, what never failed, of agents with nothing else
  std::size_t ready_ = 0;               // agents who have such an alert, and one that failed
  std::size_t failed_ = 0;              // of those in the queue
  std::size_t flying_ = 0;
  std::size_t unsure_ = 0;
  std::uint64_t last_order_ = 0;
  int calls_over_bound_ = 0;  // at different times
  bool away_ = false;
  WorldTime away_since_ = 0;
  WorldTime away_before_ = 0;
  std::uint32_t failures_in_row_ = 0;
  std::uint64_t run_ = 0;          // ends with each final answer, in a pause with the pause
  std::set<AgentNumber> orphans_;  // removed, with an alert in flight, for which the next ones wait
  std::multimap<std::pair<AgentNumber, protocol::AlertType>, DropCause> lost_;
  std::array<std::vector<AgentNumber>, 2> lost_before_;  // by cause, in lives that are over
};

}  // namespace pap::sim
