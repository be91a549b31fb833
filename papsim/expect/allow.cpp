// SPDX-License-Identifier: MIT
// expect.allow: what may be lost, or told of the living, and only where it was proved.
#include <algorithm>

#include "papsim/expect/counted.hpp"
#include "papsim/expect/evaluate.hpp"

namespace pap::sim {

namespace {

const Allowance* allowance(const Scenario& scenario, Excuse excuse) {
  const auto& allow = scenario.expect.allow;
  const auto found = std::find_if(allow.begin(), allow.end(),
                                  [excuse](const Allowance& a) { return a.excuse == excuse; });
  return found == allow.end() ? nullptr : &*found;
}

std::uint64_t how_often(const FinishedRun& run, Excuse excuse) {
  switch (excuse) {
    case Excuse::kTtlExpired:
      return run.evidence.lost(DropCause::kExpired).size();
    case Excuse::kQueueFull:
      return run.evidence.lost(DropCause::kFull).size();
    case Excuse::kStateLost:
      return run.evidence.count(Metric::kOutboxLeft);
    case Excuse::kStoredTwice:
      return run.evidence.count(Metric::kStationStoredTwice);
    case Excuse::kTableFull:
      return run.evidence.turned_away().size();
    case Excuse::kAgentAway:
    case Excuse::kPausedTwice:
    case Excuse::kFutureStart:
      break;
  }
  const auto deaths = run.evidence.deaths();
  return static_cast<std::uint64_t>(
      std::count_if(deaths.begin(), deaths.end(),
                    [excuse](const DeathSeen& death) { return death.excuse == excuse; }));
}

// What needs an excuse and has none is a broken rule.
struct Lost {
  std::uint64_t count;
  const char* one;   // "alert was dropped"
  const char* many;  // "alerts were dropped"
};
void require(const FinishedRun& run, Rule rule, const Lost& lost, Excuse excuse,
             std::vector<Check>& checks, std::span<const AgentNumber> agents) {
  if (lost.count == 0 || allowance(run.scenario, excuse) != nullptr) return;
  Check check;
  check.verdict = Verdict::kFailed;
  check.rule = kRules[static_cast<std::size_t>(rule)].name;
  check.what = kRules[static_cast<std::size_t>(rule)].about;
  check.value = std::to_string(lost.count) + ' ' + (lost.count == 1 ? lost.one : lost.many);
  check.bound = "0, unless allowed: " + std::string{to_string(excuse)};
  check.population = lost.count;
  check.agents.assign(agents.begin(), agents.end());
  checks.push_back(std::move(check));
}

}  // namespace

bool excused(const FinishedRun& run, const DeathSeen& death) {
  return death.living && death.excuse && allowance(run.scenario, *death.excuse) != nullptr;
}

void check_allow(const FinishedRun& run, std::vector<Check>& checks) {
  for (const Allowance& each : run.scenario.expect.allow) {
    Check check;
    check.rule = "allow";
    check.what = kExcuses[static_cast<std::size_t>(each.excuse)].name;
    check.place = each.place;
    check.population = how_often(run, each.excuse);
    check.value = counted(check.population, "time");
    if (each.at_most) {
      check.bound = "<= " + std::to_string(*each.at_most);
      if (check.population > *each.at_most) {
        check.verdict = Verdict::kFailed;
        check.failures.push_back(
            {check.what, static_cast<std::int64_t>(check.population - *each.at_most)});
      }
    }
    checks.push_back(std::move(check));
  }
  const std::vector<AgentNumber> expired = run.evidence.lost(DropCause::kExpired);
  require(run, Rule::kL2,
          {expired.size(), "alert was dropped after its time, and never told",
           "alerts were dropped after their time, and never told"},
          Excuse::kTtlExpired, checks, expired);
  const std::vector<AgentNumber> too_many = run.evidence.lost(DropCause::kFull);
  require(run, Rule::kL2,
          {too_many.size(), "alert was dropped from a full queue, and never told",
           "alerts were dropped from a full queue, and never told"},
          Excuse::kQueueFull, checks, too_many);
  require(run, Rule::kL7,
          {how_often(run, Excuse::kStateLost), "alert was left when the collector ended",
           "alerts were left when the collector ended"},
          Excuse::kStateLost, checks, run.evidence.left());
  const auto turned_away = run.evidence.turned_away();
  require(run, Rule::kL4,
          {turned_away.size(),
           "agent lives and is not known, since the table was full when it was refused",
           "agents live and are not known, since the table was full when they were refused"},
          Excuse::kTableFull, checks, turned_away);
}

}  // namespace pap::sim
