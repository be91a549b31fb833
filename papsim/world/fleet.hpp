// SPDX-License-Identifier: MIT
#pragma once

// The processes of a fleet and how they behave, as real agents do (contract: How real agents
// behave): when each beats next, where, in which mode, with which uptime, and what the plan does to
// them. The same in virtual time and over sockets; who carries the beats is a Carrier.
//
// Times: milliseconds since the run began. The wheel holds an event kBeat for each next beat.
// Determinism: what is random is drawn from a stream of each agent's own.
// Ownership: what it is made with outlives it. Threads: one.

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "papsim/scenario/model.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/links.hpp"
#include "papsim/world/virtual_station.hpp"
#include "papsim/world/wheel.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

// After which an agent gives up a heartbeat, in ms.
inline constexpr WorldTime kAgentPatience = 5'000;
// … and turns to the Station, for how long, in ms.
inline constexpr WorldTime kAgentAway = 60'000;

// One process of one agent, in 56 bytes.
struct VirtualAgent {
  enum Flag : std::uint8_t {
    kRunning = 1U << 0U,
    kFrozen = 1U << 1U,    // the process is there, and does nothing
    kMissed = 1U << 2U,    // a beat fell due while it was frozen
    kSteady = 1U << 3U,    // keeps its planned moments, whatever comes back
    kOddClock = 1U << 4U,  // see Fleet::clocks_
  };

  WorldTime started = 0;     // of the process, by the world
  WorldTime planned = 0;     // moment of the last beat
  WorldTime away_until = 0;  // until then it beats at the Station
  std::uint32_t epoch = 0;   // of its pending beat; older ones are void
  std::uint32_t draws = 0;
  std::uint32_t group = 0;
  AgentNumber id = 0;  // whose id it carries
  Links::Number link = Links::kClean;
  protocol::Mode mode = protocol::Mode::kIdle;          // as it says
  protocol::Mode planned_mode = protocol::Mode::kIdle;  // but for a Station that failed it
  std::uint8_t station_failures = 0;
  std::uint8_t flags = 0;

  bool has(Flag flag) const { return (flags & flag) != 0; }
  void set(Flag flag) { flags = static_cast<std::uint8_t>(flags | flag); }
  void clear(Flag flag) { flags = static_cast<std::uint8_t>(flags & ~flag); }
};

class Fleet {
 public:
  // Who carries beats to the collector.
  class Carrier {
   public:
    virtual ~Carrier() = default;
    // The agent beats now. What comes of it is told by end_beat() or fail_beat(), now or later.
    virtual void beat_collector(AgentNumber number, VirtualAgent& agent) = 0;
    // A last beat, and once it is answered DELETE. The process ends.
    virtual void leave(AgentNumber number, VirtualAgent& agent) = 0;
  };

  // What the link does to a beat.
  struct Fate {
    std::uint8_t copies = 1;  // that arrive; 0: lost
    std::array<WorldTime, 2> delays{};
    bool bitten = false;
  };

  Fleet(const Scenario& scenario, const Plan& plan, Wheel& wheel, Links& links,
        VirtualStation& station, Carrier& carrier);

  void join_all();
  void on_beat(AgentNumber number, std::uint32_t epoch);
  // A step of the plan that befalls agents, their links or their clocks.
  void act(const Step& step, const Entry& entry, AgentNumber number);
  void stop_process(AgentNumber number);
  void heal();  // all links are clean

  void end_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended);
  // It got no whole answer, or one that was not 200.
  void fail_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended);
  SeenBeat beat_of(AgentNumber number, const VirtualAgent& agent) const {
    return {agent.id, agent.mode, uptime_of(number, agent)};
  }
  Fate draw_fate(AgentNumber number, VirtualAgent& agent, const LinkCondition& link);

  VirtualAgent& at(AgentNumber number) { return agents_[number]; }
  std::size_t size() const { return agents_.size(); }

  // A process that runs, and is not frozen.
  bool beating(AgentNumber number) const {
    const VirtualAgent& agent = agents_[number];
    return agent.has(VirtualAgent::kRunning) && !agent.has(VirtualAgent::kFrozen);
  }
  bool away(AgentNumber number) const { return agents_[number].away_until > wheel_.now(); }
  WorldTime away_until(AgentNumber number) const { return agents_[number].away_until; }
  bool starts_in_future(AgentNumber number) const { return uptime_of(number, agents_[number]) < 0; }
  std::uint64_t beats_failed() const { return beats_failed_; }
  std::uint64_t beats_at_station() const { return beats_at_station_; }

 private:
  struct OddClock {
    std::int64_t offset_ms = 0;
    std::int64_t drift_ppm = 0;
    WorldTime drift_since = 0;
    bool frozen = false;
    double frozen_uptime = 0;
  };

  void start_process(AgentNumber number);
  void beat_station(AgentNumber number, VirtualAgent& agent);
  void change_clock(AgentNumber number, const AgentClock& change, bool begins);
  double uptime_of(AgentNumber number, const VirtualAgent& agent) const;
  void next_beat_at(AgentNumber number, VirtualAgent& agent, WorldTime at) {
    wheel_.add(at, {number, ++agent.epoch, EventKind::kBeat});
  }
  std::uint64_t draw(AgentNumber number, VirtualAgent& agent) const;
  bool chance(AgentNumber number, VirtualAgent& agent, PartsPerMillion share) const;

  const Scenario& scenario_;
  const Plan& plan_;
  Wheel& wheel_;
  Links& links_;
  VirtualStation& station_;
  Carrier& carrier_;
  std::vector<VirtualAgent> agents_;
  std::unordered_map<AgentNumber, OddClock> clocks_;  // lookup only
  std::uint64_t beats_failed_ = 0;
  std::uint64_t beats_at_station_ = 0;
};

}  // namespace pap::sim
