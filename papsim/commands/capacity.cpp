// SPDX-License-Identifier: MIT
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <regex>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/capacity/capacity_run.hpp"
#include "papsim/capacity/measured_json.hpp"
#include "papsim/capacity/quota.hpp"
#include "papsim/commands/command.hpp"
#include "papsim/commands/live_options.hpp"
#include "papsim/commands/measured_output.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/commands/running.hpp"
#include "papsim/live/spawned_collector.hpp"
#include "papsim/stand_in/child_process.hpp"

namespace pap::sim {
namespace {

using std::chrono::milliseconds;

struct CapacityOptions {
  LiveChoice live;
  std::string mix = "IDLE:100%";
  std::string cpu;
  std::string memory;
  std::uint32_t start = 1'000;
  bool quick = false;
  MeasuredOutput output;
};

milliseconds now() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

bool complain(const std::string& what) {
  std::fprintf(stderr, "papsim: %s\n", what.c_str());
  return false;
}

bool read_limits(const CapacityOptions& options, Limits& limits) {
  if (!options.cpu.empty()) {
    const auto cores = millicores_of(options.cpu);
    if (!cores) return complain("--cpu " + options.cpu + ": a share of a core, as 200m or 0.5");
    limits.cpu_millicores = *cores;
  }
  if (!options.memory.empty()) {
    const auto bytes = bytes_of(options.memory);
    if (!bytes) return complain("--memory " + options.memory + ": bytes, as 256Mi or 1G");
    limits.memory_bytes = *bytes;
  }
  if (limits.any() && options.live.spawn.empty()) {
    return complain("--cpu and --memory are for a collector that papsim starts: give --spawn");
  }
  return true;
}

// Its own process: a generator is not proved against a part of itself.
class NullProcess {
 public:
  NullProcess() : process_(ChildWish{"/proc/self/exe", {"null-server"}, {}, {}, {}}) {
    process_.wait_for_output([this](const std::string& out, const std::string&) {
      static const std::regex form(R"(listening on (\S+)\n)");
      std::smatch match;
      if (!std::regex_search(out, match, form)) return false;
      url_ = match[1];
      return true;
    });
  }
  const std::string& url() const { return url_; }

 private:
  std::string url_;
  ChildProcess process_;
};

std::string minutes(milliseconds time) {
  const auto seconds = time.count() / 1000;
  return seconds < 90 ? std::to_string(seconds) + " s"
                      : std::to_string((seconds + 59) / 60) + " min";
}

// On a terminal a line that changes; what is tried, and how long it may all take yet.
class Progress {
 public:
  void begins(Phase phase, const TrialWish& wish, milliseconds left) {
    what_ = std::string{to_string(phase)} + ": " + std::to_string(wish.agents) + " agents";
    if (wish.incident != Incident::kNone) what_ += ", " + std::string{to_string(wish.incident)};
    left_ = left;
    begun_ = now();
    lasts_ = milliseconds(story_of(wish).lasts);
    look();
  }
  void look() const {
    const milliseconds gone = now() - begun_;
    line_.show(what_ + "  " + std::to_string(gone.count() / 1000) + " of " +
               std::to_string(lasts_.count() / 1000) + " s; about " +
               minutes(std::max(left_ - gone, milliseconds{0})) + " left");
  }
  void ended(const PhasedTrial& trial) const {
    line_.clear();
    const TrialResult& result = trial.result;
    const bool held = result.outcome == TrialOutcome::kHeld;
    std::fprintf(stderr, "%-12s %8u agents %8.0f beats/s  p99 %6.2f ms  %s%s%s\n",
                 std::string{to_string(trial.phase)}.c_str(), result.wish.agents, result.rate,
                 static_cast<double>(result.answer_us.p99) / 1000,
                 held ? "held" : (result.outcome == TrialOutcome::kFailed ? "failed" : "invalid"),
                 result.why.empty() ? "" : ": ", result.why.c_str());
  }

 private:
  ProgressLine line_;
  std::string what_;
  milliseconds left_{0};
  milliseconds begun_{0};
  milliseconds lasts_{0};
};

std::string name_of_collector(const LiveOptions& live) {
  if (live.against.empty()) return live.spawn;
  const auto answer = fetch(live.against, "/");
  if (!answer || answer->status != 200) return "unknown";
  const auto body = nlohmann::json::parse(answer->body, nullptr, false);
  if (!body.is_object()) return "unknown";
  return body.value("service", "unknown") + ' ' + body.value("version", "");
}

int capacity(const CapacityOptions& options) {
  auto live = options.live.options();
  Limits limits;
  if (!live || !read_limits(options, limits)) return kUsage;
  if (live->against.empty() && live->spawn.empty()) {
    complain("where is the collector? Give its URL, or --spawn PROGRAM");
    return kUsage;
  }
  CapacityWish wish;
  std::string error;
  const auto mix = read_mode_mix(options.mix, error);
  if (!mix || (!live->against.empty() && !resolve(live->against, error))) {
    complain(error);
    return kUsage;
  }
  wish.mix = *mix;
  wish.quick = options.quick;
  wish.start = options.start;
  wish.may_restart = !live->spawn.empty();

  if (const int status = options.output.check(); status != 0) return status;

  Quota quota(limits);
  CapacityAsked asked{live->against.empty() ? "started by papsim" : live->against,
                      options.mix,
                      options.live.connections,
                      limits,
                      "none",
                      name_of_collector(*live)};
  live->started = [&quota](pid_t process) { quota.take(process); };

  stop_on_interrupt();
  go_first();
  Progress progress;
  live->each_second = [&progress](const LiveWorld&) { progress.look(); };
  CapacityRun::World world;
  world.trial = [&](const TrialWish& trial) {
    return run_trial(trial, *live, limits, quota.kept(), interrupted);
  };
  world.generator_trial = [&](const TrialWish& trial) {
    const NullProcess nobody;
    LiveOptions proof = *live;
    proof.spawn.clear();
    proof.against = nobody.url();
    proof.keeps_nobody = true;
    return run_trial(trial, proof, {}, false, interrupted);
  };
  world.stop = interrupted;
  world.now = now;
  world.begins = [&](Phase phase, const TrialWish& trial, milliseconds left) {
    progress.begins(phase, trial, left);
  };
  world.ended = [&](const PhasedTrial& trial) { progress.ended(trial); };
  const CapacityFound found = CapacityRun(wish, std::move(world)).run();

  if (limits.any()) asked.kept_by = quota.kept() ? "cgroup" : "CPU time";
  const auto json = capacity_to_json(asked, wish, found);
  const bool written = options.output.write(json, capacity_to_text(json));
  const int result = found.agents > 0 ? kPass : kFail;
  const int status = found.whole ? result : kStopped;
  return written ? status : unwritten(status);
}

}  // namespace

Run prepare_capacity(CLI::App& app) {
  auto options = std::make_shared<CapacityOptions>();
  app.add_option("URL", options->live.against, "the collector");
  app.add_option("--spawn", options->live.spawn, "a program to start instead, with its arguments");
  app.add_option("--cpu", options->cpu, "what it may use, as Kubernetes has it: 200m, 0.5");
  app.add_option("--memory", options->memory, "likewise: 256Mi");
  app.add_option("--mode-mix", options->mix, "in which modes agents are: IDLE:90%,EMERGENCY:10%")
      ->capture_default_str();
  as_count(app.add_option("--start", options->start, "how many agents to begin with")
               ->capture_default_str());
  app.add_flag("--quick", options->quick, "a rough answer in five minutes, without incidents");
  options->output.add_options(app);
  app.add_option("--station-port", options->live.station_port,
                 "of our stand-in Station, which a collector at a URL must know as its own");
  options->live.add_connection_options(app);
  return [options] { return capacity(*options); };
}

}  // namespace pap::sim
