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
#include <vector>

#include "papsim/scenario/model.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/collector_host.hpp"
#include "papsim/world/figure_book.hpp"
#include "papsim/world/fleet.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/links.hpp"
#include "papsim/world/virtual_station.hpp"
#include "papsim/world/wheel.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

struct WorldFigures {
  std::uint64_t events = 0;
  std::uint64_t beats_sent = 0;  // to the collector
  std::uint64_t beats_accepted = 0;
  std::uint64_t beats_refused = 0;  // answered, but not with 200
};

class World final : private Fleet::Carrier {
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
  std::uint64_t bites(std::uint32_t entry) const;
  const Fleet& fleet() const { return fleet_; }
  std::size_t bytes_per_agent() const;
  // As GET /agents gives them.
  std::size_t count_listed();
  std::optional<bool> shows_healthy(AgentNumber id) { return host_.shows_healthy(id); }

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
  // requests.cpp: beats on their way to the collector
  void beat_collector(AgentNumber number, VirtualAgent& agent) override;
  void leave(AgentNumber number, VirtualAgent& agent) override;
  std::uint32_t send(AgentNumber number, const VirtualAgent& agent, std::uint8_t copies);
  void release(std::uint32_t request);
  void on_arrive(std::uint32_t request);
  void on_give_up(std::uint32_t request);
  void handle(std::uint32_t request);
  void collector_goes_on();

  // steps.cpp: the plan carried out
  void carry_out(const Step& step);
  void collector_fault(const Step& step, const CollectorFault& fault);
  enum Later : std::uint32_t {
    kGoOn,
    kGoDown,
    kComeUp,
    kStarve,
    kStopListening,
    kLookAgain,
    kLookForRoom
  };
  // `life`: of the collector that it was meant for.
  void on_collector(std::uint32_t what, std::uint32_t life);
  void later(WorldTime at, Later what);
  void leave_when_quiet();
  void go_deaf();
  void hear_again();
  void let_in();
  bool hears() const { return deaf_ == 0 && host_.state() == CollectorHost::State::kRunning; }
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
  Fleet fleet_;
  std::vector<Request> requests_;
  std::vector<std::uint32_t> free_requests_;
  std::deque<std::uint32_t> waiting_;  // in the kernel, while the collector is stopped or deaf
  std::size_t next_step_ = 0;
  WorldTime down_for_ = 0;   // of the restart under way
  WorldTime leaves_by_ = 0;  // … at the latest
  PartsPerMillion starve_ = 0;
  WorldTime stopped_at_ = 0;
  std::uint32_t deaf_ = 0;    // faults that leave it no room
  WorldTime deaf_since_ = 0;  // by its own clock
  bool knows_deaf_ = false;   // it has looked meanwhile
  std::vector<std::uint64_t> collector_bites_;
  bool healed_ = false;
  WorldTime looked_until_ = 0;
  WorldTime fetched_until_ = 0;
  std::vector<protocol::AgentId> next_ids_;  // of one look ahead

  std::uint64_t digest_ = 0;
  bool is_noted_ = false;
  WorldFigures figures_;
  FigureBook book_;
  std::uint64_t probed_ = 0;
  std::function<void(const Noted&)> noted_;
};

}  // namespace pap::sim
