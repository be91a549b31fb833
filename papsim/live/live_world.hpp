// SPDX-License-Identifier: MIT
#pragma once

// A run over sockets: the same fleet, plan and faults as in virtual time, around a collector that
// is a process of its own.
//
// The schedule is the wheel's, carried out when the machine's clock has come to it; a late answer
// puts off no other agent. Links misbehave in our own sockets: what is lost is never sent and given
// up after 5 s, what is cut on its way back is heard by us and not by its agent. The Station is a
// stand-in on a thread of its own, which asks the same VirtualStation what to do, through the loop
// of the run. The collector is stopped, killed and started again by signals.
//
// Times: milliseconds since the run began; steady_clock.
// Memory: an agent as in virtual time, a connection as in RequestClient.
// Ownership: scenario, plan and options outlive it. Threads: one, but for the Station's.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "papsim/live/heartbeat_exchange.hpp"
#include "papsim/live/histogram.hpp"
#include "papsim/live/live_oracle.hpp"
#include "papsim/live/local_process.hpp"
#include "papsim/live/request_client.hpp"
#include "papsim/live/slow_observer.hpp"
#include "papsim/live/spawned_collector.hpp"
#include "papsim/live/station_desk.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/stand_in/station.hpp"
#include "papsim/world/figure_book.hpp"
#include "papsim/world/fleet.hpp"
#include "papsim/world/links.hpp"
#include "papsim/world/virtual_station.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

class LiveWorld;

struct LiveOptions {
  // One of the two: where it is, or what starts it.
  std::string against;
  std::string spawn;
  Connections connections = Connections::kFresh;
  // Of the stand-in Station, which a collector that runs already must know as its own:
  // http://127.0.0.1:PORT/alerts, with kStationKey. 0: a free one.
  std::uint16_t station_port = 0;
  std::string collector_key;  // COLLECTOR_API_KEY, for GET /agents
  // With the process of each collector that is started, before it is asked anything.
  std::function<void(pid_t)> started = [](pid_t) {};
  // Not asked at the end who is there, nor told who leaves: of one that keeps nobody.
  bool keeps_nobody = false;
  std::function<void(const LiveWorld&)> each_second = [](const LiveWorld&) {};
  // What happens, as it does: "fleet", "Station" or "collector", and in words.
  std::function<void(std::string_view who, const std::string& what)> tell =
      [](std::string_view, const std::string&) {};
};
inline constexpr const char* kStationKey = "papsim-station-key";

// What became of the heartbeats, and how long they took.
struct LiveFigures {
  std::uint64_t planned = 0;   // fell due
  std::uint64_t sent = 0;      // … and went into a socket, or were to be lost
  std::uint64_t accepted = 0;  // 200, and correct
  std::uint64_t refused = 0;   // another status, or a wrong answer
  std::array<std::uint64_t, RequestClient::kEnds> ends{};
  std::array<std::uint64_t, 600> by_status{};
  Histogram answer;    // µs from the planned moment to the whole answer
  Histogram exchange;  // µs from the sending to the whole answer
  Histogram lag;       // µs from the planned moment to the sending: our own
};

class LiveWorld final : private Fleet::Carrier {
 public:
  // Throws std::runtime_error when the collector does not start or is not there.
  LiveWorld(const Scenario& scenario, const Plan& plan, const LiveOptions& options);
  ~LiveWorld() override;
  LiveWorld(const LiveWorld&) = delete;
  LiveWorld& operator=(const LiveWorld&) = delete;

  // To the end of `settle`, or until `stop` (asked now and then) says so; then the last questions,
  // and the end of a collector that was spawned.
  void run(const std::function<bool()>& stop);

  const LiveOracle& oracle() const { return oracle_; }
  const LiveFigures& figures() const { return figures_; }
  const FigureBook& book() const { return book_; }
  const Identities& identities() const { return identities_; }
  WorldTime now() const { return wheel_.now(); }
  // Of the collector's process, where it is on this machine and ours to see.
  std::optional<ProcessUse> collector_use() const;
  std::uint64_t restarts() const { return restarts_; }
  std::uint64_t bites(std::uint32_t entry) const;
  // Of the whole run; a figure that nobody served, or that restarts have broken off, is none.
  std::optional<std::int64_t> figure(Metric metric, Statistic statistic,
                                     std::optional<std::size_t> during) const;

 private:
  enum class What : std::uint8_t { kHeartbeat, kRemoval, kScrape };
  struct Request {
    What what = What::kHeartbeat;
    AgentNumber agent = 0;
    std::uint32_t epoch = 0;
    SeenBeat beat{};
    Nanos planned{0};
    std::uint8_t copies = 0;  // not yet ended
    bool over = false;        // its agent knows how it ended
    bool deaf = false;        // … by giving up, whatever comes back
    bool leaving = false;     // DELETE follows
    bool delayed = false;     // by its link, so that its times say nothing of anybody
    bool in_use = false;
  };
  static constexpr WorldTime kScrapeEvery = 1'000;
  enum Later : std::uint32_t { kLookForEnd, kComeUp, kStarve, kGoOn, kScrape, kRead };

  // Fleet::Carrier
  void beat_collector(AgentNumber number, VirtualAgent& agent) override;
  void leave(AgentNumber number, VirtualAgent& agent) override;

  void start_beat(AgentNumber number, VirtualAgent& agent, bool leaving);
  std::uint32_t new_request(What what);
  void release(std::uint32_t index);
  void send(std::uint32_t index);
  void on_result(const RequestClient::Result& result);
  void on_heartbeat(std::uint32_t index, const RequestClient::Result& result);
  void on_give_up(std::uint32_t index);
  void end_for_agent(std::uint32_t index, bool taken);
  void send_remove(AgentNumber number);

  void go_to(WorldTime now);
  void dispatch(const Event& event);
  void carry_out(const Step& step);
  std::string words_of(const Step& step) const;
  void collector_fault(const Step& step, const CollectorFault& fault);
  void on_collector(std::uint32_t what);
  void later(WorldTime at, Later what) { wheel_.add(at, {what, 0, EventKind::kCollector}); }
  void stop_collector();
  void let_collector_go_on();
  void heal();
  void finish();

  StationAct on_post(const ReceivedAlert& alert);
  void wait(Nanos at_most);
  void wait_for_exit();
  void remove_all();
  void observe();
  LiveOracle::Truth truth_of(AgentNumber id) const;
  Figures read_figures() const;
  WorldTime real_now() const { return run_time(steady_now()); }
  LiveOracle::Beat beat_seen(const Request& request, const RequestClient::Result& result) const;
  WorldTime run_time(Nanos moment) const {
    return std::chrono::floor<Millis>(moment - zero_).count();
  }

  const Scenario& scenario_;
  const Plan& plan_;
  const LiveOptions& options_;

  Wheel wheel_;
  Identities identities_;
  Links links_;
  VirtualStation station_;
  StationDesk desk_;
  Station server_;
  std::unique_ptr<SpawnedCollector> collector_;
  Nanos zero_{0};
  LiveOracle oracle_;
  Fleet fleet_;
  std::unique_ptr<RequestClient> client_;
  std::unique_ptr<RequestWriter> writer_;
  std::vector<std::unique_ptr<SlowObserver>> observers_;
  std::vector<Request> requests_;
  std::vector<std::uint32_t> free_requests_;
  std::vector<WorldTime> lived_since_;  // by id
  std::optional<pid_t> listener_;       // of a collector that we did not start
  std::size_t next_step_ = 0;
  bool healed_ = false;
  int stopped_ = 0;  // SIGSTOPs that are not taken back
  WorldTime down_for_ = 0;
  PartsPerMillion starve_ = 0;
  std::uint64_t restarts_ = 0;
  std::vector<std::uint64_t> collector_bites_;
  std::set<std::string> stored_;
  std::uint64_t posts_ = 0;
  std::uint64_t stores_ = 0;
  std::uint64_t stored_twice_ = 0;
  LiveFigures figures_;
  FigureBook book_;
  Figures served_{};
  std::vector<bool> is_served_;
};

}  // namespace pap::sim
