// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/live_options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/live/live_run.hpp"
#include "papsim/live/local_process.hpp"
#include "papsim/report/report.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  LiveChoice live;
  std::uint32_t agents = 1'000;
  std::string mix = "IDLE:100%";
  std::string lasts = "1m";
  std::string ramp;
  std::uint64_t seed = 1;
  std::string json;
};

// A fleet without a story, as a scenario. `IDLE:90%,SLEEP:10%` becomes `{IDLE: 90%, SLEEP: 10%}`.
std::string story_of(const Options& options) {
  std::string mix;
  for (const char c : options.mix) mix += c == ':' ? ": " : std::string(1, c);
  return "papsim: 1\nname: load\nabout: A fleet without a story.\nrun: {for: " + options.lasts +
         ", settle: 0s}\nfleet:\n  fleet: {count: " + std::to_string(options.agents) + ", mode: {" +
         mix + "}, jitter: 10%, uptime: 1h" +
         (options.ramp.empty() ? "" : ", join: " + options.ramp) +
         "}\nexpect: {alerts: {AGENT_DEATH: none, \"*\": any}}\n";
}

// One second of a run.
struct Second {
  WorldTime at = 0;
  std::uint64_t planned = 0;
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;
  Percentiles answer_us;
  std::optional<ProcessUse> use;
};

// Looks at a run each second, and says what it sees.
class Gauge {
 public:
  explicit Gauge(std::optional<pid_t> collector) : collector_(collector) {}

  void look(const LiveWorld& world) {
    const LiveFigures& now = world.figures();
    Second second;
    second.at = world.now();
    second.planned = now.planned - planned_;
    second.accepted = now.accepted - accepted_;
    second.failed = failures_of(now) - failed_;
    second.answer_us = percentiles_of(now.answer.since(answer_));
    if (collector_) second.use = use_of(*collector_);
    if (!begun_) begun_ = second.use;
    line_.show(words(second));
    planned_ = now.planned;
    accepted_ = now.accepted;
    failed_ = failures_of(now);
    answer_ = now.answer;
    seconds_.push_back(std::move(second));
  }
  void clear() const { line_.clear(); }

  const std::vector<Second>& seconds() const { return seconds_; }
  const std::optional<ProcessUse>& begun() const { return begun_; }

 private:
  static std::uint64_t failures_of(const LiveFigures& figures) {
    std::uint64_t ended = 0;
    for (const std::uint64_t count : figures.ends) ended += count;
    return ended - std::min(ended, figures.accepted);
  }

  std::string words(const Second& second) const {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "%llds  %llu beats/s of %llu planned  p50 %.1f ms  p99 %.1f ms  %llu failed",
                  static_cast<long long>(second.at / 1000),
                  static_cast<unsigned long long>(second.accepted),
                  static_cast<unsigned long long>(second.planned),
                  static_cast<double>(second.answer_us.p50) / 1000,
                  static_cast<double>(second.answer_us.p99) / 1000,
                  static_cast<unsigned long long>(failed_ + second.failed));
    std::string line = text.data();
    if (second.use && !seconds_.empty() && seconds_.back().use) {
      const auto cpu = (second.use->cpu - seconds_.back().use->cpu).count();
      const auto span = std::max<WorldTime>(second.at - seconds_.back().at, 1);
      std::snprintf(text.data(), text.size(), "  collector %.1f MB, %lld %% of a core",
                    static_cast<double>(second.use->resident_bytes) / 1e6,
                    static_cast<long long>(cpu * 100 / span));
      line += text.data();
    }
    return line;
  }

  const std::optional<pid_t> collector_;
  const ProgressLine line_;
  std::vector<Second> seconds_;
  std::optional<ProcessUse> begun_;
  std::uint64_t planned_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t failed_ = 0;
  Histogram answer_;
};

Json to_json(const Second& second) {
  Json json{{"at_ms", second.at},
            {"planned", second.planned},
            {"accepted", second.accepted},
            {"failed", second.failed},
            {"answer_p50_us", second.answer_us.p50},
            {"answer_p99_us", second.answer_us.p99}};
  if (second.use) {
    json["collector_resident_bytes"] = second.use->resident_bytes;
    json["collector_cpu_ms"] = second.use->cpu.count();
  }
  return json;
}

void print_times(const char* name, const Percentiles& times) {
  const auto ms = [](std::uint64_t micros) { return static_cast<double>(micros) / 1000; };
  std::printf("%-9s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f\n", name, ms(times.p50), ms(times.p90),
              ms(times.p99), ms(times.p999), ms(times.p9999), ms(times.max));
}

void print_summary(const SeedResult& result, const Gauge& gauge) {
  const LiveSummary& live = *result.live;
  std::printf("planned %llu, sent %llu, answered well %llu\n",
              static_cast<unsigned long long>(live.planned),
              static_cast<unsigned long long>(live.sent),
              static_cast<unsigned long long>(live.accepted));
  for (const auto& [name, count] : live.ends) {
    if (name != "answered") {
      std::printf("  %s: %llu\n", name.c_str(), static_cast<unsigned long long>(count));
    }
  }
  for (const auto& [status, count] : live.statuses) {
    if (status != 200) {
      std::printf("  status %zu: %llu\n", status, static_cast<unsigned long long>(count));
    }
  }
  std::printf("\n%-9s %9s %9s %9s %9s %9s %9s\n", "ms", "p50", "p90", "p99", "p99.9", "p99.99",
              "max");
  print_times("answer", live.answer_us);      // from the planned moment
  print_times("exchange", live.exchange_us);  // from the sending
  print_times("own lag", live.lag_us);
  const auto& seconds = gauge.seconds();
  if (gauge.begun() && seconds.size() > 1 && seconds.back().use && live.accepted > 0) {
    const auto cpu = (seconds.back().use->cpu - gauge.begun()->cpu).count();
    std::printf("\ncollector: %.1f MB, %.1f us of CPU a heartbeat\n",
                static_cast<double>(seconds.back().use->resident_bytes) / 1e6,
                static_cast<double>(cpu) * 1000 / static_cast<double>(live.accepted));
  }
}

int load(const Options& options) {
  auto live = options.live.options();
  if (!live) return kUsage;
  const auto file = ScenarioFile::from_text("the fleet", story_of(options));
  std::vector<Problem> problems = file.problems();
  const auto scenario = file.good() ? file.scenario(options.seed, problems) : std::nullopt;
  if (!scenario) {
    for (const Problem& problem : problems) {
      std::fprintf(stderr, "papsim: %s\n", problem.message.c_str());
    }
    return kUsage;
  }
  std::string error;
  const auto target = resolve(live->against, error);
  if (!target) {
    std::fprintf(stderr, "papsim: %s\n", error.c_str());
    return kUsage;
  }
  std::optional<pid_t> collector;
  if (target->loopback) collector = listener_on(target->port());
  Gauge gauge(collector);
  live->each_second = [&gauge](const LiveWorld& world) { gauge.look(world); };

  stop_on_interrupt();
  go_first();
  SeedResult result = run_live(*scenario, options.seed, *live, interrupted);
  gauge.clear();
  if (result.live) print_summary(result, gauge);
  for (const Check& check : result.checks) {
    if (check.verdict == Verdict::kPassed) continue;
    std::printf("%s  %s: %s\n        value %s, bound %s\n",
                std::string{to_string(check.verdict)}.c_str(), check.rule.c_str(),
                check.what.c_str(), check.value.c_str(), check.bound.c_str());
  }
  if (!options.json.empty()) {
    const Verdict verdict = result.verdict;
    Json report = sim::to_json({{"load", "load", "", {std::move(result)}}});
    for (const Second& second : gauge.seconds()) report["seconds"].push_back(to_json(second));
    if (!write_file(options.json, report.dump(2) + '\n')) return kInvalid;
    return interrupted() ? kStopped : exit_code(verdict);
  }
  return interrupted() ? kStopped : exit_code(result.verdict);
}

}  // namespace

Run prepare_load(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("URL", options->live.against, "the collector")->required();
  app.add_option("--agents", options->agents, "how many")->capture_default_str();
  app.add_option("--mode-mix", options->mix, "in which modes: IDLE:90%,EMERGENCY:10%")
      ->capture_default_str();
  app.add_option("--for", options->lasts, "how long")->capture_default_str();
  app.add_option("--ramp", options->ramp, "they come over this time (default: spread over theirs)");
  app.add_option("--seed", options->seed, "what is drawn, is drawn from this")
      ->capture_default_str();
  app.add_option("--json", options->json, "write figures, second by second; - for stdout");
  options->live.add_connection_options(app);
  return [options] { return load(*options); };
}

}  // namespace pap::sim
