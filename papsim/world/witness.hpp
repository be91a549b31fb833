// SPDX-License-Identifier: MIT
#pragma once

// What can be seen of a run, as the oracle is told of it. The world calls these in the order in
// which things happen; nothing of the collector's inside is handed over but what it says to the
// outside: answers, posts, log notices and metrics.
//
// Times: virtual milliseconds; the collector's monotonic time is the same, in nanoseconds.
// Ownership: views live for the call. Threads: one.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "pap/protocol/alert.hpp"
#include "pap/protocol/mode.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::core {
class Collector;
}

namespace pap::sim {

struct SeenBeat {
  AgentNumber agent;
  protocol::Mode mode;
  double uptime_seconds;
};

struct SeenAnswer {
  bool is_new;
  bool restart_detected;
  protocol::Mode mode;  // whose interval the agent is to keep
};

enum class DropCause : std::uint8_t { kFull, kExpired };

class Witness {
 public:
  virtual ~Witness() = default;

  // The collector began (anew): it knows nobody.
  virtual void started(WorldTime now) = 0;
  // … ended, in order or killed.
  virtual void stopped(WorldTime now, const core::Collector& collector) = 0;
  // A hint: these agents beat next.
  virtual void prefetch(std::span<const AgentNumber>) const {}
  // It was called, by whatever: a beat, a tick, an answer.
  virtual void called(WorldTime now) = 0;
  virtual void accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) = 0;
  virtual void refused(WorldTime now, const SeenBeat& beat) = 0;
  virtual void removed(WorldTime now, AgentNumber agent) = 0;
  // By the collector itself, as its log says: after its retention, or to make room for another.
  virtual void forgotten(WorldTime, AgentNumber, bool /* to make room */) {}
  virtual void draining(WorldTime now) = 0;
  // It lets nobody in, since then; at its call of each second. And it lets in again.
  virtual void hears_nobody(WorldTime, WorldTime /* since */) {}
  virtual void hears_all(WorldTime, WorldTime /* since */) {}
  // It stood still, and hears now what waited in its sockets.
  virtual void goes_on(WorldTime) {}
  // All that waited in its sockets has been handled.
  virtual void caught_up(WorldTime now) = 0;
  virtual void decided_dead(WorldTime now, AgentNumber agent) = 0;
  virtual void posted(WorldTime now, std::string_view key, std::string_view body) = 0;
  // None: no whole answer.
  virtual void answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                        std::optional<WorldTime> retry_after) = 0;
  // By its log: an alert was dropped, or told afresh after it had been; the Station counts as away.
  virtual void dropped(WorldTime, AgentNumber, protocol::AlertType, DropCause) {}
  virtual void retold(WorldTime, AgentNumber, protocol::AlertType) {}
  virtual void station_away(WorldTime, bool /* or back */) {}
  // All faults of the plan are over.
  virtual void healed(WorldTime) {}
  // Who observes this agent was sent `message`.
  virtual void streamed(WorldTime, AgentNumber, std::string_view /* message */) {}
};

}  // namespace pap::sim
