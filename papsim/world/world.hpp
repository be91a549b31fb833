// SPDX-License-Identifier: MIT
#pragma once

// A run in virtual time: the fleet, its links, the Station and the collector under test, moved by
// one queue of events and the steps of the plan.
//
// A request on a clean link arrives in the millisecond in which it is sent, and its answer is
// there in the next. What is delayed, waits in a stopped collector or never arrives is a request
// of its own, which its agent gives up after 5 s (contract: How real agents behave).
//
// Safety first, then liveness: at `run.for` all faults are healed, and the run goes on to settle.
// Determinism: digest() is a rolling hash over all events; two runs of a seed have the same.
// Ownership: scenario, plan and witness outlive it. Threads: one.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "papsim/scenario/model.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/collector_host.hpp"
#include "papsim/world/figure_book.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/links.hpp"
#include "papsim/world/virtual_station.hpp"
#include "papsim/world/wheel.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

// After which an agent gives up a heartbeat, in ms.
inline constexpr WorldTime kAgentPatience = 5'000;

// One process of one agent, in 56 bytes.
struct VirtualAgent {
  enum Flag : std::uint8_t {
    kRunning = 1U << 0U,
    kFrozen = 1U << 1U,    // the process is there, and does nothing
    kMissed = 1U << 2U,    // a beat fell due while it was frozen
    kSteady = 1U << 3U,    // keeps its planned moments, whatever comes back
    kOddClock = 1U << 4U,  // see World::clocks_
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

struct WorldFigures {
  std::uint64_t events = 0;
  std::uint64_t beats_sent = 0;  // to the collector
  std::uint64_t beats_accepted = 0;
  std::uint64_t beats_refused = 0;     // answered, but not with 200
  std::uint64_t beats_unanswered = 0;  // given up, or refused a connection
  std::uint64_t beats_at_station = 0;
};

class World {
 public:
  World(const Scenario& scenario, const Plan& plan, Witness& witness);

  // To the end of `settle`, or until `stop` (asked now and then) says so.
  void run(const std::function<bool()>& stop = {});

  // What digest() has just taken in, and what has become of it: where two runs part.
  struct Noted {
    static constexpr std::uint64_t kStep = std::uint64_t{1} << 63U;

    WorldTime at = 0;
    std::uint64_t what = 0;  // whose event << 8 | its kind; or kStep | the kind of step
    std::uint64_t digest = 0;
  };
  // To be set before run().
  void on_noted(std::function<void(const Noted&)> handler) {
    noted_ = std::move(handler);
    is_noted_ = true;
  }

  WorldTime now() const { return wheel_.now(); }
  std::uint64_t digest() const { return digest_; }
  const WorldFigures& figures() const { return figures_; }
  const CollectorHost& host() const { return host_; }
  const FigureBook& book() const { return book_; }
  // Ticks at which a probe was under way.
  std::uint64_t probed() const { return probed_; }
  Figures read_figures() const;
  const Identities& identities() const { return identities_; }
  // How often the fault of this timeline entry changed what would have happened.
  std::uint64_t bites(std::uint32_t entry);
  // A process that runs, and is not frozen.
  bool away(AgentNumber agent) const { return agents_[agent].away_until > wheel_.now(); }
  bool starts_in_future(AgentNumber agent) const { return uptime_of(agent, agents_[agent]) < 0; }
  bool beating(AgentNumber agent) const {
    return agents_[agent].has(VirtualAgent::kRunning) && !agents_[agent].has(VirtualAgent::kFrozen);
  }
  std::size_t bytes_per_agent() const;
  // As GET /agents gives them.
  std::size_t count_listed();
  std::optional<bool> shows_healthy(AgentNumber id) { return host_.shows_healthy(id); }
  WorldTime away_until(AgentNumber agent) const { return agents_[agent].away_until; }

 private:
  struct Request {
    AgentNumber agent = 0;
    std::uint32_t epoch = 0;
    WorldTime sent = 0;
    SeenBeat beat{};
    std::uint8_t copies = 0;  // not yet arrived
    bool over = false;        // answered, or given up
    bool in_use = false;
  };
  struct OddClock {
    std::int64_t offset_ms = 0;
    std::int64_t drift_ppm = 0;
    WorldTime drift_since = 0;
    bool frozen = false;
    double frozen_uptime = 0;
  };

  // agents.cpp: how agents behave
  void join_all();
  void start_process(AgentNumber agent);
  void stop_process(AgentNumber agent);
  void on_beat(AgentNumber agent, std::uint32_t epoch);
  void beat_collector(AgentNumber number, VirtualAgent& agent);
  void beat_station(AgentNumber number, VirtualAgent& agent);
  void end_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended);
  void fail_beat(AgentNumber number, VirtualAgent& agent, WorldTime ended);
  void next_beat_at(AgentNumber number, VirtualAgent& agent, WorldTime at);
  SeenBeat beat_of(AgentNumber number, const VirtualAgent& agent);
  std::uint64_t draw(AgentNumber number, VirtualAgent& agent) {
    return draw_at_agent(number, agent.draws++);
  }
  std::uint64_t draw_at_agent(AgentNumber number, std::uint32_t n) const;
  bool chance(AgentNumber number, VirtualAgent& agent, PartsPerMillion share);
  double uptime_of(AgentNumber number, const VirtualAgent& agent) const;

  // requests.cpp: requests that do not just arrive
  std::uint32_t send(AgentNumber number, const VirtualAgent& agent, std::uint8_t copies);
  void release(std::uint32_t request);
  void on_arrive(std::uint32_t request);
  void on_give_up(std::uint32_t request);
  void handle(std::uint32_t request);
  void collector_goes_on();

  // steps.cpp: the plan carried out
  void carry_out(const Step& step);
  void act(const Step& step, const Entry& entry, AgentNumber agent);
  void change_clock(AgentNumber agent, const AgentClock& change, bool begins);
  void collector_fault(const Step& step, const CollectorFault& fault);
  enum Later : std::uint32_t { kGoOn, kGoDown, kComeUp, kStarve, kStopListening, kLookAgain };
  // `life`: of the collector that it was meant for.
  void on_collector(std::uint32_t what, std::uint32_t life);
  void later(WorldTime at, Later what);
  void leave_when_quiet();
  void heal();

  void look_ahead();
  void dispatch(const Event& event);
  void note(std::uint64_t what);
  [[gnu::noinline, gnu::cold]] void tell_noted(std::uint64_t what);

  const Scenario& scenario_;
  const Plan& plan_;
  Witness& witness_;

  Wheel wheel_;
  Identities identities_;
  Links links_;
  VirtualStation station_;
  CollectorHost host_;
  std::vector<VirtualAgent> agents_;
  std::unordered_map<AgentNumber, OddClock> clocks_;  // lookup only
  std::vector<Request> requests_;
  std::vector<std::uint32_t> free_requests_;
  std::deque<std::uint32_t> waiting_;  // in the kernel, while the collector is stopped
  std::size_t next_step_ = 0;
  WorldTime down_for_ = 0;   // of the restart under way
  WorldTime leaves_by_ = 0;  // … at the latest
  PartsPerMillion starve_ = 0;
  WorldTime stopped_at_ = 0;
  std::vector<std::uint64_t> collector_bites_;
  bool healed_ = false;
  WorldTime looked_until_ = 0;
  std::vector<protocol::AgentId> next_ids_;  // of one look ahead

  std::uint64_t digest_ = 0;
  bool is_noted_ = false;
  WorldFigures figures_;
  FigureBook book_;
  std::uint64_t probed_ = 0;
  std::function<void(const Noted&)> noted_;
};

}  // namespace pap::sim
