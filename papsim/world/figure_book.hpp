// SPDX-License-Identifier: MIT
#pragma once

// The figures of a run that thresholds are about: sampled at every tick, and noted where timeline
// entries begin and end.
//
// Counters go on growing over restarts of the collector. Threads: one.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "papsim/scenario/names.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::core {
class Collector;
}

namespace pap::sim {

using Figures = std::array<std::int64_t, kMetrics.size()>;

constexpr std::int64_t& figure(Figures& figures, Metric metric) {
  return figures[static_cast<std::size_t>(metric)];
}
constexpr std::int64_t figure(const Figures& figures, Metric metric) {
  return figures[static_cast<std::size_t>(metric)];
}

class FigureBook {
 public:
  // One stretch of a run: the whole of it, or a timeline entry.
  struct Stretch {
    Figures first{};
    Figures last{};
    Figures least{};
    Figures most{};
    bool open = false;
    bool sampled = false;
  };

  // What the collector says of itself now, over what earlier ones said when they ended.
  Figures read(const core::Collector& collector) const;
  // While there is none: what earlier ones counted, and gauges of nothing.
  const Figures& read_none() const { return before_; }
  void collector_ended(const core::Collector& collector);

  void sample(const Figures& figures);
  void begin(std::uint32_t entry, const Figures& figures);
  void end(std::uint32_t entry, const Figures& figures);

  // A figure of the run, or of an entry: a counter's growth, a gauge at the end, its least or most.
  // `now`: what it is at the end. None where nothing was sampled.
  std::optional<std::int64_t> value(Metric metric, Statistic statistic,
                                    std::optional<std::size_t> during, const Figures& now) const;
  const Stretch& whole() const { return whole_; }
  const Stretch* of(std::uint32_t entry) const;

 private:
  static void take(Stretch& stretch, const Figures& figures);

  Figures before_{};  // counters of collectors that have ended
  Stretch whole_;
  std::map<std::uint32_t, Stretch> entries_;
};

}  // namespace pap::sim
