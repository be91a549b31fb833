// SPDX-License-Identifier: MIT
#include "papsim/run/replay_all.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace pap::sim {

namespace {

constexpr auto kTellEvery = std::chrono::milliseconds{200};

struct Task {
  const ScenarioFile* file;
  std::uint64_t seed;
  bool is_first;  // of its scenario
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

// The runner of one task. It may look at what became of the others, under the lock.
using RunnerOf = std::function<SeedRunner(const std::vector<Task>&, const Task&, std::mutex&)>;

// Are so many of the scenario's earlier runs recorded, none of them better than this one, that its
// own recording would not be kept?
bool has_enough(const std::vector<Task>& tasks, const Task& task, Verdict verdict) {
  return kMostRecorded <=
         static_cast<std::size_t>(std::count_if(tasks.data(), &task, [&](const Task& earlier) {
           return earlier.file == task.file && earlier.result && earlier.result->recording &&
                  earlier.result->verdict >= verdict;
         }));
}

// Which recordings are kept does not depend on who was done first. What is worse goes first, and a
// run that passed is of use where nothing else of its scenario is shown.
void keep_few_recordings(std::vector<ScenarioResult>& results) {
  std::size_t of_all = 0;
  for (const Verdict verdict :
       {Verdict::kFailed, Verdict::kVoid, Verdict::kUntested, Verdict::kPassed}) {
    const std::size_t most = verdict == Verdict::kPassed ? 1 : kMostRecorded;
    for (ScenarioResult& result : results) {
      auto kept = static_cast<std::size_t>(std::count_if(
          result.seeds.begin(), result.seeds.end(),
          [&](const SeedResult& seed) { return seed.recording && seed.verdict > verdict; }));
      for (SeedResult& seed : result.seeds) {
        if (!seed.recording || seed.verdict != verdict) continue;
        if (kept < most && of_all < kMostRecordedOfAll) {
          ++kept;
          ++of_all;
        } else {
          seed.recording.reset();
        }
      }
    }
  }
}

void quote_lines(const ScenarioFile& file, SeedResult& result) {
  for (Check& check : result.checks) check.source = file.line(check.place.line);
}

std::vector<ScenarioResult> replay(const std::vector<ScenarioFile>& files, const SeedChoice& seeds,
                                   unsigned jobs,
                                   const std::function<bool(const ReplayProgress&)>& told,
                                   const RunnerOf& runner_of) {
  std::vector<Task> tasks;
  for (const ScenarioFile& file : files) {
    const SeedRange own = seeds.nightly ? file.as_written().nightly : file.as_written().ci;
    const SeedRange range = seeds.given.value_or(own);
    for (std::uint64_t i = 0; i <= range.last - range.first; ++i) {
      tasks.push_back({&file, range.first + i, i == 0, std::nullopt});
    }
  }

  RunProgress progress;
  std::mutex mutex;
  std::condition_variable finished;
  std::size_t next = 0;
  std::size_t done = 0;
  unsigned working = 0;
  std::exception_ptr error;  // the first one; it stops all
  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (next < tasks.size() && !progress.stop) {
      Task& task = tasks[next++];
      lock.unlock();
      try {
        SeedResult result = run_task(task, runner_of(tasks, task, mutex), progress);
        quote_lines(*task.file, result);
        lock.lock();
        task.result = std::move(result);
      } catch (...) {
        lock.lock();
        if (!error) error = std::current_exception();
        progress.stop = true;
      }
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
  if (error) std::rethrow_exception(error);

  std::vector<ScenarioResult> results;
  for (Task& task : tasks) {
    if (task.is_first) {
      const Scenario& scenario = task.file->as_written();
      results.push_back({task.file->name(), scenario.name, scenario.about, {}});
    }
    if (task.result) {
      results.back().seeds.push_back(std::move(*task.result));
    } else {
      ++results.back().not_run;
    }
  }
  return results;
}

}  // namespace

std::vector<ScenarioResult> replay_all(const std::vector<ScenarioFile>& files,
                                       const SeedChoice& seeds, unsigned jobs,
                                       const std::function<bool(const ReplayProgress&)>& told,
                                       const SeedRunner& runner) {
  return replay(files, seeds, jobs, told,
                [&](const std::vector<Task>&, const Task&, std::mutex&) { return runner; });
}

std::vector<ScenarioResult> replay_recorded(
    const std::vector<ScenarioFile>& files, const SeedChoice& seeds, unsigned jobs,
    const std::function<bool(const ReplayProgress&)>& told) {
  const auto recorder_of = [](const std::vector<Task>& tasks, const Task& task, std::mutex& mutex) {
    return [&](const Scenario& scenario, std::uint64_t seed, RunProgress& progress) {
      return record_seed(scenario, seed, progress, [&](Verdict verdict) {
        if (verdict == Verdict::kPassed) return task.is_first;
        const std::lock_guard guard(mutex);
        return !has_enough(tasks, task, verdict);
      });
    };
  };
  auto results = replay(files, seeds, jobs, told, recorder_of);
  keep_few_recordings(results);
  return results;
}

}  // namespace pap::sim
