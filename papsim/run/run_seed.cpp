// SPDX-License-Identifier: MIT
#include "papsim/run/run_seed.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "papsim/expect/evaluate.hpp"
#include "papsim/expect/virtual_evidence.hpp"
#include "papsim/oracle/oracle.hpp"
#include "papsim/run/chronicle.hpp"
#include "papsim/run/meta_runs.hpp"
#include "papsim/run/record_run.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

using namespace std::chrono_literals;

// An agent whose beat failed: its time-out, and its time away.
constexpr Millis kBackWithin = 65s;
// A held alert, the longest backoff, the longest wait of a probe, a time-out, and some.
constexpr Millis kTelling = 60s + 60s + 30s + 10s + 10s;

// Groups that the timeline does something to; all, where it does it to collector or Station.
std::vector<bool> touched(const Scenario& scenario) {
  std::vector<bool> groups(scenario.fleet.size());
  const auto touch = [&](auto&& self, const Who& who) -> void {
    if (who.sets.empty()) groups.assign(groups.size(), true);
    for (const AgentSet& set : who.sets) {
      if (set.kind == AgentSet::Kind::kGroup) {
        groups[set.index] = true;
      } else {
        self(self, scenario.timeline[set.index].who);
      }
    }
  };
  for (const Entry& entry : scenario.timeline) touch(touch, entry.who);
  return groups;
}

// May anybody whom the timeline touches be in this mode?
bool in_play(const Scenario& scenario, protocol::Mode mode) {
  const std::vector<bool> groups = touched(scenario);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] && scenario.fleet[i].mode[index_of(mode)] > 0) return true;
  }
  return std::any_of(scenario.timeline.begin(), scenario.timeline.end(), [&](const Entry& entry) {
    const auto* set = std::get_if<SetMode>(&entry.action);
    return set != nullptr && set->mode == mode;
  });
}

// Of all processes with this id.
Oracle::Truth truth_of(const World& world, const Scenario& scenario, const Plan& plan,
                       AgentNumber id) {
  Oracle::Truth truth;
  for (const AgentNumber number : processes_of(scenario, plan, id)) {
    if (!world.fleet().beating(number)) continue;
    truth.living = true;
    if (world.fleet().away(number)) truth.excuse = Excuse::kAgentAway;
    if (world.fleet().starts_in_future(number)) truth.excuse = Excuse::kFutureStart;
    truth.away_until = std::max(truth.away_until, world.fleet().away_until(number));
  }
  return truth;
}

std::vector<bool> living_ids(const World& world, const Plan& plan) {
  std::vector<bool> living(plan.agents.size());
  for (AgentNumber number = 0; number < plan.agents.size(); ++number) {
    // Whose first beat lies beyond the end cannot be known yet.
    const bool has_beaten = plan.agents[number].first_beat.count() < world.now();
    if (world.fleet().beating(number) && has_beaten) living[plan.agents[number].same_id_as] = true;
  }
  return living;
}

// Of half a run: it may have broken rules, and has kept no expectation yet.
void check_half(const FinishedRun& run, WorldTime now, std::vector<Check>& checks) {
  check_rules(run, checks);
  Check check;
  check.verdict = Verdict::kUntested;
  check.rule = "run";
  check.what = "stopped before its end";
  check.value = std::to_string(now) + " ms";
  check.bound = std::to_string((run.scenario.run_for + run.scenario.settle).count()) + " ms";
  check.population = run.evidence.beats_accepted();
  checks.push_back(std::move(check));
}

// A negative scenario passes by failing as it says; `whole`: if it had the time to.
Verdict turned_round(const Scenario& scenario, bool whole, std::vector<Check>& checks) {
  Check check;
  check.rule = "fails";
  check.what = "must fail by";
  bool caught = false;
  for (const Rule rule : scenario.fails) {
    const std::string_view name = kRules[static_cast<std::size_t>(rule)].name;
    check.what += ' ';
    check.what += name;
    for (Check& each : checks) {
      if (each.verdict == Verdict::kFailed && each.rule == name) {
        caught = true;
        check.value = each.rule + ": " + each.value;
        check.chain = each.chain;
        check.agents = each.agents;
        check.at = each.at;
      }
    }
  }
  check.population = 1;
  if (!caught) {
    check.verdict = whole ? Verdict::kFailed : Verdict::kUntested;
    check.value = "nothing of these failed";
  }
  const Verdict verdict = check.verdict;
  if (caught) std::erase_if(checks, [](const Check& c) { return c.verdict != Verdict::kPassed; });
  checks.push_back(std::move(check));
  return verdict;
}

}  // namespace

Millis settle_time(const Scenario& scenario) {
  if (scenario.timeline.empty()) return scenario.settle;
  Millis longest{0};
  for (const protocol::Mode mode : protocol::kModes) {
    if (!in_play(scenario, mode) && mode != protocol::Mode::kEmergency) continue;
    const Millis interval = protocol::interval_of(mode);
    // Back after two intervals with their jitter, or silent and excused by a last pause.
    longest = std::max(longest, kBackWithin + 3 * interval + interval + interval / 10);
  }
  Millis wait{0};
  for (const Entry& entry : scenario.timeline) {
    if (const auto* fault = std::get_if<StationFault>(&entry.action)) {
      wait = std::max(wait, std::min<Millis>(fault->retry_after.value_or(5s), 300s));
    }
  }
  return std::max(scenario.settle, longest + kBackWithin + kTelling + wait);
}

SeedResult run_seed(const Scenario& scenario, std::uint64_t seed, RunProgress& progress) {
  return record_seed(scenario, seed, progress, [](Verdict) { return false; });
}

SeedResult record_seed(const Scenario& as_given, std::uint64_t seed, RunProgress& progress,
                       const std::function<bool(Verdict)>& is_recorded) {
  Scenario scenario = as_given;
  scenario.settle = settle_time(scenario);
  SeedResult result;
  result.seed = seed;

  std::vector<PlanError> errors;
  const Plan plan = make_plan(scenario, seed, errors);
  if (!errors.empty()) {
    for (const PlanError& error : errors) {
      Check check;
      check.verdict = Verdict::kVoid;
      check.rule = "plan";
      check.what = error.message;
      check.place = error.place;
      result.checks.push_back(std::move(check));
    }
    result.verdict = Verdict::kVoid;
    return result;
  }

  Oracle oracle(scenario, plan);
  const auto world = std::make_unique<World>(scenario, plan, oracle);
  oracle.know(world->identities());
  oracle.ask([&](AgentNumber id) { return truth_of(*world, scenario, plan, id); });
  oracle.ask_collector([&](AgentNumber id) { return world->shows_healthy(id); });
  const auto stop = [&progress] { return progress.stopped(); };
  std::uint64_t told = 0;
  world->run([&] {
    const std::uint64_t accepted = world->figures().beats_accepted;
    progress.heartbeats += accepted - std::exchange(told, accepted);
    progress.virtual_ms = world->now();
    return stop();
  });
  progress.heartbeats += world->figures().beats_accepted - told;

  result.interrupted = progress.stop;
  if (!result.interrupted) {
    // In the collector's time, as all that the oracle was told.
    oracle.finish(world->host().mono(), world->host().core(), living_ids(*world, plan),
                  world->count_listed());
  }
  result.digest = world->digest();
  result.heartbeats = world->figures().beats_accepted;
  result.alerts = oracle.told().size();
  result.virtual_ms = world->now();
  const VirtualEvidence evidence(*world, oracle);
  const FinishedRun run{scenario, plan, evidence};
  if (result.interrupted) {
    check_half(run, world->now(), result.checks);
  } else {
    result.checks = evaluate(run);
    result.marks = count_marks(run);
    result.outcome = outcome_of(evidence);
    check_wall(run, stop, result.checks);
    check_names(run, stop, result.checks);
    result.interrupted = stop();
  }
  for (const Check& check : result.checks) result.verdict = worse(result.verdict, check.verdict);
  if (!scenario.fails.empty()) {
    result.verdict = turned_round(scenario, !result.interrupted, result.checks);
  }
  if (!result.interrupted && is_recorded(result.verdict)) {
    result.recording = record_run(scenario, plan, oracle, result.checks, stop);
  }
  if (result.verdict == Verdict::kFailed && !result.interrupted && progress.stories) {
    tell_stories(scenario, plan, stop, result.checks);
  }
  return result;
}

}  // namespace pap::sim
