// SPDX-License-Identifier: MIT
#pragma once

// What the core has done since it started. Only ever grows; gauges are asked of the collector.
//
// Threads: one.

#include <array>
#include <cstdint>

#include "pap/core/histogram.hpp"
#include "pap/core/instant.hpp"
#include "pap/core/slice_meter.hpp"
#include "pap/protocol/alert.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

template <class T>
using PerMode = std::array<T, protocol::kModeCount>;
template <class T>
using PerAlertType = std::array<T, protocol::kAlertTypeCount>;

struct AlertCounters {
  std::uint64_t decided = 0;
  std::uint64_t held_back = 0;
  std::uint64_t retold = 0;
  std::uint64_t attempts_failed = 0;
  std::uint64_t delivered = 0;
  std::uint64_t refused = 0;
  std::uint64_t logged = 0;
  std::uint64_t dropped_full = 0;
  std::uint64_t dropped_expired = 0;
  std::uint64_t lapsed = 0;
  std::uint64_t withdrawn = 0;
};

struct Counters {
  PerMode<std::uint64_t> heartbeats{};  // accepted, by the mode they came with
  std::uint64_t heartbeats_refused_full = 0;
  std::uint64_t overtaken = 0;
  std::uint64_t agents_new = 0;
  std::uint64_t restarts = 0;    // seen, told or not
  std::uint64_t recoveries = 0;  // heard again after their death was decided
  std::uint64_t removed = 0;     // by DELETE
  std::uint64_t forgotten = 0;   // after AGENT_RETENTION_MS
  std::uint64_t evicted = 0;     // to make room
  PerAlertType<AlertCounters> alerts{};
  std::uint64_t losses = 0;     // gaps that were no listening time
  std::uint64_t catch_ups = 0;  // of those, long enough for agents to leave
  Nanos time_lost{0};
  Histogram detection_lag;  // from when `healthy` became false to the decision
  SliceMeter work_slices;   // agents and alerts worked off by a call
  SliceMeter list_slices;   // agents looked at for a list
};

}  // namespace pap::core
