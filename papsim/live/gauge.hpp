// SPDX-License-Identifier: MIT
#pragma once

// Looks at a live run once a second and keeps what it sees: a row a second for a curve, and what
// came about from a moment on, when everyone is there and all is warm.
//
// Memory: 100 bytes a second of the run. Threads: the run's own.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "papsim/live/histogram.hpp"
#include "papsim/live/live_world.hpp"
#include "papsim/live/local_process.hpp"

namespace pap::sim {

class Gauge {
 public:
  // One second of a run.
  struct Second {
    WorldTime at = 0;
    std::uint64_t planned = 0;
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    Percentiles answer_us;
    std::optional<ProcessUse> use;  // of the collector, where it is on this machine
  };

  // From its first second to its last.
  struct Window {
    std::chrono::milliseconds span{0};
    std::uint64_t planned = 0;
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    Histogram answer;
    Histogram lag;
    std::optional<ProcessUse> first;  // of the collector
    std::optional<ProcessUse> last;
    std::chrono::microseconds own_cpu{0};  // of this process, all threads
  };

  explicit Gauge(WorldTime from = 0) : from_(from) {}

  void look(const LiveWorld& world) { look(world.now(), world.figures(), world.collector_use()); }
  void look(WorldTime now, const LiveFigures& figures, std::optional<ProcessUse> use);

  const std::vector<Second>& seconds() const { return seconds_; }
  // Of the whole run so far.
  std::uint64_t failed() const { return failed_; }
  // Empty before the run has come to it.
  Window window() const;

 private:
  struct Mark {
    WorldTime at = 0;
    LiveFigures figures;
    std::optional<ProcessUse> use;
    std::chrono::microseconds own_cpu{0};
  };

  const WorldTime from_;
  std::vector<Second> seconds_;
  std::optional<Mark> begun_;
  Mark last_;
  std::uint64_t failed_ = 0;
};

}  // namespace pap::sim
