// SPDX-License-Identifier: MIT
#pragma once

// Many scenarios and seeds, side by side on as many threads as asked for. Each run is one thread's
// alone, and results stand in the order of scenarios and seeds: the same whatever `jobs` is.
//
// Threads: called on one; starts its own and joins them.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "papsim/report/report.hpp"
#include "papsim/run/run_seed.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

struct ReplayProgress {
  std::size_t seeds_done = 0;
  std::size_t seeds_left = 0;
  std::uint64_t heartbeats = 0;
  std::int64_t virtual_ms = 0;
};

// What runs one scenario with one seed: run_seed(), or a run over sockets.
using SeedRunner = std::function<SeedResult(const Scenario&, std::uint64_t, RunProgress&)>;

// Which seeds each scenario is run with: its own for CI, unless it is said otherwise.
struct SeedChoice {
  SeedChoice() = default;
  // NOLINTBEGIN(google-explicit-constructor): a range, or none, is a choice
  SeedChoice(std::optional<SeedRange> range) : given(range) {}
  SeedChoice(SeedRange range) : given(range) {}
  SeedChoice(std::nullopt_t) {}
  // NOLINTEND(google-explicit-constructor)

  std::optional<SeedRange> given;  // for all scenarios
  bool nightly = false;            // its own for the night
};

// `told`: called now and then on the calling thread; false stops all, with the results so far, of
// scenarios that were not begun without any. What a run throws stops all, too, and is thrown on.
std::vector<ScenarioResult> replay_all(const std::vector<ScenarioFile>& files,
                                       const SeedChoice& seeds, unsigned jobs,
                                       const std::function<bool(const ReplayProgress&)>& told,
                                       const SeedRunner& runner = run_seed);
// In virtual time, and for a report: of each scenario the first runs that did not pass are
// recorded, those that failed before those that tested nothing, or else its first one (bounds:
// run/recording.hpp).
std::vector<ScenarioResult> replay_recorded(const std::vector<ScenarioFile>& files,
                                            const SeedChoice& seeds, unsigned jobs,
                                            const std::function<bool(const ReplayProgress&)>& told);

}  // namespace pap::sim
