// SPDX-License-Identifier: MIT
#pragma once

// What every command does with the files that it is given. Complaints go to stderr.
//
// Threads: one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

// All files of these files and folders. False when there is none, or no such path.
bool gather_files(const std::vector<std::string>& paths, std::vector<std::string>& files);

// The file, or none after its problems have been told.
std::optional<ScenarioFile> load_scenario(const std::string& path);

// All of these files and folders, or none after the problems of all have been told.
std::optional<std::vector<ScenarioFile>> load_scenarios(const std::vector<std::string>& paths);

// The scenario of that seed and its plan; none after what is wrong has been told.
struct Planned {
  Scenario scenario;
  Plan plan;
};
std::optional<Planned> plan_scenario(const ScenarioFile& file, std::uint64_t seed);

void complain(const std::string& file, const std::vector<Problem>& problems);

}  // namespace pap::sim
