// SPDX-License-Identifier: MIT
// papsim's virtual world, all of it but scenario and verdict: a fleet's heartbeats, with the oracle
// and with a witness that looks away. Items are heartbeats, all agents' first ones among them.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "papsim/oracle/oracle.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "papsim/world/world.hpp"

namespace pap::bench {
namespace {

using namespace sim;

class LooksAway final : public Witness {
 public:
  void started(WorldTime) override {}
  void stopped(WorldTime, const core::Collector&) override {}
  void called(WorldTime) override {}
  void accepted(WorldTime, const SeenBeat&, const SeenAnswer&) override {}
  void refused(WorldTime, const SeenBeat&) override {}
  void removed(WorldTime, AgentNumber) override {}
  void draining(WorldTime) override {}
  void caught_up(WorldTime) override {}
  void decided_dead(WorldTime, AgentNumber) override {}
  void posted(WorldTime, std::string_view, std::string_view) override {}
  void answered(WorldTime, std::string_view, std::optional<std::uint16_t>,
                std::optional<WorldTime>) override {}
};

Scenario fleet_of(std::int64_t agents) {
  const auto file = ScenarioFile::from_text(
      "bench",
      "papsim: 1\nname: bench\nabout: A fleet.\nrun: {for: 10m, settle: 0s}\nfleet:\n"
      "  fleet: {count: " +
          std::to_string(agents) + ", jitter: 10%}\nexpect: {alerts: {\"*\": none}}\n");
  std::vector<Problem> problems;
  return file.scenario(1, problems).value();
}

void heartbeats(benchmark::State& state, bool watched) {
  const Scenario scenario = fleet_of(state.range(0));
  std::vector<PlanError> errors;
  const Plan plan = make_plan(scenario, 1, errors);
  std::int64_t beats = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Oracle oracle(scenario, plan);
    LooksAway nobody;
    Witness& witness = watched ? static_cast<Witness&>(oracle) : nobody;
    auto world = std::make_unique<World>(scenario, plan, witness);
    oracle.know(world->identities());
    state.ResumeTiming();
    world->run();
    state.PauseTiming();
    beats += static_cast<std::int64_t>(world->figures().beats_accepted);
    world.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(beats);
}
BENCHMARK_CAPTURE(heartbeats, watched, true)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(heartbeats, unwatched, false)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pap::bench
