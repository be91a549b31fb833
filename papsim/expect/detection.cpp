// SPDX-License-Identifier: MIT
// expect.detection: how long after the last heartbeat deaths were decided.
#include <algorithm>
#include <limits>
#include <set>

#include "papsim/expect/evaluate.hpp"
#include "papsim/scenario/bounds.hpp"

namespace pap::sim {

namespace {

// Since the plan last did something to the agent that ends its heartbeats.
std::int64_t since_event(const FinishedRun& run, const DeathSeen& death) {
  std::int64_t last = 0;
  for (const Step& step : run.plan.steps) {
    if (step.at.count() > death.at) break;
    const bool ends = step.kind == StepKind::kStop || step.kind == StepKind::kFreeze ||
                      step.kind == StepKind::kLeave || step.kind == StepKind::kBegin;
    if (!ends) continue;
    for (const AgentNumber agent : run.plan.who_of(step)) {
      if (run.plan.agents[agent].same_id_as == death.agent) last = step.at.count();
    }
  }
  return death.at - last;
}

}  // namespace

void check_detection(const FinishedRun& run, std::vector<Check>& checks) {
  for (const DetectionExpectation& expectation : run.scenario.expect.detection) {
    std::set<AgentNumber> ids;
    for (const AgentNumber agent : agents_of(run.scenario, run.plan, expectation.of)) {
      ids.insert(run.plan.agents[agent].same_id_as);
    }
    Check check;
    check.rule = "detection";
    check.what = "silence before a death is decided";
    check.place = expectation.place;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::int64_t most = std::numeric_limits<std::int64_t>::min();
    std::vector<AgentNumber> outside;
    for (DeathSeen death : run.evidence.deaths()) {
      if (!ids.contains(death.agent)) continue;
      if (expectation.from == DetectedFrom::kEvent) death.silence = since_event(run, death);
      const std::int64_t earliest =
          bound_of(run.scenario, death.mode, expectation.earliest).count();
      const std::int64_t latest = bound_of(run.scenario, death.mode, expectation.latest).count();
      ++check.population;
      least = std::min(least, death.silence);
      most = std::max(most, death.silence);
      check.bound = std::to_string(earliest) + " to " + std::to_string(latest) + " ms";
      if (death.silence < earliest || death.silence > latest) outside.push_back(death.agent);
    }
    if (check.population == 0) {
      check.verdict = Verdict::kUntested;
      check.value = "no death of these was decided";
    } else {
      check.value = std::to_string(least) + " to " + std::to_string(most) + " ms";
    }
    if (!outside.empty()) {
      check.verdict = Verdict::kFailed;
      check.chain.push_back("outside the window: " + some_of(run, outside));
      check.agents = outside;
    }
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
