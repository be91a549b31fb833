// SPDX-License-Identifier: MIT
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <boost/system/system_error.hpp>
#include <nlohmann/json.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"
#include "papsim/commands/options.hpp"
#include "papsim/live/station_reply.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/stand_in/alert_rules.hpp"
#include "papsim/stand_in/station.hpp"
#include "papsim/world/identities.hpp"

namespace pap::sim {
namespace {

struct StationOptions {
  std::uint16_t port = 0;
  std::string host = "127.0.0.1";
  std::string key;
  bool any_id = false;
  std::string script;
  std::string record;
  // Trouble from the start to the end.
  int status = 0;
  std::string retry_after;
  std::string slow;
  std::uint32_t limit = 0;
  bool hang = false;
  bool reset = false;
  bool garbage = false;
  bool down = false;
  std::string share;
};

// What stands on the command line, as a fault; none when there is none. `bad`: what is wrong.
std::optional<StationFault> fault_of(const StationOptions& options, std::string& bad) {
  using Kind = StationFault::Kind;
  StationFault fault;
  int kinds = 0;
  const auto is = [&](bool given, Kind kind) {
    if (!given) return;
    fault.kind = kind;
    ++kinds;
  };
  is(options.status != 0, Kind::kStatus);
  is(!options.slow.empty(), Kind::kSlow);
  is(options.limit != 0, Kind::kLimit);
  is(options.hang, Kind::kHang);
  is(options.reset, Kind::kReset);
  is(options.garbage, Kind::kGarbage);
  is(options.down, Kind::kDown);
  if (kinds > 1) bad = "one kind of trouble at a time; a --script can have several";
  fault.status = static_cast<std::uint16_t>(options.status);
  fault.per_second = options.limit;
  if (!options.slow.empty()) {
    const auto delay = parse_duration(options.slow);
    if (!delay) bad = "--slow takes a time such as 300ms, not \"" + options.slow + '"';
    fault.delay = delay.value_or(Millis{0});
  }
  if (!options.retry_after.empty()) {
    fault.retry_after = parse_duration(options.retry_after);
    if (!fault.retry_after) {
      bad = "--retry-after takes a time such as 20s, not \"" + options.retry_after + '"';
    }
  }
  if (!options.share.empty()) {
    const auto share = parse_share(options.share);
    if (!share) bad = "--share takes a part such as 10%, not \"" + options.share + '"';
    fault.share = share.value_or(kAll);
  }
  if (kinds == 0 && (fault.retry_after || fault.share != kAll)) {
    bad = "--retry-after and --share say more of a trouble, and there is none";
  }
  return kinds == 0 ? std::nullopt : std::optional(fault);
}

// Decides as the virtual Station does: by what the command line says, or the script at its time.
class Desk {
 public:
  Desk(const StationOptions& options, std::optional<Planned> script,
       const std::optional<StationFault>& fault)
      : rules_{options.key, !options.any_id}, script_(std::move(script)) {
    if (script_) identities_.emplace(script_->scenario, script_->plan);
    if (fault) station_.begin(0, *fault, {});
  }

  StationAct decide(const ReceivedAlert& received) {
    const auto since = std::chrono::steady_clock::now() - began_;
    const WorldTime now = std::chrono::duration_cast<Millis>(since).count();
    if (script_) follow(now);
    // What is no alert is refused as such, in trouble or not.
    if (check_alert(rules_, header_of(received, "authorization"),
                    header_of(received, "content-type"), received.body)) {
      return StationAct::judge();
    }
    const std::string id = received.alert.value("agent_uuid", "");
    const AgentNumber agent = identities_ ? identities_->find(id) : 0;
    return act_of(station_.post(now, agent, id), now);
  }

 private:
  void follow(WorldTime now) {
    const auto& steps = script_->plan.steps;
    for (; next_ < steps.size() && steps[next_].at.count() <= now; ++next_) {
      const Step& step = steps[next_];
      const auto* fault = std::get_if<StationFault>(&script_->scenario.timeline[step.entry].action);
      if (fault == nullptr) continue;
      station_.follow(step, *fault, script_->plan.who_of(step));
    }
    if (now >= script_->scenario.run_for.count()) station_.heal();
  }

  const AlertRules rules_;
  const std::optional<Planned> script_;
  std::optional<Identities> identities_;
  VirtualStation station_{1};
  std::size_t next_ = 0;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

int serve(const StationOptions& options) {
  std::string bad;
  const auto fault = fault_of(options, bad);
  if (!bad.empty()) {
    std::fprintf(stderr, "papsim: %s\n", bad.c_str());
    return kUsage;
  }
  std::optional<Planned> script;
  if (!options.script.empty()) {
    const auto file = load_scenario(options.script);
    if (!file) return kUsage;
    script = plan_scenario(*file, file->as_written().ci.first);
    if (!script) return kUsage;
  }
  std::ofstream record;
  if (!options.record.empty()) {
    record.open(options.record, std::ios::app | std::ios::binary);
    if (!record) {
      std::fprintf(stderr, "papsim: cannot write %s\n", options.record.c_str());
      return kUsage;
    }
  }

  // Blocked before the Station's thread starts, so that only sigwait() below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const pthread_t waiter = pthread_self();

  Desk desk(options, std::move(script), fault);
  StationWish wish;
  wish.port = options.port;
  wish.host = options.host;
  wish.key = options.key;
  wish.only_uuids = !options.any_id;
  wish.keeps = false;
  Station station(wish);
  station.decide([&](const ReceivedAlert& received) { return desk.decide(received); });
  station.on_alert([&](const ReceivedAlert& received) {
    const bool shown =
        std::printf("%s\n", line_of(received).c_str()) >= 0 && std::fflush(stdout) == 0;
    if (record.is_open()) {
      constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
      record << record_of(received).dump(-1, ' ', false, kReplace) << std::endl;
    }
    // A record with holes is none, and nobody reads what nobody takes.
    if (!shown || !record) pthread_kill(waiter, SIGUSR1);
  });
  std::printf("listening on %s\n", station.url().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  if (signal != SIGUSR1) return signal == SIGINT ? kStopped : kPass;
  std::fprintf(stderr, "papsim: cannot write %s\n", record ? "to stdout" : options.record.c_str());
  return kInvalid;
}

int station(const StationOptions& options) {
  try {
    return serve(options);
  } catch (const boost::system::system_error& error) {
    // Its own what() names the line of the library, too.
    std::fprintf(stderr, "papsim: cannot listen on %s:%u: %s\n", options.host.c_str(),
                 unsigned{options.port}, error.code().message().c_str());
    return kInvalid;
  }
}

}  // namespace

Run prepare_station(CLI::App& app) {
  auto options = std::make_shared<StationOptions>();
  app.add_option("--port", options->port, "where it listens (default: a free port, printed)");
  app.add_option("--host", options->host, "address that it listens on")->capture_default_str();
  app.add_option("--key", options->key, "key that alerts must carry (default: any)");
  app.add_flag("--any-id", options->any_id, "take agent ids that are no UUIDs");
  app.add_option("--script", options->script,
                 "scenario file: its `station` entries happen at their times, from now on");
  app.add_option("--record", options->record, "add each alert to this file, a line of JSON each");
  app.add_option("--status", options->status, "answer everything with this status")
      ->check(CLI::Range(200, 599));
  app.add_option("--retry-after", options->retry_after, "… and this Retry-After");
  app.add_option("--slow", options->slow, "answer so late");
  as_count(app.add_option("--limit", options->limit, "take so many a second, 429 beyond"));
  app.add_flag("--hang", options->hang, "never answer");
  app.add_flag("--reset", options->reset, "take what comes and break the connection");
  app.add_flag("--garbage", options->garbage, "answer what is no HTTP");
  app.add_flag("--down", options->down, "take nothing, and break the connection");
  app.add_option("--share", options->share, "that trouble only for this part of the alerts");
  return [options] { return station(*options); };
}

}  // namespace pap::sim
