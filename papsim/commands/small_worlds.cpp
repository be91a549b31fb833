// SPDX-License-Identifier: MIT
#include "papsim/swarm/small_worlds.hpp"

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"

namespace pap::sim {
namespace {

using Clock = std::chrono::steady_clock;

struct SmallWorldsOptions {
  unsigned length = 4;
  unsigned jobs = 0;
};

int explore(const SmallWorldsOptions& options) {
  stop_on_interrupt();
  const std::uint64_t all = small_worlds(options.length);
  const auto began = Clock::now();
  const ProgressLine line;
  const SmallWorldsReport report =
      run_small_worlds(options.length, jobs_of(options.jobs), [&](const SmallWorldsReport& so_far) {
        line.show(std::to_string(so_far.worlds) + " of " + std::to_string(all));
        return !interrupted();
      });
  const std::chrono::duration<double> seconds = Clock::now() - began;
  line.clear();
  std::fprintf(stderr, "%.0f s\n", seconds.count());
  std::printf(
      "%llu of %llu worlds of up to %u steps, %llu deaths, %llu alerts; %llu break a rule\n",
      static_cast<unsigned long long>(report.worlds), static_cast<unsigned long long>(all),
      options.length, static_cast<unsigned long long>(report.deaths),
      static_cast<unsigned long long>(report.alerts),
      static_cast<unsigned long long>(report.broken));
  if (report.broken > 0) {
    std::printf("fail    %s\n", report.first.c_str());
    return kFail;
  }
  return report.whole ? kPass : kStopped;
}

}  // namespace

Run prepare_small_worlds(CLI::App& app) {
  auto options = std::make_shared<SmallWorldsOptions>();
  app.add_option("--length", options->length, "steps at the most (default: 4)")
      ->check(CLI::Range(1U, kLongestSmallWorld));
  as_jobs(app.add_option("--jobs", options->jobs, "worlds side by side (default: one a core)"));
  return [options] { return explore(*options); };
}

}  // namespace pap::sim
