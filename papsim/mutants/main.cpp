// SPDX-License-Identifier: MIT
// papsim-mutants: plants faults in the core, one at a time, and sees whether the stories find them.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/mutants/trial.hpp"

namespace pap::sim {
namespace {

constexpr std::string_view kHelp =
    "\nPrints the table mutant x rule: X where the rule that must catch it did, x where another "
    "did.\nThe clean build comes first, and must be silent.\n\n"
    "Example:\n  papsim-mutants scenarios/fast --jobs 2\n\n"
    "Exit status:\n"
    "  0    every mutant was caught by its own rule, and the clean build is silent\n"
    "  1    some was not, or it is not\n"
    "  64   wrong command line or scenario file\n";

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
    if (!is_caught(trial)) line += trial.mutant == nullptr ? "  not silent" : "  not caught";
    std::printf("%s\n", line.c_str());
  }
}

int run(const Options& options) {
  std::vector<const core::MutantInfo*> mutants{nullptr};
  for (const core::MutantInfo& mutant : core::kMutants) {
    const bool wanted = options.only.empty() || std::find(options.only.begin(), options.only.end(),
                                                          mutant.name) != options.only.end();
    if (wanted) mutants.push_back(&mutant);
  }
  if (mutants.size() < 1 + std::max<std::size_t>(options.only.size(), 1)) {
    std::fprintf(stderr, "papsim-mutants: --only names no mutant that --list has\n");
    return kUsage;
  }
  const auto files = load_scenarios(options.paths);
  if (!files) return kUsage;
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

int run_mutants(int argc, const char* const* argv) {
  CLI::App app(
      "Plants faults in the collector's core, and sees which rule of the oracle finds them.",
      "papsim-mutants");
  Options options;
  app.add_option("PATH", options.paths, "scenario files, and folders of them");
  app.add_option("--only", options.only, "this mutant; again for each further one");
  app.add_option("--jobs", options.jobs, "mutants side by side (default: one a core)");
  app.add_flag("--list", options.list, "print the mutants, each with its rule");
  app.footer(std::string(kHelp));
  try {
    app.parse(argc, argv);
    if (!options.list && options.paths.empty()) throw CLI::RequiredError("PATH");
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return kPass;
  } catch (const CLI::ParseError& e) {
    std::fprintf(stderr, "papsim-mutants: %s\nTry `papsim-mutants --help`.\n", e.what());
    return kUsage;
  }
  return options.list ? list() : run(options);
}

}  // namespace
}  // namespace pap::sim

int main(int argc, char** argv) { return pap::sim::run_mutants(argc, argv); }
