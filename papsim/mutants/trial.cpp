// SPDX-License-Identifier: MIT
#include "papsim/mutants/trial.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "papsim/run/run_seed.hpp"

namespace pap::sim {

namespace {

struct Child {
  std::size_t trial;
  int pipe;
};

void take(const SeedResult& result, Trial& trial) {
  for (const Check& check : result.checks) {
    if (check.verdict == Verdict::kPassed) continue;
    const auto rule = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const RuleName& name) { return name.name == check.rule; });
    if (check.verdict == Verdict::kFailed && rule != kRules.end()) {
      trial.caught[static_cast<std::size_t>(rule->rule)] = true;
    } else if (check.verdict == Verdict::kFailed) {
      trial.other = true;
    }
  }
}

// In the child. What it saw goes to the pipe, a byte a rule, and one for the rest.
[[noreturn]] void run(const core::MutantInfo* mutant, const std::vector<ScenarioFile>& files,
                      int pipe) {
  core::plant(mutant);
  Trial trial;
  RunProgress progress;
  progress.stories = false;
  for (const ScenarioFile& file : files) {
    const SeedRange seeds = file.as_written().ci;
    for (std::uint64_t i = 0; i <= seeds.last - seeds.first; ++i) {
      const std::uint64_t seed = seeds.first + i;
      std::vector<Problem> problems;
      const auto scenario = file.scenario(seed, problems);
      if (!scenario) std::_Exit(1);
      take(run_seed(*scenario, seed, progress), trial);
    }
  }
  std::array<char, kRules.size() + 1> bytes{};
  std::transform(trial.caught.begin(), trial.caught.end(), bytes.begin(),
                 [](bool caught) { return caught ? 'x' : '.'; });
  bytes.back() = trial.other ? 'x' : '.';
  const bool written = ::write(pipe, bytes.data(), bytes.size()) == ssize_t{bytes.size()};
  std::_Exit(written ? 0 : 1);
}

// Ctrl-C and the end of a child, to be waited for side by side: as signals that are blocked, none
// of them can come at the wrong moment. Children inherit that, and so end when they are told to.
class Waiting {
 public:
  Waiting() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &signals_, &before_);
  }
  ~Waiting() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // Of a child that ended; 0: Ctrl-C came.
  pid_t wait(int& status) const {
    while (true) {
      const pid_t ended = ::waitpid(-1, &status, WNOHANG);
      if (ended > 0) return ended;
      int signal = 0;
      ::sigwait(&signals_, &signal);
      if (signal == SIGINT) return 0;
    }
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

pid_t start(const core::MutantInfo* mutant, const std::vector<ScenarioFile>& files, int& pipe) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    ::close(ends[0]);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whatever ends papsim-mutants
    const auto longest = static_cast<rlim_t>(kLongestTrial.count());
    const rlimit limit{longest, longest};
    ::setrlimit(RLIMIT_CPU, &limit);
    run(mutant, files, ends[1]);
  }
  ::close(ends[1]);
  pipe = ends[0];
  return child;
}

void finish(int status, int pipe, Trial& trial) {
  std::array<char, kRules.size() + 1> bytes{};
  const bool whole = ::read(pipe, bytes.data(), bytes.size()) == ssize_t{bytes.size()};
  ::close(pipe);
  if (!whole) {
    const bool hung =
        WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
    trial.end = hung ? Trial::End::kHung : Trial::End::kCrashed;
    return;
  }
  trial.end = Trial::End::kWhole;
  for (std::size_t i = 0; i < kRules.size(); ++i) trial.caught[i] = bytes[i] == 'x';
  trial.other = bytes.back() == 'x';
}

}  // namespace

bool Trial::silent() const {
  return end == End::kWhole && !other &&
         std::none_of(caught.begin(), caught.end(), [](bool each) { return each; });
}

std::vector<Trial> try_all(const std::vector<const core::MutantInfo*>& mutants,
                           const std::vector<ScenarioFile>& files, unsigned jobs,
                           const std::function<void(const Trial&)>& told) {
  std::vector<Trial> trials(mutants.size());
  for (std::size_t i = 0; i < trials.size(); ++i) trials[i].mutant = mutants[i];
  const Waiting waiting;
  std::map<pid_t, Child> children;
  std::size_t next = 0;
  while (next < trials.size() || !children.empty()) {
    while (next < trials.size() && children.size() < jobs) {
      Child child{next, -1};
      const pid_t pid = start(mutants[next], files, child.pipe);
      children.emplace(pid, child);
      ++next;
    }
    int status = 0;
    const pid_t ended = waiting.wait(status);
    if (ended == 0) break;
    const auto child = children.find(ended);
    if (child == children.end()) continue;
    Trial& trial = trials[child->second.trial];
    finish(status, child->second.pipe, trial);
    children.erase(child);
    told(trial);
  }
  for (const auto& [pid, child] : children) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ::close(child.pipe);
  }
  return trials;
}

}  // namespace pap::sim
