// SPDX-License-Identifier: MIT
// expect.outbox, .agents, …: figures of the run against bounds.
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "papsim/expect/comparison.hpp"
#include "papsim/expect/evaluate.hpp"

namespace pap::sim {

namespace {

struct Sample {
  std::optional<std::int64_t> value;
  std::uint64_t population = 0;
};

// From the begin of an entry to its last end; without one, to the end of the run.
std::pair<WorldTime, WorldTime> span_of(const FinishedRun& run, std::size_t entry) {
  std::optional<WorldTime> from;
  WorldTime to = std::numeric_limits<WorldTime>::max();
  for (const Step& step : run.plan.steps) {
    if (step.entry != entry) continue;
    if (!from) from = step.at.count();
    if (step.kind == StepKind::kEnd || step.kind == StepKind::kThaw) to = step.at.count();
  }
  return {from.value_or(to), to};
}

// Of how long after 2 x interval deaths were decided.
Sample of_lags(const FinishedRun& run, Statistic statistic, std::optional<std::size_t> during) {
  std::vector<std::int64_t> lags;
  const auto [from, to] =
      during ? span_of(run, *during)
             : std::pair<WorldTime, WorldTime>{0, std::numeric_limits<WorldTime>::max()};
  for (const DeathSeen& death : run.evidence.deaths()) {
    if (death.at < from || death.at > to) continue;
    lags.push_back(death.silence - 2 * protocol::interval_of(death.mode).count());
  }
  if (lags.empty()) return {};
  std::sort(lags.begin(), lags.end());
  const auto at = [&](std::size_t per_thousand) {
    const std::size_t rank = (lags.size() * per_thousand + 999) / 1000;
    return lags[std::max<std::size_t>(rank, 1) - 1];
  };
  Sample sample{std::nullopt, lags.size()};
  switch (statistic) {
    case Statistic::kMin:
      sample.value = lags.front();
      break;
    case Statistic::kP50:
      sample.value = at(500);
      break;
    case Statistic::kP90:
      sample.value = at(900);
      break;
    case Statistic::kP99:
      sample.value = at(990);
      break;
    case Statistic::kP999:
      sample.value = at(999);
      break;
    case Statistic::kValue:
    case Statistic::kMax:
      sample.value = lags.back();
      break;
  }
  return sample;
}

Sample of(const FinishedRun& run, const Threshold& threshold) {
  const auto& name = kMetrics[static_cast<std::size_t>(threshold.metric)];
  if (name.kind == MetricKind::kDistribution) {
    return of_lags(run, threshold.statistic, threshold.during);
  }
  const auto value = run.evidence.figure(threshold.metric, threshold.statistic, threshold.during);
  return {value, value ? std::uint64_t{1} : std::uint64_t{0}};
}

// A figure of 0 that should be more is of what never happened; a distribution has its samples.
void fail(Check& check, const Threshold& threshold, std::int64_t value) {
  const auto& name = kMetrics[static_cast<std::size_t>(threshold.metric)];
  const std::int64_t bound = threshold.value;
  const bool below = value < bound || threshold.comparison == Comparison::kGreater;
  const bool never = below && value == 0 && name.kind != MetricKind::kDistribution;
  check.verdict = Verdict::kFailed;
  check.failures.push_back(
      {check.what + (below ? " below" : " above"), below ? bound - value : value - bound, never});
}

}  // namespace

std::array<std::uint64_t, kMarks.size()> count_marks(const FinishedRun& run) {
  std::array<std::uint64_t, kMarks.size()> counts{};
  std::transform(kMarks.begin(), kMarks.end(), counts.begin(),
                 [&](const MarkName& name) { return run.evidence.reached(name.mark); });
  return counts;
}

void check_figures(const FinishedRun& run, std::vector<Check>& checks) {
  for (const Threshold& threshold : run.scenario.expect.thresholds) {
    const auto& name = kMetrics[static_cast<std::size_t>(threshold.metric)];
    Check check;
    check.rule = "thresholds";
    check.what = std::string{name.section} + '.' + std::string{name.name};
    if (threshold.statistic != Statistic::kValue) {
      check.what += '.';
      check.what += kStatistics[static_cast<std::size_t>(threshold.statistic)].name;
    }
    if (threshold.during) {
      check.what += " during " + run.scenario.timeline[*threshold.during].id;
    }
    check.place = threshold.place;
    check.bound = std::string{sign_of(threshold.comparison)} + std::to_string(threshold.value);
    const Sample sample = of(run, threshold);
    check.population = sample.population;
    if (!sample.value) {
      check.verdict = Verdict::kUntested;
      check.value = "no sample";
    } else {
      check.value = std::to_string(*sample.value);
      if (!holds(*sample.value, threshold.comparison, threshold.value)) {
        fail(check, threshold, *sample.value);
      }
    }
    checks.push_back(std::move(check));
  }
}

void check_marks(const FinishedRun& run, std::vector<Check>& checks) {
  if (run.scenario.expect.reach.empty()) return;
  const auto counts = count_marks(run);
  for (const Reach& reach : run.scenario.expect.reach) {
    Check check;
    check.rule = "reach";
    check.what = kMarks[static_cast<std::size_t>(reach.mark)].name;
    check.place = reach.place;
    check.population = counts[static_cast<std::size_t>(reach.mark)];
    check.value = std::to_string(check.population);
    check.bound = ">= 1";
    if (check.population == 0) {
      check.verdict = Verdict::kFailed;
      check.failures.push_back({check.what, 0, true});
    }
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
