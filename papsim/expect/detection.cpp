// SPDX-License-Identifier: MIT
// expect.detection: how long after the last heartbeat deaths were decided.
#include <algorithm>
#include <limits>
#include <map>
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

// Of those who were in one mode at their last beat, in ms.
struct Window {
  std::int64_t earliest = 0;
  std::int64_t latest = 0;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
};
using Windows = std::map<protocol::Mode, Window>;

std::string span_words(std::int64_t from, std::int64_t to) {
  return (from == to ? "" : std::to_string(from) + " to ") + std::to_string(to) + " ms";
}

// "60000 to 63000 ms"; of several modes each by its name.
std::string words(const Windows& windows, std::int64_t Window::*from, std::int64_t Window::*to) {
  std::string text;
  for (const auto& [mode, window] : windows) {
    if (!text.empty()) text += ", ";
    if (windows.size() > 1) text += std::string{to_string(mode)} + ' ';
    text += span_words(window.*from, window.*to);
  }
  return text;
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
    Windows windows;
    std::vector<AgentNumber> early;
    std::vector<AgentNumber> late;
    for (DeathSeen death : run.evidence.deaths()) {
      if (!ids.contains(death.agent)) continue;
      if (expectation.from == DetectedFrom::kEvent) death.silence = since_event(run, death);
      Window& window = windows[death.mode];
      window.earliest = bound_of(run.scenario, death.mode, expectation.earliest).count();
      window.latest = bound_of(run.scenario, death.mode, expectation.latest).count();
      window.least = std::min(window.least, death.silence);
      window.most = std::max(window.most, death.silence);
      ++check.population;
      if (death.silence < window.earliest) early.push_back(death.agent);
      if (death.silence > window.latest) late.push_back(death.agent);
    }
    check.bound = words(windows, &Window::earliest, &Window::latest);
    check.value = words(windows, &Window::least, &Window::most);
    if (check.population == 0) {
      check.verdict = Verdict::kUntested;
      check.value = "no death of these was decided";
    }
    fail_of(run, "", "too early", early, check);
    fail_of(run, "", "too late", late, check);
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
