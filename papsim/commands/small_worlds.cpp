// SPDX-License-Identifier: MIT
#include "papsim/swarm/small_worlds.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"

namespace pap::sim {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  unsigned length = 4;
  unsigned jobs = 0;
};

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int) { interrupted = 1; }

int run(const Options& options) {
  std::signal(SIGINT, on_interrupt);
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const unsigned jobs =
      options.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.jobs;
  const std::uint64_t all = small_worlds(options.length);
  const auto began = Clock::now();
  const SmallWorldsReport report =
      run_small_worlds(options.length, jobs, [&](const SmallWorldsReport& so_far) {
        if (terminal) {
          std::fprintf(stderr, "\r\033[K%llu of %llu",
                       static_cast<unsigned long long>(so_far.worlds),
                       static_cast<unsigned long long>(all));
        }
        return interrupted == 0;
      });
  const std::chrono::duration<double> seconds = Clock::now() - began;
  if (terminal) std::fputs("\r\033[K", stderr);
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
  auto options = std::make_shared<Options>();
  app.add_option("--length", options->length, "steps at the most (default: 4)")
      ->check(CLI::Range(1U, kLongestSmallWorld));
  app.add_option("--jobs", options->jobs, "worlds side by side (default: one a core)");
  return [options] { return run(*options); };
}

}  // namespace pap::sim
