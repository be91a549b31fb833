// SPDX-License-Identifier: MIT
#include "papsim/run/meta_runs.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "papsim/oracle/oracle.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

// S11 doubles the time of a run, so it is tried on fleets of up to so many agents, and of a range
// of seeds on the first one alone.
constexpr std::size_t kMostCompared = 5'000;
constexpr std::uint32_t kFurtherAgents = 50;

std::string words(Decision::What what) {
  switch (what) {
    case Decision::What::kDead:
      return "decided dead";
    case Decision::What::kToldDeath:
      return "told dead";
    case Decision::What::kToldEmergency:
      return "told in EMERGENCY";
    case Decision::What::kToldRestart:
      return "told restarted";
  }
  return "";
}

std::optional<std::vector<Decision>> decisions_of(const Scenario& scenario, const Plan& plan,
                                                  const std::function<bool()>& stop) {
  Oracle oracle(scenario, plan);
  const auto world = std::make_unique<World>(scenario, plan, oracle);
  oracle.know(world->identities());
  world->run(stop);
  if (stop()) return std::nullopt;
  return oracle.decisions();
}

// What stands in `one` and not in `other`, both sorted: the first of it.
std::optional<Decision> first_beyond(const std::vector<Decision>& one,
                                     const std::vector<Decision>& other) {
  const auto [mine, theirs] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  if (mine == one.end()) return std::nullopt;
  if (theirs != other.end() && *theirs < *mine) return std::nullopt;
  return *mine;
}

void compare(const FinishedRun& run, Rule rule, std::vector<Decision> other,
             const std::string& with, std::vector<Check>& checks) {
  const auto decisions = run.evidence.decisions();
  std::vector<Decision> own(decisions.begin(), decisions.end());
  std::sort(own.begin(), own.end());
  std::sort(other.begin(), other.end());
  Check check;
  check.rule = kRules[static_cast<std::size_t>(rule)].name;
  check.what = kRules[static_cast<std::size_t>(rule)].about;
  check.population = std::max(own.size(), other.size());
  check.value = "the same decisions " + with;
  check.bound = "the same decisions";
  if (own != other) {
    const auto here = first_beyond(own, other);
    const Decision first = here ? *here : *first_beyond(other, own);
    check.verdict = Verdict::kFailed;
    check.agents.push_back(first.agent);
    check.value = run.evidence.identities().text_of(first.agent) + " is " + words(first.what) +
                  " at " + std::to_string(first.at) + " ms " + (here ? "here, and not " : "only ") +
                  with;
  }
  checks.push_back(std::move(check));
}

bool touches_wall(const Entry& entry) {
  using Kind = CollectorFault::Kind;
  const auto* fault = std::get_if<CollectorFault>(&entry.action);
  return fault != nullptr && (fault->kind == Kind::kWallStep || fault->kind == Kind::kWallDrift ||
                              fault->kind == Kind::kWallFreeze);
}

bool is_first_seed(const Scenario& scenario, std::uint64_t seed) {
  return seed == scenario.ci.first || seed == scenario.nightly.first;
}

// May there be more agents without a difference to the others? Not where the collector lost time:
// a loss is counted from its last call of whatever kind, so by up to a second it depends on who
// beat last. And not where the table would be full, since then who comes is refused or somebody
// goes. The Station's pace and the queue's bound do not matter: who never fails is never told of.
bool may_be_joined(const FinishedRun& run) {
  if (run.evidence.count(Metric::kCollectorLosses) > 0) return false;
  return run.plan.agents.size() + kFurtherAgents < run.scenario.collector.max_agents;
}

// At the end, so that everybody keeps their number, and with it their random numbers. They keep
// their pace through whatever happens to the collector, and so never speak with the Station.
void add_further_agents(Scenario& scenario, Plan& plan) {
  Group group;
  group.name = "further-agents";
  group.count = kFurtherAgents;
  group.id = "further-agent-{i}";
  group.jitter = kAll / 50;
  group.retry = Retry::kSteady;
  for (std::uint32_t i = 0; i < kFurtherAgents; ++i) {
    PlannedAgent agent;
    agent.member = static_cast<AgentNumber>(plan.agents.size());
    agent.same_id_as = agent.member;
    agent.group = static_cast<std::uint32_t>(scenario.fleet.size());
    agent.index = i;
    agent.first_beat = protocol::interval_of(agent.mode) * i / kFurtherAgents;
    agent.uptime = std::chrono::hours{1};
    plan.agents.push_back(agent);
  }
  scenario.fleet.push_back(std::move(group));
}

}  // namespace

void check_wall(const FinishedRun& run, const std::function<bool()>& stop,
                std::vector<Check>& checks) {
  const auto touches = [&](const Step& step) {
    return touches_wall(run.scenario.timeline[step.entry]);
  };
  if (std::none_of(run.plan.steps.begin(), run.plan.steps.end(), touches)) return;
  Plan calm = run.plan;
  std::erase_if(calm.steps, touches);
  const auto other = decisions_of(run.scenario, calm, stop);
  if (other) compare(run, Rule::kS10, *other, "without the jumps of the wall clock", checks);
}

void check_names(const FinishedRun& run, const std::function<bool()>& stop,
                 std::vector<Check>& checks) {
  const auto& fails = run.scenario.fails;
  const bool other_canary =
      !fails.empty() && std::find(fails.begin(), fails.end(), Rule::kS11) == fails.end();
  if (other_canary || run.plan.agents.size() > kMostCompared) return;
  if (!is_first_seed(run.scenario, run.plan.seed)) return;
  Scenario scenario = run.scenario;
  Plan plan = run.plan;
  plan.renamed = true;
  const bool joined = may_be_joined(run);
  if (joined) add_further_agents(scenario, plan);
  const auto other = decisions_of(scenario, plan, stop);
  // Where even they are called dead (the collector's clock runs away) they are no such agents.
  const auto further = [&](const Decision& d) { return d.agent >= run.plan.agents.size(); };
  if (!other || std::any_of(other->begin(), other->end(), further)) return;
  compare(run, Rule::kS11, *other,
          joined ? "with other ids and among further agents" : "with other ids", checks);
}

}  // namespace pap::sim
