// SPDX-License-Identifier: MIT
#include "papsim/swarm/small_worlds.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "papsim/world/collector_host.hpp"
#include "papsim/world/instants.hpp"
#include "papsim/world/notices.hpp"

namespace pap::sim {

namespace {

using protocol::Mode;

enum class Move : std::uint8_t { kBeatA, kBeatB, kEmergencyA, kRestartA, kWaitI, kWaitDeath };
constexpr std::array<const char*, 6> kMoves{"beat A",    "beat B", "EMERGENCY A",
                                            "restart A", "wait I", "wait 2I + slack"};
enum class Mood : std::uint8_t { kStores, kFails, kRefuses };
constexpr std::array<const char*, 3> kMoods{"2xx", "5xx", "400"};
constexpr std::array<std::uint16_t, 3> kStatuses{201, 503, 400};

constexpr WorldTime kInterval = 30'000;  // of IDLE
constexpr WorldTime kDeath = 63'000;
constexpr WorldTime kLatency = 5;
// Healed, and until everything due is told: the longest backoff, a probe, and a death.
constexpr WorldTime kSettle = 300'000;
// Agents began so long before the run.
constexpr double kUptime = 3'600;
constexpr std::uint64_t kPiece = 1'000;  // worlds that a thread takes at a time

constexpr std::string_view kFile =
    "papsim: 1\nname: small\nrun: {for: 1h}\n"
    "fleet: {a: {count: 1, id: a}, b: {count: 1, id: b}}\nexpect: {alerts: {\"*\": none}}\n";

// What is the same in all of them.
struct Setting {
  Setting()
      : scenario(ScenarioFile::from_text("small.yaml", kFile).as_written()),
        plan(plan_of(scenario)),
        identities(scenario, plan),
        settings(settings_of(scenario)) {}

  // Nobody has planned when somebody beats first.
  static Plan plan_of(const Scenario& scenario) {
    std::vector<PlanError> errors;
    Plan plan = make_plan(scenario, 1, errors);
    for (PlannedAgent& agent : plan.agents) agent.first_beat = Millis::max() / 2;
    return plan;
  }

  const Scenario scenario;
  const Plan plan;
  const Identities identities;
  const core::CollectorSettings settings;
};

class SmallWorld {
 public:
  explicit SmallWorld(const Setting& setting)
      : setting_(setting),
        oracle_(setting.scenario, setting.plan),
        core_(setting.settings, instant()) {
    oracle_.know(setting.identities);
    oracle_.ask_collector([this](AgentNumber agent) { return shows_healthy(agent); });
    oracle_.started(now_);
  }

  void step(Move step, Mood mood) {
    mood_ = mood;
    switch (step) {
      case Move::kBeatA:
        return beat(0, mode_of_a_);
      case Move::kBeatB:
        return beat(1, Mode::kIdle);
      case Move::kEmergencyA:
        mode_of_a_ = mode_of_a_ == Mode::kEmergency ? Mode::kIdle : Mode::kEmergency;
        return beat(0, mode_of_a_);
      case Move::kRestartA:
        started_a_ = now_;
        return beat(0, mode_of_a_);
      case Move::kWaitI:
        return wait(kInterval);
      case Move::kWaitDeath:
        return wait(kDeath);
    }
  }

  SmallWorldResult finish() {
    mood_ = Mood::kStores;
    oracle_.healed(now_);
    wait(kSettle);
    oracle_.finish(now_, core_, {false, false}, core_.stats().total);
    SmallWorldResult result;
    if (!oracle_.violations().empty()) result.broken = oracle_.violations().front();
    result.deaths = oracle_.deaths().size();
    result.alerts = oracle_.told().size();
    return result;
  }

 private:
  core::Instant instant() const { return instant_of(now_, now_); }
  core::Instant call() {
    oracle_.called(now_);
    return instant();
  }
  std::optional<bool> shows_healthy(AgentNumber agent) {
    std::string answer;
    if (!core_.append_agent(answer, setting_.identities.of(agent), instant())) return std::nullopt;
    return nlohmann::json::parse(answer).at("agent").at("healthy").get<bool>();
  }

  void beat(AgentNumber agent, Mode mode) {
    wait(1);  // no two things in one moment
    const WorldTime started = agent == 0 ? started_a_ : kLongAgo;
    const double uptime = started == kLongAgo ? kUptime + seconds(now_) : seconds(now_ - started);
    const core::HeartbeatOutcome outcome =
        core_.heartbeat(setting_.identities.of(agent), {mode, uptime, {}}, call());
    oracle_.accepted(now_, {agent, mode, uptime},
                     {outcome.is_new, outcome.restart_detected, outcome.mode});
    pump();
  }

  void wait(WorldTime time) {
    const WorldTime end = now_ + time;
    while (now_ < end) {
      const WorldTime next = world_time_of(core_.next_deadline(instant()));
      now_ = std::clamp(next, now_ + 1, end);
      if (answer_at_ && *answer_at_ <= now_) {
        now_ = *answer_at_;
        answer();
        continue;
      }
      while (core_.tick(call())) {
      }
      pump();
    }
  }

  // One post at a time, answered a little later.
  void pump() {
    tell(oracle_, now_, setting_.identities, core_.take_notices());
    while (!answer_at_ && core_.has_work()) {
      auto delivery = core_.next_delivery(call());
      tell(oracle_, now_, setting_.identities, core_.take_notices());
      if (!delivery) return;
      oracle_.posted(now_, delivery->idempotency_key, delivery->body);
      posted_ = std::move(*delivery);
      answer_at_ = now_ + kLatency;
    }
  }

  void answer() {
    answer_at_.reset();
    const std::uint16_t status = kStatuses[static_cast<std::size_t>(mood_)];
    oracle_.answered(now_, posted_.idempotency_key, status, std::nullopt);
    core_.station_answered(posted_.sequence, {status, std::nullopt, {}}, call());
    pump();
  }

  static double seconds(WorldTime time) { return static_cast<double>(time) / 1000; }
  static constexpr WorldTime kLongAgo = -1;

  const Setting& setting_;
  Oracle oracle_;
  WorldTime now_ = 0;
  core::Collector core_;
  Mood mood_ = Mood::kStores;
  Mode mode_of_a_ = Mode::kIdle;
  WorldTime started_a_ = kLongAgo;
  core::Delivery posted_;
  std::optional<WorldTime> answer_at_;
};

std::uint64_t just(unsigned length) {
  std::uint64_t worlds = 1;
  for (unsigned i = 0; i < length; ++i) worlds *= kSmallSteps;
  return worlds;
}

// The steps are the digits of its number.
template <typename Take>
void for_each_step(std::uint64_t number, unsigned length, Take&& take) {
  for (std::uint64_t unit = just(length) / kSmallSteps; unit > 0; unit /= kSmallSteps) {
    const auto digit = static_cast<std::size_t>(number / unit % kSmallSteps);
    take(digit / kMoods.size(), digit % kMoods.size());
  }
}

SmallWorldResult run(const Setting& setting, std::uint64_t number, unsigned length) {
  SmallWorld world(setting);
  for_each_step(number, length, [&](std::size_t step, std::size_t mood) {
    world.step(static_cast<Move>(step), static_cast<Mood>(mood));
  });
  return world.finish();
}

}  // namespace

std::uint64_t small_worlds(unsigned length) {
  std::uint64_t worlds = 0;
  for (unsigned i = 1; i <= length; ++i) worlds += just(i);
  return worlds;
}

std::string small_world_words(std::uint64_t number, unsigned length) {
  std::string words;
  for_each_step(number, length, [&](std::size_t step, std::size_t mood) {
    words += (words.empty() ? "" : "; ") + std::string{kMoves[step]} + ", " + kMoods[mood];
  });
  return words;
}

SmallWorldResult run_small_world(std::uint64_t number, unsigned length) {
  return run(Setting{}, number, length);
}

SmallWorldsReport run_small_worlds(unsigned length, unsigned jobs,
                                   const std::function<bool(const SmallWorldsReport&)>& told) {
  const Setting setting;
  SmallWorldsReport report;
  std::mutex mutex;
  for (unsigned steps = 1; steps <= length && report.whole; ++steps) {
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> go_on{true};
    const auto work = [&] {
      for (;;) {
        const std::uint64_t begin = next.fetch_add(kPiece);
        if (begin >= just(steps) || !go_on) return;
        const std::uint64_t end = std::min(begin + kPiece, just(steps));
        SmallWorldsReport part;
        for (std::uint64_t number = begin; number < end; ++number) {
          const SmallWorldResult result = run(setting, number, steps);
          part.deaths += result.deaths;
          part.alerts += result.alerts;
          if (!result.broken || part.broken++ > 0) continue;
          part.first = std::string{to_string(result.broken->rule)} + ": " + result.broken->agent +
                       ' ' + result.broken->what + "\n        " + small_world_words(number, steps);
        }
        const std::lock_guard lock(mutex);
        if (report.broken == 0) report.first = part.first;
        report.broken += part.broken;
        report.deaths += part.deaths;
        report.alerts += part.alerts;
        report.worlds += end - begin;
        if (!told(report)) go_on = false;
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
    work();
    threads.clear();
    report.whole = go_on;
  }
  return report;
}

}  // namespace pap::sim
