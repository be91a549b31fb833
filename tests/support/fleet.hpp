// SPDX-License-Identifier: MIT
#pragma once

// A small live fleet: agents that send heartbeats over real sockets, each on a fresh connection
// that stays open for 4 s after the answer (Node's fetch), with a time-out of 5 s; and that die,
// freeze, skip beats, change their mode and restart as they are told.
//
// Every beat is kept with the times between which the collector can have heard it, so that a test
// judges the collector by what the agents did, not by what they meant to do on a busy machine.
//
// Ownership: runs a thread of its own until it is destroyed.
// Errors: the constructor throws std::system_error; what our own machine lacks (ports,
// descriptors) is counted, and no fault of the collector's.
// Threads: every call from any thread.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/heartbeat_post.hpp"

namespace pap::test {

enum class Manner : std::uint8_t {
  // The next beat an interval after the last one ended; after a beat that failed, more than 60 s
  // straight at the Station, before the collector is tried again.
  kReal,
  // The next beat an interval after the last one was planned, whatever came of it.
  kSteady,
};

struct AgentWish {
  std::string mode = "EMERGENCY";
  Manner manner = Manner::kSteady;
  std::chrono::milliseconds jitter{0};  // on top of each planned moment, 0 to this
  std::chrono::seconds age{3600};       // of its process when it joins
  double loss = 0;                      // share of beats that never leave; never two running
  std::string name{};                   // none when empty
  std::string id{};                     // a UUID when empty
};

struct Beat {
  using Time = std::chrono::steady_clock::time_point;
  enum class End : std::uint8_t {
    kPending,
    kAnswered,   // 200, and the body as the contract has it
    kBadAnswer,  // anything else that is HTTP
    kRefused,    // nobody listened
    kCut,        // reset, or closed before the answer was whole
    kTimedOut,
    kAbandoned,  // the agent died meanwhile
    kLost,       // never left
    kNoSocket,   // our own machine's fault
  };
  static constexpr std::size_t kEnds = 9;

  Time planned;
  Time sent;
  Time ended;
  End end = End::kPending;
  int status = 0;
  std::string answer;  // of kBadAnswer
  bool is_new = false;
  bool restart_detected = false;
};

struct AgentLife {
  std::string id;
  std::string mode;
  bool alive = true;
  Beat::Time died;  // when not alive
  std::vector<Beat> beats;

  // The last beat that was answered; null when there is none.
  const Beat* last_answered() const;
};
using Lives = std::vector<AgentLife>;

struct FleetCounts {
  std::array<std::size_t, Beat::kEnds> ends{};
  // Connections that the server closed within 4 s of an answer that had not said so.
  std::size_t idle_cut = 0;
  std::chrono::microseconds slowest{0};  // answer, from the moment of sending
  std::chrono::microseconds lag{0};      // our own: the latest sending, from the planned moment

  std::size_t of(Beat::End end) const { return ends[static_cast<std::size_t>(end)]; }
  // Beats of living agents that the collector failed.
  std::size_t failed() const {
    return of(Beat::End::kBadAnswer) + of(Beat::End::kRefused) + of(Beat::End::kCut) +
           of(Beat::End::kTimedOut);
  }
};

class Fleet {
 public:
  using Agent = std::size_t;
  using Agents = std::vector<Agent>;
  using Duration = std::chrono::milliseconds;

  explicit Fleet(Target target, std::uint64_t seed = 1);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // Their first beats are spread over `over`.
  Agents join(std::size_t count, const AgentWish& wish, Duration over = {});

  // ---- The script: from now on, at once ----

  void die(std::span<const Agent> agents);
  // No beats; then they go on at their old pace.
  void freeze(std::span<const Agent> agents, Duration time);
  void lose_next(std::span<const Agent> agents);
  void set_mode(std::span<const Agent> agents, const std::string& mode);  // beats at once
  // The process ends, and another one with the same id begins after `down`.
  void restart(std::span<const Agent> agents, Duration down = {});
  void aim(const Target& target);  // all agents, and those to come
  void aim(std::span<const Agent> agents, const Target& target);

  // ---- What came of it ----

  Lives lives() const;
  FleetCounts counts() const;
  std::string id(Agent agent) const;
  // Waits until `is_true`, looked at after each beat; false when it takes longer.
  bool wait_for(const std::function<bool(const Lives&)>& is_true, Duration patience) const;
  // For where time passing is the thing.
  void live_until(Beat::Time time) const;
  // Until each of these, from now on, has been answered this often.
  bool wait_for_answers(std::span<const Agent> agents, std::size_t times, Duration patience) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pap::test
