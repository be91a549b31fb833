// SPDX-License-Identifier: MIT
// expect.alerts: who was told of, by type, and how often.
#include <algorithm>
#include <map>
#include <set>

#include "papsim/expect/evaluate.hpp"

namespace pap::sim {

using protocol::AlertType;

namespace {

using Told = std::map<AgentNumber, std::uint32_t>;  // keys posted, by agent

std::set<AgentNumber> ids_of(const FinishedRun& run, const std::vector<AgentSet>& sets) {
  std::set<AgentNumber> ids;
  for (const AgentNumber agent : agents_of(run.scenario, run.plan, sets)) {
    ids.insert(run.plan.agents[agent].same_id_as);
  }
  return ids;
}

std::string words(SetKind kind) {
  switch (kind) {
    case SetKind::kExactly:
      return "exactly";
    case SetKind::kAtMost:
      return "at most";
    case SetKind::kAtLeast:
      return "at least";
    case SetKind::kNone:
      return "none";
    case SetKind::kAny:
      return "any";
  }
  return "";
}

std::string words(const FinishedRun& run, const AlertExpectation& expectation) {
  std::string text = expectation.type ? std::string{to_string(*expectation.type)} : "*";
  text += ": " + words(expectation.kind);
  for (const AgentSet& set : expectation.agents) {
    text += ' ';
    text += set.kind == AgentSet::Kind::kGroup ? run.scenario.fleet[set.index].name
                                               : run.scenario.timeline[set.index].id;
  }
  return text;
}

// "3 agents, 1 to 2 times each"
std::string bound_words(const AlertExpectation& expectation, std::size_t agents) {
  if (expectation.kind == SetKind::kNone || expectation.kind == SetKind::kAny) {
    return words(expectation.kind);
  }
  std::string text =
      words(expectation.kind) + ' ' + std::to_string(agents) + (agents == 1 ? " agent" : " agents");
  if (!expectation.times_from && !expectation.times_to) return text;
  const std::string from = std::to_string(expectation.times_from.value_or(0));
  if (!expectation.times_to) return text + ", at least " + from + " times each";
  const std::string to = std::to_string(*expectation.times_to);
  return text + ", " + (from == to ? from : from + " to " + to) + " times each";
}

void fail(Check& check, const FinishedRun& run, const char* how,
          const std::vector<AgentNumber>& agents) {
  check.verdict = Verdict::kFailed;
  check.chain.push_back(std::string{how} + ": " + some_of(run, agents));
  check.agents.insert(check.agents.end(), agents.begin(), agents.end());
}

void check_set(const FinishedRun& run, const AlertExpectation& expectation, const Told& told,
               Check& check) {
  const std::set<AgentNumber> wanted = ids_of(run, expectation.agents);
  std::vector<AgentNumber> missing;
  std::vector<AgentNumber> extra;
  std::vector<AgentNumber> wrong_times;
  for (const AgentNumber agent : wanted) {
    if (!told.contains(agent)) missing.push_back(agent);
  }
  for (const auto& [agent, times] : told) {
    if (!wanted.contains(agent)) {
      extra.push_back(agent);
      continue;
    }
    if ((expectation.times_from && times < *expectation.times_from) ||
        (expectation.times_to && times > *expectation.times_to)) {
      wrong_times.push_back(agent);
    }
  }
  const SetKind kind = expectation.kind;
  check.population = std::max(wanted.size(), told.size());
  check.bound = bound_words(expectation, wanted.size());
  if (kind == SetKind::kNone && !told.empty()) {
    fail(check, run, "told, and should not be", extra);
  }
  if ((kind == SetKind::kExactly || kind == SetKind::kAtLeast) && !missing.empty()) {
    fail(check, run, "not told", missing);
  }
  if ((kind == SetKind::kExactly || kind == SetKind::kAtMost) && !extra.empty()) {
    fail(check, run, "told, and should not be", extra);
  }
  if (!wrong_times.empty()) fail(check, run, "told another number of times", wrong_times);
  // Nobody told of is as it should be; it might have been anybody.
  if (kind == SetKind::kNone || kind == SetKind::kAny) check.population = run.plan.agents.size();
  const bool untested = kind != SetKind::kNone && kind != SetKind::kAny && wanted.empty();
  if (untested && check.verdict == Verdict::kPassed) check.verdict = Verdict::kUntested;
}

}  // namespace

void check_alerts(const FinishedRun& run, std::vector<Check>& checks) {
  std::map<AlertType, Told> told;
  for (const auto& [agent, type] : run.evidence.told()) ++told[type][agent];

  // A death that is excused counts for nobody; an agent's others do.
  for (const DeathSeen& death : run.evidence.deaths()) {
    if (!death.told || !excused(run, death)) continue;
    Told& deaths = told[AlertType::kAgentDeath];
    const auto found = deaths.find(death.agent);
    if (found != deaths.end() && --found->second == 0) deaths.erase(found);
  }

  // What no other row names is left for "*".
  std::map<AlertType, Told> rest = told;
  for (const AlertExpectation& expectation : run.scenario.expect.alerts) {
    if (!expectation.type) continue;
    Check check;
    check.rule = "alerts";
    check.what = words(run, expectation);
    check.place = expectation.place;
    const Told& of_type = told[*expectation.type];
    check.value = std::to_string(of_type.size()) + " agents told of";
    check_set(run, expectation, of_type, check);
    rest.erase(*expectation.type);
    checks.push_back(std::move(check));
  }
  for (const AlertExpectation& expectation : run.scenario.expect.alerts) {
    if (expectation.type) continue;
    Told all;
    for (const auto& [type, agents] : rest) {
      for (const auto& [agent, times] : agents) all[agent] += times;
    }
    Check check;
    check.rule = "alerts";
    check.what = words(run, expectation);
    check.place = expectation.place;
    check.value = std::to_string(all.size()) + " agents told of";
    check_set(run, expectation, all, check);
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
