// SPDX-License-Identifier: MIT
#include "papsim/expect/evaluate.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "papsim/expect/counted.hpp"

namespace pap::sim {

std::vector<Check> evaluate(const FinishedRun& run) {
  std::vector<Check> checks;
  check_faults(run, checks);
  check_rules(run, checks);
  check_alerts(run, checks);
  check_detection(run, checks);
  check_figures(run, checks);
  check_allow(run, checks);
  check_marks(run, checks);
  return checks;
}

std::string some_of(const FinishedRun& run, const std::vector<AgentNumber>& agents) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < agents.size() && i < kNamed; ++i) {
    if (i > 0) text += ", ";
    text += run.evidence.identities().text_of(agents[i]);
  }
  if (agents.size() > kNamed) text += " and " + std::to_string(agents.size() - kNamed) + " more";
  return text;
}

void fail_of(const FinishedRun& run, const std::string& about, const char* how,
             const std::vector<AgentNumber>& agents, Check& check) {
  if (agents.empty()) return;
  check.verdict = Verdict::kFailed;
  check.failures.push_back({about + how});
  check.chain.push_back(std::string{how} + ": " + some_of(run, agents));
  check.agents.insert(check.agents.end(), agents.begin(), agents.end());
}

RunOutcome outcome_of(const Evidence& evidence) {
  RunOutcome outcome;
  std::map<std::pair<protocol::AlertType, AgentNumber>, std::uint32_t> told;
  for (const auto& [agent, type] : evidence.told()) ++told[{type, agent}];
  outcome.whole = told.size() <= RunOutcome::kMost && evidence.deaths().size() <= RunOutcome::kMost;
  if (!outcome.whole) return outcome;
  for (const auto& [which, times] : told) {
    outcome.alerts.push_back(
        {std::string{to_string(which.first)}, evidence.identities().text_of(which.second), times});
  }
  for (const DeathSeen& death : evidence.deaths()) {
    outcome.deaths.push_back({evidence.identities().text_of(death.agent),
                              std::string{to_string(death.mode)}, death.silence});
  }
  return outcome;
}

// --- faults: did each of them bite? ---

void check_faults(const FinishedRun& run, std::vector<Check>& checks) {
  for (std::uint32_t entry = 0; entry < run.scenario.timeline.size(); ++entry) {
    const Entry& each = run.scenario.timeline[entry];
    const bool is_fault = std::holds_alternative<NetFault>(each.action) ||
                          std::holds_alternative<StationFault>(each.action) ||
                          std::holds_alternative<CollectorFault>(each.action);
    Check check;
    check.rule = "fault";
    check.what = each.id;
    check.place = each.place;
    if (is_fault) {
      check.population = run.evidence.bites(entry);
      check.value = counted(check.population, "bite");
    } else {
      check.population = run.plan.picked[entry].size();
      check.value = counted(check.population, "agent");
    }
    check.bound = "at least 1";
    const auto* station = std::get_if<StationFault>(&each.action);
    const bool only_sets = station != nullptr && station->kind == StationFault::Kind::kIds;
    if (check.population == 0 && !only_sets) check.verdict = Verdict::kUntested;
    checks.push_back(std::move(check));
  }
}

// --- the oracle's rules ---

namespace {

// How much there was that could have broken this rule.
std::uint64_t population_of(const FinishedRun& run, Rule rule) {
  switch (rule) {
    case Rule::kS1:
    case Rule::kS2:
    case Rule::kL1:
    case Rule::kL3:
      return run.evidence.deaths().size();
    case Rule::kS4:
    case Rule::kS5:
    case Rule::kL5:
      return run.evidence.beats_accepted();
    case Rule::kS3:
    case Rule::kS6:
    case Rule::kS7:
    case Rule::kS8:
    case Rule::kS9:
    case Rule::kL2:
    case Rule::kL6:
      return run.evidence.told().size();
    case Rule::kL7:
      return run.evidence.restarts();
    default:
      return run.plan.agents.size();
  }
}

// What the scenario last did to the agent before it went wrong, else its group; without an agent,
// what it last did to the collector or the Station.
Place place_of(const FinishedRun& run, const Violation& violation) {
  const bool about_agent = violation.number < run.plan.agents.size();
  Place place;
  if (about_agent) place = run.scenario.fleet[run.plan.agents[violation.number].group].place;
  for (const Step& step : run.plan.steps) {
    if (step.at.count() > violation.at) break;
    if (!about_agent && step.count == 0) place = run.scenario.timeline[step.entry].place;
    for (const AgentNumber agent : run.plan.who_of(step)) {
      if (run.plan.agents[agent].same_id_as != violation.number) continue;
      place = run.scenario.timeline[step.entry].place;
    }
  }
  return place;
}

Check broken(const FinishedRun& run, const Violation& violation) {
  Check check;
  check.verdict = Verdict::kFailed;
  check.rule = kRules[static_cast<std::size_t>(violation.rule)].name;
  check.what = kRules[static_cast<std::size_t>(violation.rule)].about;
  check.place = place_of(run, violation);
  check.value = violation.agent.empty() ? violation.what : violation.agent + ' ' + violation.what;
  check.bound = violation.bound.empty() ? "never" : violation.bound;
  check.population = population_of(run, violation.rule);
  check.at = violation.at;
  if (violation.number < run.plan.agents.size()) check.agents.push_back(violation.number);
  return check;
}

}  // namespace

// One row a rule: the first violation, and of the others how many.
void check_rules(const FinishedRun& run, std::vector<Check>& checks) {
  const std::span<const Violation> violations = run.evidence.violations();
  for (const RuleName& rule : kRules) {
    const auto is_of = [&](const Violation& v) { return v.rule == rule.rule; };
    const auto first = std::find_if(violations.begin(), violations.end(), is_of);
    if (first == violations.end()) continue;
    Check check = broken(run, *first);
    const std::uint64_t more = run.evidence.violation_count(rule.rule) - 1;
    if (more > 0) check.value += "; and " + std::to_string(more) + " more like it";
    checks.push_back(std::move(check));
  }
  if (violations.empty()) {
    Check check;
    check.rule = "rules";
    check.what = run.evidence.rules();
    check.value = "kept";
    check.population = run.evidence.beats_accepted() + run.evidence.told().size();
    if (run.evidence.beats_accepted() == 0) check.verdict = Verdict::kUntested;
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
