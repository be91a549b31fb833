// SPDX-License-Identifier: MIT
#include "papsim/swarm/swarm.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "papsim/run/run_seed.hpp"
#include "papsim/scenario/random_stream.hpp"
#include "papsim/swarm/draw.hpp"

namespace pap::sim {

namespace {

// Between two batches the kept ones are chosen, so that `jobs` has no say in it.
constexpr std::size_t kMostKept = 1'000;
constexpr std::uint64_t kVariedIn = 2;  // once there are kept ones

struct Run {
  std::uint64_t seed = 0;
  bool varied = false;
  Scenario scenario;
  SeedResult result;
};

// Two marks hit in one run, or one alone (twice the same).
using Pair = std::pair<std::size_t, std::size_t>;

bool reaches_new(const SeedResult& result, std::set<Pair>& reached) {
  bool is_new = false;
  for (std::size_t a = 0; a < kMarks.size(); ++a) {
    if (result.marks[a] == 0) continue;
    for (std::size_t b = a; b < kMarks.size(); ++b) {
      if (result.marks[b] > 0 && reached.insert({a, b}).second) is_new = true;
    }
  }
  return is_new;
}

void run_all(std::vector<Run>& runs, unsigned jobs) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    RunProgress progress;
    progress.stories = false;
    for (std::size_t i = next++; i < runs.size(); i = next++) {
      runs[i].result = run_seed(runs[i].scenario, runs[i].seed, progress);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
  work();
}

}  // namespace

SwarmReport swarm(std::uint64_t first_seed, unsigned jobs,
                  const std::function<bool(SwarmReport&)>& told, std::size_t batch) {
  SwarmReport report;
  report.next_seed = first_seed;
  std::vector<Scenario> kept;
  std::set<Pair> reached;
  bool go_on = true;
  while (go_on) {
    std::vector<Run> runs(batch);
    for (Run& run : runs) {
      run.seed = report.next_seed++;
      RandomStream random(run.seed, "kept");
      run.varied = !kept.empty() && random.below(kVariedIn) == 0;
      run.scenario = run.varied ? vary_scenario(kept[random.below(kept.size())], run.seed)
                                : draw_scenario(run.seed);
    }
    run_all(runs, std::max(1U, jobs));
    for (Run& run : runs) {
      ++report.runs;
      report.heartbeats += run.result.heartbeats;
      report.alerts += run.result.alerts;
      report.virtual_ms += run.result.virtual_ms;
      for (std::size_t i = 0; i < kMarks.size(); ++i) report.marks[i] += run.result.marks[i] > 0;
      if (reaches_new(run.result, reached) && kept.size() < kMostKept) {
        kept.push_back(run.scenario);
        ++report.kept;
      }
      if (run.result.verdict != Verdict::kFailed) continue;
      report.failures.push_back(
          {std::move(run.scenario), run.seed, run.varied, std::move(run.result)});
    }
    go_on = told(report);
  }
  return report;
}

}  // namespace pap::sim
