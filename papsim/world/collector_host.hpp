// SPDX-License-Identifier: MIT
#pragma once

// The collector under test: the real core, under the policy that its real driver keeps. Ticks when
// they are due and at least each second, a slice at a time; after a stall what waits in the
// sockets before any timer, then caught_up(); deliveries after every call that may have brought
// one. Slices take no virtual time.
//
// What happens to it: pauses and suspensions (it does nothing, requests wait in the kernel),
// starvation (the same, for a share of each second), restarts (in order, or killed), and steps and
// drift of its wall clock.
// Ownership: the world's parts that it refers to outlive it. Threads: one.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pap/core/collector.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/world/host_clock.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/links.hpp"
#include "papsim/world/virtual_station.hpp"
#include "papsim/world/wheel.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

// Longer than this it is called without a pause of its own (design: listening time), in ms.
inline constexpr WorldTime kLongestCall = 2'000;
// Starved, it gets its share of each of these, in ms.
inline constexpr WorldTime kStarvePeriod = 1'000;

class CollectorHost {
 public:
  // kLeaving: it takes no connections any more, and tells what waits (shutdown_grace_ms).
  enum class State : std::uint8_t { kRunning, kStopped, kLeaving, kDown };

  CollectorHost(const Scenario& scenario, std::uint64_t seed, const Identities& identities,
                Wheel& wheel, Links& links, VirtualStation& station, Witness& witness);

  State state() const { return state_; }
  // The collector's monotonic time, in which the witness is told of everything.
  WorldTime mono() const { return monotonic_.read(wheel_.now()); }
  void start();

  // --- requests; only while running ---

  core::HeartbeatOutcome heartbeat(const SeenBeat& beat);
  // Answered 400 before the core sees it.
  void tell_healed() { witness_.healed(mono()); }
  void refuse(const SeenBeat& beat) { witness_.refused(mono(), beat); }
  bool remove(AgentNumber agent);

  // --- faults ---

  // Does nothing until resume(); calls add up.
  void stop();
  // True when it runs again: the caller hands over what waited, then calls drained().
  bool resume();
  void drained();
  // As drained(), where what waited for a connection waits on.
  void answers_drained();
  // Nobody is let in since then, by its own clock; to be said once a second.
  void hears_nobody(WorldTime since);
  // … and all are again: the caller hands over who waited, then calls drained().
  void hears_all(WorldTime since);
  // Before what waited, where a canary puts timers first.
  void before_sockets(WorldTime stopped_at);
  void drain();
  void stop_listening();
  // Nothing waits and nothing is in flight: it may end before its grace is over.
  bool quiet() const;
  void take_down();
  void bring_up();
  HostClock& wall() { return wall_; }
  HostClock& monotonic() { return monotonic_; }
  // Its own link to the Station.
  Links::Number link() const { return link_; }
  void set_link(Links::Number link) { link_ = link; }

  // --- events ---

  void on_tick(std::uint32_t generation);
  void on_station_answer(std::uint32_t post);

  const core::Collector& core() const { return *core_; }
  std::size_t count_listed();
  // Whether GET /agents/:id shows it as healthy; none when it answers 404.
  std::optional<bool> shows_healthy(AgentNumber agent);
  bool lies(Sabotage lie) const { return scenario_.sabotage == lie; }
  // After each tick.
  void on_ticked(std::function<void()> handler) { ticked_ = std::move(handler); }
  // With the collector that is about to end.
  void on_ending(std::function<void(const core::Collector&)> handler) {
    ending_ = std::move(handler);
  }
  std::uint64_t stored() const { return stored_; }
  std::uint64_t stored_twice() const { return stored_twice_; }
  std::uint64_t calls() const { return calls_; }
  std::uint64_t posts() const { return posts_; }
  std::uint64_t restarts() const { return restarts_; }

 private:
  struct Post {
    std::uint64_t sequence = 0;
    std::uint64_t life = 0;  // of the collector that posted it
    std::string key;
    core::StationAnswer answer;
    std::string body;  // only for a canary
  };

  core::Instant now() const;
  core::Instant call();
  void pump();
  void tell_notices();
  void observe_some();
  void tell_streams();
  // For the next tick, `soonest` ms from now at the least.
  void arm(WorldTime soonest = 0);
  void tick();
  void post(core::Delivery delivery);
  // The canaries' lies (scenario/names.hpp, Sabotage).
  bool lie_about(const SeenBeat& beat, core::HeartbeatOutcome& outcome);
  bool lie_about(core::Delivery& delivery);
  bool loses_by_name(const SeenBeat& beat);
  bool loses_held(std::string_view agent, std::string_view type);
  bool sleeps_through();
  void lie_afterwards(const Post& post);
  StationReply carry(AgentNumber agent, std::string_view agent_id);
  void hand_over(std::uint32_t post);

  const Scenario& scenario_;
  const std::uint64_t seed_;
  const Identities& identities_;
  Wheel& wheel_;
  Links& links_;
  VirtualStation& station_;
  Witness& witness_;

  std::unique_ptr<core::Collector> core_;
  State state_ = State::kDown;
  bool leaving_ = false;
  std::uint32_t stops_ = 0;
  std::uint32_t tick_generation_ = 0;
  std::uint64_t restarts_ = 0;
  std::map<core::ObserverId, AgentNumber> observed_;
  HostClock wall_;
  HostClock monotonic_;
  Links::Number link_ = Links::kClean;
  std::uint64_t link_draws_ = 0;
  std::vector<Post> posts_in_flight_;
  std::vector<std::uint32_t> free_posts_;
  std::deque<std::uint32_t> waiting_answers_;
  std::uint64_t calls_ = 0;
  std::uint64_t posts_ = 0;
  std::uint64_t stored_ = 0;
  std::uint64_t stored_twice_ = 0;
  std::set<std::string, std::less<>> stored_keys_;
  std::uint32_t lied_ = 0;                              // times, for lies that are told once
  WorldTime honest_from_ = 0;                           // until then the detector sleeps
  std::map<AgentNumber, std::uint32_t> beats_by_name_;  // of those that get lost
  std::set<std::string, std::less<>> told_before_;      // types and agents
  std::optional<Post> overstaying_;
  WorldTime overstays_at_ = 0;
  std::function<void()> ticked_;
  std::function<void(const core::Collector&)> ending_;
};

// Settings of the core that a scenario asks for, over the contract's defaults.
core::CollectorSettings settings_of(const Scenario& scenario);

}  // namespace pap::sim
