// SPDX-License-Identifier: MIT
#include "papsim/scenario/plan.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/scenario/plan_text.hpp"

namespace pap::sim {
namespace {

struct PlanOptions {
  std::string file;
  std::optional<std::uint64_t> seed;
  bool all = false;
};

int print_plan(const PlanOptions& options) {
  const auto file = load_scenario(options.file);
  if (!file) return kUsage;
  const auto planned = plan_scenario(*file, options.seed.value_or(file->as_written().ci.first));
  if (!planned) return kUsage;
  std::fputs(plan_text(planned->scenario, planned->plan, options.all).c_str(), stdout);
  return kPass;
}

}  // namespace

Run prepare_plan(CLI::App& app) {
  auto options = std::make_shared<PlanOptions>();
  app.add_option("FILE", options->file, "the scenario")->required();
  as_seed(app.add_option("--seed", options->seed, "whose plan (default: the first of seeds.ci)"));
  app.add_flag("--all", options->all, "name every agent and every step");
  return [options] { return print_plan(*options); };
}

}  // namespace pap::sim
