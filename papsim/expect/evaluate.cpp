// SPDX-License-Identifier: MIT
#include "papsim/expect/evaluate.hpp"

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
    text += run.world.identities().text_of(agents[i]);
  }
  if (agents.size() > kNamed) text += " and " + std::to_string(agents.size() - kNamed) + " more";
  return text;
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
      check.population = run.world.bites(entry);
      check.value = std::to_string(check.population) + " bites";
    } else {
      check.population = run.plan.picked[entry].size();
      check.value = std::to_string(check.population) + " agents";
    }
    check.bound = "at least 1";
    const auto* station = std::get_if<StationFault>(&each.action);
    const bool only_sets = station != nullptr && station->kind == StationFault::Kind::kIds;
    if (check.population == 0 && !only_sets) check.verdict = Verdict::kUntested;
    checks.push_back(std::move(check));
  }
}

// --- the oracle's rules ---

void check_rules(const FinishedRun& run, std::vector<Check>& checks) {
  for (const Violation& violation : run.oracle.violations()) {
    Check check;
    check.verdict = Verdict::kFailed;
    check.rule = kRules[static_cast<std::size_t>(violation.rule)].name;
    check.what = std::string{kRules[static_cast<std::size_t>(violation.rule)].about};
    check.value = violation.what;
    check.population = 1;
    check.chain.push_back("at " + std::to_string(violation.at) + " ms" +
                          (violation.agent.empty() ? "" : ", agent " + violation.agent));
    checks.push_back(std::move(check));
  }
  if (run.oracle.violations().empty()) {
    Check check;
    check.rule = "rules";
    check.what = "S1 to S9, S12, S13, L1 to L7";
    check.value = "kept";
    check.population = run.world.figures().beats_accepted + run.oracle.told().size();
    if (run.world.figures().beats_accepted == 0) check.verdict = Verdict::kUntested;
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
