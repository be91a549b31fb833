// SPDX-License-Identifier: MIT
#include "papsim/run/replay_all.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace pap::sim {

namespace {

constexpr auto kTellEvery = std::chrono::milliseconds{200};

struct Task {
  const ScenarioFile* file;
  std::uint64_t seed;
  std::optional<SeedResult> result;
};

SeedResult run_task(const Task& task, const SeedRunner& runner, RunProgress& progress) {
  std::vector<Problem> problems;
  const auto scenario = task.file->scenario(task.seed, problems);
  if (scenario) return runner(*scenario, task.seed, progress);
  SeedResult result;
  result.seed = task.seed;
  result.verdict = Verdict::kVoid;
  for (const Problem& problem : problems) {
    Check check;
    check.verdict = Verdict::kVoid;
    check.rule = "vary";
    check.what = problem.message;
    check.place = problem.place;
    result.checks.push_back(std::move(check));
  }
  return result;
}

}  // namespace

std::vector<ScenarioResult> replay_all(const std::vector<ScenarioFile>& files,
                                       std::optional<SeedRange> seeds, unsigned jobs,
                                       const std::function<bool(const ReplayProgress&)>& told,
                                       const SeedRunner& runner) {
  std::vector<Task> tasks;
  for (const ScenarioFile& file : files) {
    const SeedRange range = seeds.value_or(file.as_written().ci);
    for (std::uint64_t seed = range.first; seed <= range.last; ++seed) {
      tasks.push_back({&file, seed, std::nullopt});
    }
  }

  RunProgress progress;
  std::mutex mutex;
  std::condition_variable finished;
  std::size_t next = 0;
  std::size_t done = 0;
  unsigned working = 0;
  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (next < tasks.size() && !progress.stop) {
      Task& task = tasks[next++];
      lock.unlock();
      SeedResult result = run_task(task, runner, progress);
      lock.lock();
      task.result = std::move(result);
      ++done;
      finished.notify_one();
    }
    --working;
    finished.notify_one();
  };

  std::vector<std::jthread> threads;
  {
    std::unique_lock lock(mutex);
    working = std::max(1U, jobs);
    for (unsigned i = 0; i < working; ++i) threads.emplace_back(work);
    while (working > 0) {
      finished.wait_for(lock, kTellEvery);
      const ReplayProgress now{done, tasks.size() - done, progress.heartbeats, progress.virtual_ms};
      if (told && !told(now)) progress.stop = true;
    }
  }
  threads.clear();

  std::vector<ScenarioResult> results;
  for (Task& task : tasks) {
    if (!task.result) continue;
    if (results.empty() || results.back().file != task.file->name()) {
      const Scenario& scenario = task.file->as_written();
      results.push_back({task.file->name(), scenario.name, scenario.about, {}});
    }
    results.back().seeds.push_back(std::move(*task.result));
  }
  return results;
}

}  // namespace pap::sim
