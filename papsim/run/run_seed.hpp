// SPDX-License-Identifier: MIT
#pragma once

// One scenario, one seed: planned, run in virtual time under the oracle's eyes, settled, judged.
//
// Threads: a run touches nothing but its own; runs may go on side by side, with the same results.

#include <atomic>
#include <cstdint>
#include <functional>

#include "papsim/expect/verdict.hpp"
#include "papsim/scenario/model.hpp"

namespace pap::sim {

// What others may read and set while it runs.
struct RunProgress {
  std::atomic<std::uint64_t> heartbeats{0};  // of all runs
  std::atomic<std::int64_t> virtual_ms{0};   // of the one that told last
  std::atomic<bool> stop{false};
  bool stories = true;  // what failed is run again, for the stories of its agents
  // Asked by the thread that runs, now and then: true sets `stop`. For a run of which no other
  // thread knows.
  std::function<bool()> ends;

  bool stopped() {
    if (!stop && ends && ends()) stop = true;
    return stop;
  }
};

// `scenario` is the one of this seed.
SeedResult run_seed(const Scenario& scenario, std::uint64_t seed, RunProgress& progress);
// The same, made again to be recorded if `is_recorded` says so of its verdict.
SeedResult record_seed(const Scenario& scenario, std::uint64_t seed, RunProgress& progress,
                       const std::function<bool(Verdict)>& is_recorded);

// `settle`, lengthened to the longest liveness bound in play: what may still be away comes back,
// what is silent is decided, what waits is told.
Millis settle_time(const Scenario& scenario);

}  // namespace pap::sim
