// SPDX-License-Identifier: MIT
#include "papsim/live/live_run.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

#include "papsim/expect/comparison.hpp"
#include "papsim/expect/evaluate.hpp"
#include "papsim/live/collector_metrics.hpp"

namespace pap::sim {

namespace {

class LiveEvidence final : public Evidence {
 public:
  explicit LiveEvidence(const LiveWorld& world) : world_(world) {}

  const Identities& identities() const override { return world_.identities(); }
  std::string_view rules() const override { return LiveOracle::kRulesWatched; }
  std::uint64_t beats_accepted() const override { return world_.oracle().beats_accepted(); }
  std::uint64_t restarts() const override { return world_.restarts(); }
  std::uint64_t bites(std::uint32_t entry) const override { return world_.bites(entry); }
  std::span<const Told> told() const override { return world_.oracle().told(); }
  std::span<const DeathSeen> deaths() const override { return world_.oracle().deaths(); }
  std::span<const Decision> decisions() const override { return {}; }
  std::span<const Violation> violations() const override { return world_.oracle().violations(); }
  std::uint64_t violation_count(Rule rule) const override {
    return world_.oracle().violation_count(rule);
  }
  // The collector alone knows whom it dropped; what is missing is missed by expect.alerts.
  std::vector<AgentNumber> lost(DropCause) const override { return {}; }
  std::span<const AgentNumber> turned_away() const override { return {}; }
  std::span<const AgentNumber> left() const override { return {}; }
  std::uint64_t reached(Mark) const override { return 0; }
  std::optional<std::int64_t> figure(Metric metric, Statistic statistic,
                                     std::optional<std::size_t> during) const override {
    return world_.figure(metric, statistic, during);
  }

 private:
  const LiveWorld& world_;
};

// --- what cannot be done, or seen ---

std::string_view why_not(const CollectorFault& fault, bool spawned) {
  using Kind = CollectorFault::Kind;
  switch (fault.kind) {
    case Kind::kSuspend:
      return "the collector's machine is ours too, and goes on: `suspend` is for virtual time";
    case Kind::kDeaf:
      return "nobody here can take its connections away: `deaf` is for virtual time";
    case Kind::kWallStep:
    case Kind::kWallDrift:
    case Kind::kWallFreeze:
    case Kind::kMonotonicStep:
    case Kind::kMonotonicDrift:
      return "the collector's clocks are this machine's: they are moved in virtual time only";
    case Kind::kPause:
    case Kind::kRestart:
    case Kind::kStarve:
      break;
  }
  return spawned ? "" : "only a collector that papsim started can be stopped: give --spawn";
}

bool seen_live(const Threshold& threshold) {
  switch (threshold.metric) {
    case Metric::kOutboxLeft:
      return false;
    case Metric::kDetectionLagMs:
    case Metric::kHeartbeatsSent:
    case Metric::kHeartbeatsAccepted:
    case Metric::kHeartbeatsRefused:
    case Metric::kHeartbeatsFailed:
    case Metric::kHeartbeatsToStation:
    case Metric::kStationPosts:
    case Metric::kStationStored:
    case Metric::kStationStoredTwice:
      return true;
    default:
      return is_served(threshold.metric);
  }
}

std::string name_of(const Threshold& threshold) {
  const auto& name = kMetrics[static_cast<std::size_t>(threshold.metric)];
  return std::string{name.section} + '.' + std::string{name.name};
}

// --- the harness's own figures ---

Check row(const char* rule, std::string what) {
  Check check;
  check.rule = rule;
  check.what = std::move(what);
  return check;
}

std::int64_t whole_ms(std::uint64_t micros) {
  return static_cast<std::int64_t>(micros + 999) / 1000;
}

void check_harness(const Scenario& scenario, const LiveFigures& figures,
                   std::vector<Check>& checks) {
  Check lag = row("harness", "our own lag, p99");
  lag.population = figures.lag.count();
  const std::int64_t late = whole_ms(figures.lag.quantile(990'000));
  lag.value = std::to_string(late) + " ms";
  const std::int64_t most = scenario.expect.live.empty() ? kMostLagMs : kMostLagWhereMeasuredMs;
  lag.bound = "<= " + std::to_string(most) + " ms";
  if (late > most) lag.verdict = Verdict::kVoid;
  checks.push_back(std::move(lag));

  Check sent = row("harness", "heartbeats sent of those that fell due");
  sent.population = figures.planned;
  sent.value = std::to_string(figures.sent) + " of " + std::to_string(figures.planned);
  sent.bound = ">= 99.5 %";
  if (figures.sent * kAll < figures.planned * kLeastSent) sent.verdict = Verdict::kVoid;
  checks.push_back(std::move(sent));
}

std::uint32_t per_million(Statistic statistic) {
  switch (statistic) {
    case Statistic::kP50:
      return 500'000;
    case Statistic::kP90:
      return 900'000;
    case Statistic::kP99:
      return 990'000;
    case Statistic::kP999:
      return 999'000;
    default:
      return kAll;
  }
}

// expect.live. What is ours, the lag, makes a run void and not wrong.
void check_live(const Scenario& scenario, const LiveFigures& figures, std::vector<Check>& checks) {
  for (const Threshold& threshold : scenario.expect.live) {
    Check check = row("live", name_of(threshold));
    check.place = threshold.place;
    std::int64_t value = static_cast<std::int64_t>(figures.planned - figures.accepted);
    check.population = figures.planned;
    if (threshold.metric != Metric::kLiveErrors) {
      const Histogram& times =
          threshold.metric == Metric::kLiveAnswerMs ? figures.answer : figures.lag;
      check.what += '.';
      check.what += kStatistics[static_cast<std::size_t>(threshold.statistic)].name;
      check.population = times.count();
      value = whole_ms(times.quantile(per_million(threshold.statistic)));
    }
    check.value = std::to_string(value);
    check.bound = std::string{sign_of(threshold.comparison)} + std::to_string(threshold.value);
    if (check.population == 0) {
      check.verdict = Verdict::kUntested;
    } else if (!holds(value, threshold.comparison, threshold.value)) {
      const bool ours = threshold.metric == Metric::kLiveSendLagMs;
      check.verdict = ours ? Verdict::kVoid : Verdict::kFailed;
    }
    checks.push_back(std::move(check));
  }
}

Check hindered(const std::string& why) {
  Check check = row("harness", "the run");
  check.verdict = Verdict::kVoid;
  check.value = why;
  return check;
}

LiveSummary summary_of(const LiveFigures& figures) {
  LiveSummary summary;
  summary.planned = figures.planned;
  summary.sent = figures.sent;
  summary.accepted = figures.accepted;
  for (std::size_t i = 0; i < figures.ends.size(); ++i) {
    if (figures.ends[i] > 0)
      summary.ends.emplace_back(words(RequestClient::End(i)), figures.ends[i]);
  }
  for (std::size_t i = 0; i < figures.by_status.size(); ++i) {
    if (figures.by_status[i] > 0) summary.statuses.emplace_back(i, figures.by_status[i]);
  }
  summary.answer_us = percentiles_of(figures.answer);
  summary.exchange_us = percentiles_of(figures.exchange);
  summary.lag_us = percentiles_of(figures.lag);
  return summary;
}

}  // namespace

std::vector<Problem> live_refusals(const Scenario& scenario, const LiveOptions& options) {
  Problems problems;
  const bool spawned = !options.spawn.empty();
  for (const Entry& entry : scenario.timeline) {
    if (const auto* fault = std::get_if<CollectorFault>(&entry.action)) {
      const std::string_view why = why_not(*fault, spawned);
      if (!why.empty()) problems.add(entry.place, entry.id + ": " + std::string{why});
    }
    if (std::holds_alternative<NetFault>(entry.action) && entry.who.sets.empty()) {
      problems.add(entry.place, entry.id +
                                    ": the link between collector and Station is not ours; "
                                    "in virtual time it is, live a `station` fault does");
    }
  }
  if (!spawned && scenario.collector != CollectorConfig{}) {
    problems.add({},
                 "collector: a collector that is there already has its own settings; "
                 "give --spawn");
  }
  if (!scenario.fails.empty() || scenario.sabotage) {
    problems.add({}, "a canary lies between collector and oracle: in virtual time only");
  }
  for (const Reach& reach : scenario.expect.reach) {
    problems.add(reach.place,
                 "a mark in the code is not seen from outside: reach is for virtual time");
  }
  for (const Threshold& threshold : scenario.expect.thresholds) {
    if (!seen_live(threshold)) {
      problems.add(threshold.place, name_of(threshold) + " is not seen from outside");
    }
  }
  return problems.sorted();
}

SeedResult run_live(const Scenario& scenario, std::uint64_t seed, const LiveOptions& options,
                    const std::function<bool()>& stop) {
  SeedResult result;
  result.seed = seed;
  std::vector<PlanError> errors;
  const Plan plan = make_plan(scenario, seed, errors);
  for (const PlanError& error : errors) {
    Check check = row("plan", error.message);
    check.verdict = Verdict::kVoid;
    check.place = error.place;
    result.checks.push_back(std::move(check));
  }
  if (errors.empty()) {
    try {
      const auto world = std::make_unique<LiveWorld>(scenario, plan, options);
      world->run(stop);
      result.interrupted = stop();
      result.heartbeats = world->figures().accepted;
      result.alerts = world->oracle().told().size();
      result.virtual_ms = world->now();
      result.live = summary_of(world->figures());
      const LiveEvidence evidence(*world);
      const FinishedRun run{scenario, plan, evidence};
      if (result.interrupted) {
        check_rules(run, result.checks);
        result.checks.push_back(hindered("stopped before its end"));
      } else {
        check_harness(scenario, world->figures(), result.checks);
        auto checks = evaluate(run);
        std::move(checks.begin(), checks.end(), std::back_inserter(result.checks));
        check_live(scenario, world->figures(), result.checks);
        result.outcome = outcome_of(evidence);
      }
    } catch (const std::exception& hindrance) {
      result.checks.push_back(hindered(hindrance.what()));
    }
  }
  for (const Check& check : result.checks) result.verdict = worse(result.verdict, check.verdict);
  return result;
}

}  // namespace pap::sim
