// SPDX-License-Identifier: MIT
#include "papsim/scenario/expand.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"

namespace pap::sim {
namespace {

struct ExpandOptions {
  std::string file;
  std::optional<std::uint64_t> seed;
};

int expand(const ExpandOptions& options) {
  const auto file = load_scenario(options.file);
  if (!file) return kUsage;
  if (!options.seed) {
    std::fputs(to_yaml(file->as_written()).c_str(), stdout);
    return kPass;
  }
  std::vector<Problem> problems;
  const auto scenario = file->scenario(*options.seed, problems);
  complain(file->name(), problems);
  if (!scenario) return kUsage;
  std::fputs(to_yaml(*scenario).c_str(), stdout);
  return kPass;
}

}  // namespace

Run prepare_expand(CLI::App& app) {
  auto options = std::make_shared<ExpandOptions>();
  app.add_option("FILE", options->file, "the scenario")->required();
  as_seed(app.add_option("--seed", options->seed, "draw what varies with this seed"));
  return [options] { return expand(*options); };
}

}  // namespace pap::sim
