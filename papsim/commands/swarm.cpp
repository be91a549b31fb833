// SPDX-License-Identifier: MIT
#include "papsim/swarm/swarm.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/expect/counted.hpp"
#include "papsim/report/shell_word.hpp"
#include "papsim/scenario/expand.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/swarm/draw.hpp"
#include "papsim/swarm/shrink.hpp"

namespace pap::sim {
namespace {

using Clock = std::chrono::steady_clock;

// Failures of one run of the swarm that are shrunk and written down; the rest is counted.
constexpr std::size_t kMostCases = 10;

struct SwarmOptions {
  std::string lasts = "10m";
  std::uint64_t seed = 1;
  unsigned jobs = 0;
  std::string cases = "scenarios/cases";
  std::string shrinks_for = "1m";
  std::vector<std::string> may_miss;
  bool print = false;
};

struct ShrinkOptions {
  std::string file;
  std::uint64_t seed = 1;
  std::string lasts = "1m";
  std::string output = "-";
};

std::optional<Millis> parse_lasting(const std::string& text, const char* option) {
  const auto time = parse_duration(text);
  if (time && *time > Millis{0}) return time;
  std::fprintf(stderr, "papsim: %s takes a duration such as 10m, not \"%s\"\n", option,
               text.c_str());
  return std::nullopt;
}

std::string size_of(const Scenario& scenario) {
  const std::size_t entries = scenario.timeline.size();
  std::uint64_t agents = 0;
  for (const Group& group : scenario.fleet) agents += group.count;
  return std::to_string(entries) + (entries == 1 ? " entry, " : " entries, ") +
         counted(agents, "agent") + ", " + to_word(scenario.run_for);
}

Shrunk shrink_for(const Scenario& scenario, std::uint64_t seed, Millis lasts) {
  const auto until = Clock::now() + lasts;
  const ProgressLine line;
  return shrink(
      scenario, seed, [&] { return interrupted() || Clock::now() >= until; },
      [&](const Shrunk& best) {
        line.show("shrinking: " + std::to_string(best.tried) + " tried, " + size_of(best.scenario));
      });
}

std::string what_fails(const Shrunk& shrunk) {
  return shrunk.how.empty() ? shrunk.rule : shrunk.rule + ", " + shrunk.how;
}

// --- swarm ---

bool write_case(const std::string& folder, const std::string& path, const std::string& yaml) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return write_file(path, yaml);
  std::fflush(stdout);
  std::fprintf(stderr, "papsim: cannot make the folder %s: %s\n", folder.c_str(),
               error.message().c_str());
  return false;
}

// Shrinks it, writes it down, and says how to repeat it. Where no file takes it, stdout does.
void keep_case(const SwarmFailure& failure, const SwarmOptions& options, Millis shrinks_for) {
  const auto failed = std::find_if(failure.result.checks.begin(), failure.result.checks.end(),
                                   [](const Check& c) { return c.verdict == Verdict::kFailed; });
  std::printf("fail    %s  %s: %s\n", failure.scenario.name.c_str(), failed->rule.c_str(),
              failed->value.c_str());
  Shrunk shrunk = shrink_for(failure.scenario, failure.seed, shrinks_for);
  if (shrunk.rule.empty()) shrunk.rule = failed->rule;  // stopped at once
  shrunk.scenario.about = "Found by a swarm with seed " + std::to_string(failure.seed) +
                          " and shrunk: breaks " + what_fails(shrunk) + ".";
  std::printf("        %s; shrunk to %s%s\n", size_of(failure.scenario).c_str(),
              size_of(shrunk.scenario).c_str(), shrunk.whole ? "" : ", and might be smaller");
  const std::string path = options.cases + '/' + failure.scenario.name + ".yaml";
  const std::string yaml = to_yaml(shrunk.scenario);
  if (write_case(options.cases, path, yaml)) {
    std::printf("        repeat: %s\n", replay_command(path, failure.seed).c_str());
  } else {
    std::printf("        in no file; this is it:\n%s\n", yaml.c_str());
  }
  std::fflush(stdout);
}

// A failure that was neither shrunk nor written down.
struct LeftOver {
  std::uint64_t seed = 0;
  bool varied = false;
};

void print_failed(std::uint64_t failures, const std::vector<LeftOver>& left,
                  const SwarmOptions& options) {
  std::printf("\n%llu failed\n", static_cast<unsigned long long>(failures));
  if (left.empty()) return;
  std::puts("of these neither shrunk nor kept:");
  for (const LeftOver& each : left) {
    const auto seed = static_cast<unsigned long long>(each.seed);
    if (each.varied) {
      std::printf("  seed %llu, a varied one: only a swarm with --seed %llu comes to it again\n",
                  seed, static_cast<unsigned long long>(options.seed));
    } else {
      std::printf("  papsim swarm --print --seed %llu\n", seed);
    }
  }
}

int print_drawn(std::uint64_t seed) {
  std::fputs(to_yaml(draw_scenario(seed)).c_str(), stdout);
  return kPass;
}

// Marks that no run hit, but for those that may be missed.
std::string never_reached(const SwarmReport& report, const SwarmOptions& options) {
  std::string names;
  for (const MarkName& mark : kMarks) {
    if (report.marks[static_cast<std::size_t>(mark.mark)] > 0) continue;
    const auto& may = options.may_miss;
    if (std::find(may.begin(), may.end(), mark.name) != may.end()) continue;
    names += (names.empty() ? "" : ", ") + std::string{mark.name};
  }
  return names;
}

void print_report(const SwarmReport& report, double seconds, unsigned jobs) {
  constexpr double kYear = 365.25 * 86'400 * 1000;
  std::printf("%llu scenarios, %.2f years, %llu heartbeats, %llu alerts\n",
              static_cast<unsigned long long>(report.runs),
              static_cast<double>(report.virtual_ms) / kYear,
              static_cast<unsigned long long>(report.heartbeats),
              static_cast<unsigned long long>(report.alerts));
  std::printf("%llu reached something new, and were kept to be varied\n\n",
              static_cast<unsigned long long>(report.kept));
  for (const MarkName& mark : kMarks) {
    std::printf("%9llu  %-26.*s %.*s\n",
                static_cast<unsigned long long>(report.marks[static_cast<std::size_t>(mark.mark)]),
                static_cast<int>(mark.name.size()), mark.name.data(),
                static_cast<int>(mark.about.size()), mark.about.data());
  }
  std::fflush(stdout);
  std::fprintf(stderr, "%.0f s, %.0f scenarios a minute a core\n", seconds,
               static_cast<double>(report.runs) / seconds * 60 / jobs);
}

int run_swarm(const SwarmOptions& options) {
  if (options.print) return print_drawn(options.seed);
  const auto lasts = parse_lasting(options.lasts, "--for");
  const auto shrinks_for = parse_lasting(options.shrinks_for, "--shrink-for");
  if (!lasts || !shrinks_for) return kUsage;
  for (const std::string& name : options.may_miss) {
    if (std::none_of(kMarks.begin(), kMarks.end(), [&](auto& mark) { return mark.name == name; })) {
      std::fprintf(stderr, "papsim: --may-miss: no mark \"%s\"\n", name.c_str());
      return kUsage;
    }
  }
  if (const int status = check_folder("--cases", options.cases); status != 0) return status;
  stop_on_interrupt();
  const unsigned jobs = jobs_of(options.jobs);
  const auto began = Clock::now();
  Clock::duration shrinking{0};
  std::uint64_t failures = 0;
  std::vector<LeftOver> left;
  const ProgressLine line;
  const SwarmReport report = swarm(options.seed, jobs, [&](SwarmReport& so_far) {
    const auto paused = Clock::now();
    for (const SwarmFailure& failure : so_far.failures) {
      if (++failures <= kMostCases && !interrupted()) {
        keep_case(failure, options, *shrinks_for);
      } else {
        left.push_back({failure.seed, failure.varied});
      }
    }
    so_far.failures.clear();
    shrinking += Clock::now() - paused;
    line.show(std::to_string(so_far.runs) + " scenarios, " + std::to_string(failures) +
              " failed, next seed " + std::to_string(so_far.next_seed));
    return !interrupted() && Clock::now() - began < *lasts;
  });
  line.clear();
  const std::chrono::duration<double> seconds = Clock::now() - began - shrinking;
  print_report(report, seconds.count(), jobs);
  if (failures > 0) {
    print_failed(failures, left, options);
    return kFail;
  }
  if (interrupted()) return kStopped;
  const std::string missed = never_reached(report, options);
  if (missed.empty()) return kPass;
  std::printf("\nnever reached: %s\n", missed.c_str());
  return kUnknown;
}

// --- shrink ---

int run_shrink(const ShrinkOptions& options) {
  const auto lasts = parse_lasting(options.lasts, "--for");
  if (!lasts) return kUsage;
  if (const int status = check_outputs({{"--output", options.output}}); status != 0) return status;
  const auto file = load_scenario(options.file);
  if (!file) return kUsage;
  const auto planned = plan_scenario(*file, options.seed);
  if (!planned) return kUsage;
  const Scenario& scenario = planned->scenario;
  stop_on_interrupt();
  Shrunk shrunk = shrink_for(scenario, options.seed, *lasts);
  if (shrunk.rule.empty() && !shrunk.whole) {
    std::fprintf(stderr, "papsim: stopped before it was known whether anything fails in %s\n",
                 options.file.c_str());
    return interrupted() ? kStopped : kUnknown;
  }
  if (shrunk.rule.empty()) {
    std::fprintf(stderr, "papsim: nothing fails in %s with seed %llu\n", options.file.c_str(),
                 static_cast<unsigned long long>(options.seed));
    return kUnknown;
  }
  const char* how_far = shrunk.whole ? "" : "; stopped before all was tried";
  if (shrunk.never) how_far = "; what never happened has no smaller story";
  std::fprintf(stderr, "%s still fails: %s; was %s%s\n", what_fails(shrunk).c_str(),
               size_of(shrunk.scenario).c_str(), size_of(scenario).c_str(), how_far);
  shrunk.scenario.about = "Shrunk from " + scenario.name + " with seed " +
                          std::to_string(options.seed) + ": breaks " + what_fails(shrunk) + ".";
  const std::string yaml = to_yaml(shrunk.scenario);
  if (!write_file(options.output, yaml)) {
    std::printf("# in no file; this is it:\n%s", yaml.c_str());
    return kInvalid;
  }
  if (options.output != "-") {
    std::fprintf(stderr, "repeat: %s\n", replay_command(options.output, options.seed).c_str());
  }
  return interrupted() ? kStopped : kPass;
}

}  // namespace

Run prepare_swarm(CLI::App& app) {
  auto options = std::make_shared<SwarmOptions>();
  app.add_option("--for", options->lasts, "how long, by the clock on the wall (default: 10m)");
  as_seed(app.add_option("--seed", options->seed, "the first one (default: 1)"));
  as_jobs(app.add_option("--jobs", options->jobs, "runs side by side (default: one a core)"));
  app.add_option("--cases", options->cases,
                 "folder for what failed, shrunk (default: scenarios/cases)");
  app.add_option("--shrink-for", options->shrinks_for, "at most, for each (default: 1m)");
  app.add_option("--may-miss", options->may_miss, "a mark that need not be reached");
  app.add_flag("--print", options->print, "only print the scenario that --seed draws");
  return [options] { return run_swarm(*options); };
}

Run prepare_shrink(CLI::App& app) {
  auto options = std::make_shared<ShrinkOptions>();
  app.add_option("FILE", options->file, "the scenario, which fails")->required();
  as_seed(app.add_option("--seed", options->seed, "… with this seed (default: 1)"));
  app.add_option("--for", options->lasts, "at most, by the clock on the wall (default: 1m)");
  app.add_option("-o,--output", options->output, "the file to write (default: stdout)");
  return [options] { return run_shrink(*options); };
}

}  // namespace pap::sim
