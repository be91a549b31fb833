// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/live_options.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/expect/counted.hpp"
#include "papsim/live/live_run.hpp"
#include "papsim/report/report.hpp"
#include "papsim/report/report_html.hpp"
#include "papsim/run/replay_all.hpp"

namespace pap::sim {
namespace {

struct ReplayOptions {
  std::vector<std::string> paths;
  std::string seeds;
  bool nightly = false;
  unsigned jobs = 0;
  std::string junit;
  std::string json;
  std::string report;
  bool watch = false;
  LiveChoice live;
};

// "7" or "1..20"; none when it is neither.
std::optional<SeedRange> parse_seeds(const std::string& text) {
  const std::string_view all = text;
  const std::size_t dots = all.find("..");
  const auto first = parse_seed(all.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_seed(all.substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= kMostSeeds) return std::nullopt;
  return SeedRange{*first, *last};
}

std::string words(const ReplayProgress& progress, double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(progress.heartbeats) / seconds : 0;
  std::array<char, 120> text{};
  std::snprintf(text.data(), text.size(), "%s done, %zu left  %llds virtual  %.1f M beats/s",
                counted(progress.seeds_done, "seed").c_str(), progress.seeds_left,
                static_cast<long long>(progress.virtual_ms / 1000), rate / 1e6);
  return text.data();
}

bool has_wrong_plan(const ScenarioResult& result) {
  return std::any_of(result.seeds.begin(), result.seeds.end(), [](const SeedResult& seed) {
    return std::any_of(seed.checks.begin(), seed.checks.end(), [](const Check& check) {
      return check.verdict == Verdict::kVoid && (check.rule == "plan" || check.rule == "vary");
    });
  });
}

// Names what cannot be done over sockets, before anything starts.
bool may_run_live(const std::vector<ScenarioFile>& files, const LiveOptions& live) {
  bool may = true;
  for (const ScenarioFile& file : files) {
    const auto refusals = live_refusals(file.as_written(), live);
    complain(file.name(), refusals);
    may = may && refusals.empty();
  }
  return may;
}

// They wait far more than they work. One collector that is there already serves one at a time.
unsigned live_jobs(const ReplayOptions& options) {
  constexpr unsigned kSideBySide = 16;
  if (!options.live.against.empty()) return 1;
  return options.jobs == 0 ? kSideBySide : options.jobs;
}

SeedRunner live_runner(const LiveOptions& live, const LiveChoice& choice) {
  return [live, with = choice.words()](const Scenario& scenario, std::uint64_t seed,
                                       RunProgress& progress) {
    SeedResult result =
        run_live(scenario, seed, live, [&progress] { return progress.stop.load(); });
    progress.heartbeats += result.heartbeats;
    result.repeat_with = with;
    return result;
  };
}

// Over sockets a run takes the time that it is about: one, unless it was asked for more.
SeedChoice live_seeds(SeedChoice seeds) {
  if (!seeds.given && !seeds.nightly) seeds.given = SeedRange{};
  return seeds;
}

int replay(const ReplayOptions& options) {
  auto live = options.live.options();
  if (!live) return kUsage;
  if (options.live.is_live() && !options.report.empty()) {
    std::fputs("papsim: --report draws runs in virtual time\n", stderr);
    return kUsage;
  }
  if (options.watch && !options.live.is_live()) {
    std::fputs("papsim: --watch is for runs over sockets: --against or --spawn\n", stderr);
    return kUsage;
  }
  if (options.watch) {
    live->tell = [](std::string_view who, const std::string& what) {
      std::printf("%-9.*s  %s\n", static_cast<int>(who.size()), who.data(), what.c_str());
      std::fflush(stdout);
    };
  }
  SeedChoice seeds;
  seeds.nightly = options.nightly;
  if (!options.seeds.empty()) {
    seeds.given = parse_seeds(options.seeds);
    if (!seeds.given) {
      std::fprintf(stderr,
                   "papsim: --seed takes a number or a range such as 1..20, of at most %llu, not "
                   "\"%s\"\n",
                   static_cast<unsigned long long>(kMostSeeds), options.seeds.c_str());
      return kUsage;
    }
  }
  const std::vector<Output> outputs{
      {"--json", options.json}, {"--junit", options.junit}, {"--report", options.report, true}};
  if (const int status = check_outputs(outputs); status != 0) return status;
  const auto files = load_scenarios(options.paths);
  if (!files) return kUsage;
  if (options.live.is_live() && !may_run_live(*files, *live)) return kUsage;

  stop_on_interrupt();
  const auto began = std::chrono::steady_clock::now();
  const auto seconds_since = [began] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  std::vector<ScenarioResult> results;
  {
    const ProgressLine line;
    const auto told = [&](const ReplayProgress& progress) {
      line.show(words(progress, seconds_since()));
      return !interrupted();
    };
    if (options.live.is_live()) {
      go_first();
      results = replay_all(*files, live_seeds(seeds), live_jobs(options), told,
                           live_runner(*live, options.live));
    } else if (!options.report.empty()) {
      results = replay_recorded(*files, seeds, jobs_of(options.jobs), told);
    } else {
      results = replay_all(*files, seeds, jobs_of(options.jobs), told);
    }
  }
  const double seconds = seconds_since();

  const auto report = to_json(results);
  // Where one of them goes to stdout, nothing else does.
  const bool taken = std::any_of(outputs.begin(), outputs.end(),
                                 [](const Output& output) { return output.path == "-"; });
  if (!taken) std::fputs(to_text(report).c_str(), stdout);
  bool written = true;
  if (!options.json.empty()) written = write_file(options.json, report.dump(2) + '\n');
  if (!options.junit.empty()) written = write_file(options.junit, to_junit(report)) && written;
  if (!options.report.empty()) written = replace_file(options.report, to_html(report)) && written;

  Verdict verdict = Verdict::kPassed;
  std::uint64_t heartbeats = 0;
  std::size_t begun = 0;
  for (const ScenarioResult& result : results) {
    const Verdict each = verdict_of(result);
    verdict = worse(verdict, each);
    for (const SeedResult& seed : result.seeds) heartbeats += seed.heartbeats;
    if (!result.seeds.empty()) ++begun;
  }
  std::fflush(stdout);  // where both go to one place, this is the last line
  std::fprintf(stderr, "%s, %s in %.1f s (%.2f M/s)\n", counted(begun, "scenario").c_str(),
               counted(heartbeats, "heartbeat").c_str(), seconds,
               seconds > 0 ? static_cast<double>(heartbeats) / seconds / 1e6 : 0);
  if (interrupted()) return kStopped;
  // What a seed draws can show that a file is wrong: nobody left to pick, say.
  const bool wrong = std::any_of(results.begin(), results.end(), has_wrong_plan);
  const int status = wrong ? kUsage : exit_code(verdict);
  return written ? status : unwritten(status);
}

}  // namespace

Run prepare_replay(CLI::App& app) {
  auto options = std::make_shared<ReplayOptions>();
  app.add_option("PATH", options->paths, "scenario files, and folders of them")->required();
  const auto seed =
      app.add_option("--seed", options->seeds, "N or A..B, in place of each scenario's own for CI");
  app.add_flag("--nightly", options->nightly, "with each scenario's own seeds for the night")
      ->excludes(seed);
  as_jobs(app.add_option("--jobs", options->jobs, "runs side by side (default: one a core)"));
  app.add_option("--junit", options->junit, "write JUnit XML to this file; - for stdout");
  app.add_option("--json", options->json, "write the report as JSON to this file; - for stdout");
  app.add_option("--report", options->report, "write a page to look at to this file; - for stdout");
  const auto not_empty = CLI::Validator(
      [](const std::string& text) { return std::string(text.empty() ? "it is empty" : ""); }, "");
  app.add_option("--against", options->live.against,
                 "over sockets, against the collector at this URL")
      ->check(not_empty);
  app.add_option("--spawn", options->live.spawn,
                 "over sockets, against a collector that this command starts, one a scenario")
      ->check(not_empty);
  app.add_flag("--watch", options->watch, "over sockets: say what happens as it does");
  app.add_option("--station-port", options->live.station_port,
                 "with --against: where the stand-in Station listens; the collector's "
                 "STATION_ALERT_URL is http://127.0.0.1:PORT/alerts, its STATION_ALERT_KEY "
                 "papsim-station-key");
  options->live.add_connection_options(app);
  return [options] { return replay(*options); };
}

}  // namespace pap::sim
