// SPDX-License-Identifier: MIT
// papsim-mutants: plants faults in the core, one at a time, and sees whether the stories find them.

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/mutants/trial.hpp"

namespace pap::sim {
namespace {

constexpr std::string_view kHelp =
    "\nPrints the table mutant x rule: X where the rule that must catch it did, x where another "
    "did.\nThe clean build comes first, and must be silent.\n\n"
    "`papsim-mutants --plant NAME COMMAND...` runs a command of papsim around a core with that\n"
    "mutant: to see its failure told in full, or what a swarm finds. The command that repeats it\n"
    "wants the same in front.\n\n"
    "Example:\n  papsim-mutants scenarios/fast --jobs 2\n"
    "  papsim-mutants --plant decides_twice replay scenarios/fast/death.yaml\n"
    "  papsim-mutants --plant probe_lost swarm --for 1m --cases /tmp/cases\n\n"
    "Exit status (with --plant that of papsim):\n"
    "  0    every mutant was caught by its own rule, and the clean build is silent\n"
    "  1    some was not, or it is not\n"
    "  3    stdout cannot be written\n"
    "  64   wrong command line or scenario file\n"
    "  130  stopped by Ctrl-C; the table has what there was by then\n";

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> only;
  unsigned jobs = 0;
  bool list = false;
};

const char* words(const Trial& trial) {
  switch (trial.end) {
    case Trial::End::kCrashed:
      return "  crashed";
    case Trial::End::kHung:
      return "  never ended";
    case Trial::End::kStopped:
      return "  stopped";
    case Trial::End::kWhole:
      break;
  }
  return "";
}

// A column for each rule that some mutant must be caught by, or was.
std::vector<std::size_t> columns_of(const std::vector<Trial>& trials) {
  std::vector<std::size_t> columns;
  for (std::size_t rule = 0; rule < kRules.size(); ++rule) {
    const bool needed = std::any_of(trials.begin(), trials.end(), [rule](const Trial& trial) {
      return trial.caught[rule] ||
             (trial.mutant != nullptr && trial.mutant->rule == kRules[rule].name);
    });
    if (needed) columns.push_back(rule);
  }
  return columns;
}

bool is_caught(const Trial& trial) {
  if (trial.mutant == nullptr) return trial.silent();
  for (std::size_t rule = 0; rule < kRules.size(); ++rule) {
    if (kRules[rule].name == trial.mutant->rule && trial.caught[rule]) return true;
  }
  return false;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

void print(const std::vector<Trial>& trials) {
  constexpr std::size_t kWidth = 30;
  const std::vector<std::size_t> columns = columns_of(trials);
  std::string line = padded("", kWidth);
  for (const std::size_t rule : columns) {
    line += padded(std::string{kRules[rule].name}.substr(0, 3), 4);
  }
  std::printf("%s\n", line.c_str());
  for (const Trial& trial : trials) {
    line = padded(std::string{trial.mutant == nullptr ? "(clean)" : trial.mutant->name}, kWidth);
    for (const std::size_t rule : columns) {
      const bool own = trial.mutant != nullptr && trial.mutant->rule == kRules[rule].name;
      const char* mark = own ? "-" : ".";
      if (trial.caught[rule]) mark = own ? "X" : "x";
      line += padded(mark, 4);
    }
    line += words(trial);
    if (trial.end != Trial::End::kStopped && !is_caught(trial)) {
      line += trial.mutant == nullptr ? "  not silent" : "  not caught";
    }
    std::printf("%s\n", line.c_str());
  }
}

const core::MutantInfo* find_mutant(const std::string& name) {
  const auto found = std::find_if(core::kMutants.begin(), core::kMutants.end(),
                                  [&](const core::MutantInfo& each) { return each.name == name; });
  if (found != core::kMutants.end()) return &*found;
  std::fprintf(stderr, "papsim-mutants: no mutant \"%s\"; --list has them\n", name.c_str());
  return nullptr;
}

int run(const Options& options) {
  std::vector<const core::MutantInfo*> mutants{nullptr};
  if (options.only.empty()) {
    for (const core::MutantInfo& mutant : core::kMutants) mutants.push_back(&mutant);
  }
  bool known = true;
  for (const std::string& name : options.only) {
    const core::MutantInfo* mutant = find_mutant(name);
    known = known && mutant != nullptr;
    if (std::find(mutants.begin(), mutants.end(), mutant) == mutants.end()) {
      mutants.push_back(mutant);
    }
  }
  if (!known) return kUsage;
  const auto files = load_scenarios(options.paths);
  if (!files) return kUsage;
  stop_on_interrupt();  // too late for try_all(), it leaves the table whole
  const ProgressLine line;
  std::size_t ended = 0;
  const std::vector<Trial> trials =
      try_all(mutants, *files, jobs_of(options.jobs), [&](const Trial&) {
        line.show(std::to_string(++ended) + " of " + std::to_string(mutants.size()));
      });
  line.clear();
  print(trials);
  const auto caught = std::count_if(trials.begin() + 1, trials.end(), is_caught);
  std::printf("%td of %zu mutants caught by their own rule\n", caught, trials.size() - 1);
  if (ended < trials.size()) {
    std::printf("stopped: %zu of %zu ended\n", ended, trials.size());
    return kStopped;
  }
  return std::all_of(trials.begin(), trials.end(), is_caught) ? kPass : kFail;
}

int list() {
  for (const core::MutantInfo& mutant : core::kMutants) {
    std::printf("%-30.*s %-11.*s %.*s\n", static_cast<int>(mutant.name.size()), mutant.name.data(),
                static_cast<int>(mutant.rule.size()), mutant.rule.data(),
                static_cast<int>(mutant.about.size()), mutant.about.data());
  }
  return kPass;
}

// papsim itself, around a core with that mutant.
int plant(const std::string& name, int argc, const char* const* argv) {
  const core::MutantInfo* mutant = find_mutant(name);
  if (mutant == nullptr) return kUsage;
  core::plant(mutant);
  return run_papsim(argc, argv);
}

int run_mutants(int argc, const char* const* argv) {
  constexpr int kBefore = 2;  // --plant NAME; papsim's own name stands where NAME does
  if (argc > kBefore && std::string_view{argv[1]} == "--plant") {
    return plant(argv[kBefore], argc - kBefore, argv + kBefore);
  }
  CLI::App app(
      "Plants faults in the collector's core, and sees which rule of the oracle finds them.",
      "papsim-mutants");
  Options options;
  app.add_option("PATH", options.paths, "scenario files, and folders of them");
  app.add_option("--only", options.only, "this mutant; again for each further one")
      ->allow_extra_args(false);
  as_jobs(app.add_option("--jobs", options.jobs, "mutants side by side (default: one a core)"));
  app.add_flag("--list", options.list, "print the mutants, each with its rule");
  app.footer(std::string(kHelp));
  try {
    app.parse(argc, argv);
    if (!options.list && options.paths.empty()) throw CLI::RequiredError("PATH");
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return flushed(kPass);
  } catch (const CLI::ParseError& e) {
    std::fprintf(stderr, "papsim-mutants: %s\nTry `papsim-mutants --help`.\n", e.what());
    return kUsage;
  }
  return flushed(options.list ? list() : run(options));
}

}  // namespace
}  // namespace pap::sim

int main(int argc, char** argv) { return pap::sim::run_mutants(argc, argv); }
