// SPDX-License-Identifier: MIT
#include "papsim/commands/loading.hpp"

#include <cstdio>
#include <utility>

namespace pap::sim {

bool gather_files(const std::vector<std::string>& paths, std::vector<std::string>& files) {
  bool good = true;
  for (const std::string& path : paths) {
    const auto found = scenario_files(path);
    if (!found || found->empty()) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(),
                   found ? "no scenario in it" : "no such file or folder");
      good = false;
      continue;
    }
    files.insert(files.end(), found->begin(), found->end());
  }
  return good;
}

std::optional<ScenarioFile> load_scenario(const std::string& path) {
  ScenarioFile file = ScenarioFile::load(path);
  if (file.good()) return file;
  complain(path, file.problems());
  return std::nullopt;
}

std::optional<std::vector<ScenarioFile>> load_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  if (!gather_files(paths, names)) return std::nullopt;
  std::vector<ScenarioFile> files;
  for (const std::string& name : names) {
    if (auto file = load_scenario(name)) files.push_back(std::move(*file));
  }
  if (files.size() < names.size()) return std::nullopt;
  return files;
}

std::optional<Planned> plan_scenario(const ScenarioFile& file, std::uint64_t seed) {
  std::vector<Problem> problems;
  auto scenario = file.scenario(seed, problems);
  if (!scenario) {
    complain(file.name(), problems);
    return std::nullopt;
  }
  std::vector<PlanError> errors;
  Plan plan = make_plan(*scenario, seed, errors);
  for (const PlanError& error : errors) {
    problems.push_back({error.place, error.message + " (seed " + std::to_string(seed) + ")"});
  }
  complain(file.name(), problems);
  if (!problems.empty()) return std::nullopt;
  return Planned{std::move(*scenario), std::move(plan)};
}

void complain(const std::string& file, const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    std::fprintf(stderr, "%s\n", to_string(file, problem).c_str());
  }
}

}  // namespace pap::sim
