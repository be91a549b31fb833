// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/capacity/measured_json.hpp"
#include "papsim/commands/command.hpp"
#include "papsim/commands/live_options.hpp"
#include "papsim/commands/measured_output.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/live/gauge.hpp"
#include "papsim/live/live_run.hpp"
#include "papsim/live/mode_mix.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {
namespace {

struct LoadOptions {
  LiveChoice live;
  std::uint32_t agents = 1'000;
  std::string mix = "IDLE:100%";
  std::string lasts = "1m";
  std::string ramp;
  std::uint64_t seed = 1;
  MeasuredOutput output;
};

// A fleet without a story, as a scenario.
std::string story_of(const LoadOptions& options, const ModeMix& mix) {
  return "papsim: 1\nname: load\nabout: A fleet without a story.\nrun: {for: " + options.lasts +
         ", settle: 0s}\nfleet:\n  fleet: {count: " + std::to_string(options.agents) + ", mode: {" +
         mix.as_yaml + "}, jitter: 10%, uptime: 1h" +
         (options.ramp.empty() ? "" : ", join: " + options.ramp) +
         "}\nexpect: {alerts: {AGENT_DEATH: none, \"*\": any}}\n";
}

// One second of it, on the terminal.
std::string words_of(const Gauge& gauge) {
  const auto& seconds = gauge.seconds();
  const Gauge::Second& second = seconds.back();
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(),
                "%llds  %llu beats/s of %llu planned  p50 %.1f ms  p99 %.1f ms  %llu failed",
                static_cast<long long>(second.at / 1000),
                static_cast<unsigned long long>(second.accepted),
                static_cast<unsigned long long>(second.planned),
                static_cast<double>(second.answer_us.p50) / 1000,
                static_cast<double>(second.answer_us.p99) / 1000,
                static_cast<unsigned long long>(gauge.failed()));
  std::string line = text.data();
  if (seconds.size() < 2) return line;
  const Gauge::Second& before = seconds[seconds.size() - 2];
  if (!second.use || !before.use) return line;
  const auto cpu = (second.use->cpu - before.use->cpu).count();
  std::snprintf(text.data(), text.size(), "  collector %.1f MiB, %lld %% of a core",
                static_cast<double>(second.use->resident_bytes) / (1024 * 1024),
                static_cast<long long>(cpu * 100 / std::max<WorldTime>(second.at - before.at, 1)));
  return line + text.data();
}

int load(const LoadOptions& options) {
  auto live = options.live.options();
  if (!live) return kUsage;
  std::string error;
  const auto mix = read_mode_mix(options.mix, error);
  const auto target = resolve(live->against, error);
  if (!mix || !target) {
    std::fprintf(stderr, "papsim: %s\n", error.c_str());
    return kUsage;
  }
  const auto file = ScenarioFile::from_text("the fleet", story_of(options, *mix));
  std::vector<Problem> problems = file.problems();
  const auto scenario = file.good() ? file.scenario(options.seed, problems) : std::nullopt;
  if (!scenario) {
    for (const Problem& problem : problems) {
      std::fprintf(stderr, "papsim: %s\n", problem.message.c_str());
    }
    return kUsage;
  }
  if (const int status = options.output.check(); status != 0) return status;
  Gauge gauge;
  const ProgressLine line;
  live->each_second = [&](const LiveWorld& world) {
    gauge.look(world);
    line.show(words_of(gauge));
  };

  stop_on_interrupt();
  go_first();
  const SeedResult result = run_live(*scenario, options.seed, *live, interrupted);
  line.clear();
  const auto json =
      load_to_json({live->against, options.agents, options.mix, options.live.connections}, result,
                   gauge.seconds());
  const bool written = options.output.write(json, load_to_text(json));
  const int status = interrupted() ? kStopped : exit_code(result.verdict);
  return written ? status : unwritten(status);
}

}  // namespace

Run prepare_load(CLI::App& app) {
  auto options = std::make_shared<LoadOptions>();
  app.add_option("URL", options->live.against, "the collector")->required();
  as_count(app.add_option("--agents", options->agents, "how many")->capture_default_str());
  app.add_option("--mode-mix", options->mix, "in which modes: IDLE:90%,EMERGENCY:10%")
      ->capture_default_str();
  app.add_option("--for", options->lasts, "how long")->capture_default_str();
  app.add_option("--ramp", options->ramp, "they come over this time (default: spread over theirs)");
  as_seed(app.add_option("--seed", options->seed, "what is drawn, is drawn from this")
              ->capture_default_str());
  options->output.add_options(app);
  options->live.add_connection_options(app);
  return [options] { return load(*options); };
}

}  // namespace pap::sim
