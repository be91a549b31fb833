// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/run/event_lines.hpp"

namespace pap::sim {
namespace {

struct EventsOptions {
  std::string file;
  std::optional<std::uint64_t> seed;
};

int events(const EventsOptions& options) {
  const auto file = load_scenario(options.file);
  if (!file) return kUsage;
  const auto planned = plan_scenario(*file, options.seed.value_or(file->as_written().ci.first));
  if (!planned) return kUsage;
  run_for_events(planned->scenario, planned->plan,
                 [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); });
  return kPass;
}

}  // namespace

Run prepare_events(CLI::App& app) {
  auto options = std::make_shared<EventsOptions>();
  app.add_option("FILE", options->file, "the scenario")->required();
  as_seed(app.add_option("--seed", options->seed, "which run (default: the first of seeds.ci)"));
  return [options] { return events(*options); };
}

}  // namespace pap::sim
