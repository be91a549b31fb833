// SPDX-License-Identifier: MIT
// expect.alerts: who was told of, by type, and how often.
#include <algorithm>
#include <map>
#include <set>

#include "papsim/expect/counted.hpp"
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

std::string type_of(const AlertExpectation& expectation) {
  return expectation.type ? std::string{to_string(*expectation.type)} : "*";
}

std::string words(const FinishedRun& run, const AlertExpectation& expectation) {
  std::string text = type_of(expectation) + ": " + words(expectation.kind);
  for (const AgentSet& set : expectation.agents) {
    text += ' ';
    text += set.kind == AgentSet::Kind::kGroup ? run.scenario.fleet[set.index].name
                                               : run.scenario.timeline[set.index].id;
  }
  return text;
}

// "1 time each", "1 to 2 times each"
std::string times_words(std::uint32_t from, std::uint32_t to) {
  if (from == to) return counted(from, "time") + " each";
  return std::to_string(from) + " to " + counted(to, "time") + " each";
}

// "exactly 3 agents, 1 to 2 times each"
std::string bound_words(const AlertExpectation& expectation, std::size_t agents) {
  if (expectation.kind == SetKind::kNone || expectation.kind == SetKind::kAny) {
    return words(expectation.kind);
  }
  std::string text = words(expectation.kind) + ' ' + counted(agents, "agent");
  if (!expectation.times_from && !expectation.times_to) return text;
  const std::uint32_t from = expectation.times_from.value_or(0);
  if (!expectation.times_to) return text + ", at least " + counted(from, "time") + " each";
  return text + ", " + times_words(from, *expectation.times_to);
}

// How often they were told of stands there where it is asked for.
std::string value_words(const AlertExpectation& expectation, const Told& told) {
  if (told.empty() || (!expectation.times_from && !expectation.times_to)) {
    return counted(told.size(), "agent") + " told of";
  }
  const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [least, most] = std::minmax_element(told.begin(), told.end(), less);
  return counted(told.size(), "agent") + ", " + times_words(least->second, most->second);
}

void check_set(const FinishedRun& run, const AlertExpectation& expectation, const Told& told,
               Check& check) {
  const std::set<AgentNumber> wanted = ids_of(run, expectation.agents);
  std::vector<AgentNumber> missing;
  std::vector<AgentNumber> extra;
  std::vector<AgentNumber> too_seldom;
  std::vector<AgentNumber> too_often;
  for (const AgentNumber agent : wanted) {
    if (!told.contains(agent)) missing.push_back(agent);
  }
  for (const auto& [agent, times] : told) {
    if (!wanted.contains(agent)) {
      extra.push_back(agent);
      continue;
    }
    if (expectation.times_from && times < *expectation.times_from) too_seldom.push_back(agent);
    if (expectation.times_to && times > *expectation.times_to) too_often.push_back(agent);
  }
  const SetKind kind = expectation.kind;
  const auto fail = [&](const char* how, const std::vector<AgentNumber>& agents) {
    fail_of(run, type_of(expectation) + ' ', how, agents, check);
  };
  check.population = std::max(wanted.size(), told.size());
  check.value = value_words(expectation, told);
  check.bound = bound_words(expectation, wanted.size());
  if (kind == SetKind::kExactly || kind == SetKind::kAtLeast) {
    fail("not told", missing);
  }
  if (kind == SetKind::kExactly || kind == SetKind::kAtMost || kind == SetKind::kNone) {
    fail("told, and should not be", extra);
  }
  fail("told too few times", too_seldom);
  fail("told too many times", too_often);
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
    check_set(run, expectation, told[*expectation.type], check);
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
    check_set(run, expectation, all, check);
    checks.push_back(std::move(check));
  }
}

}  // namespace pap::sim
