// SPDX-License-Identifier: MIT
// The core as a driver meets it: a known agent's heartbeat, and ticks with 0, 1 and 10 000 deaths
// due among up to a million agents.
#include <benchmark/benchmark.h>

#include <memory>

#include "bench/support/beats.hpp"

namespace pap::bench {
namespace {

using namespace std::chrono_literals;
using core::Nanos;

constexpr protocol::Heartbeat kBeat{protocol::Mode::kIdle, 3600, {}};

std::unique_ptr<core::Collector> collector_of(std::size_t agents, Nanos heard) {
  auto collector = std::make_unique<core::Collector>(settings(), moment(0s));
  for (std::size_t i = 0; i < agents; ++i) collector->heartbeat(id_of(i), kBeat, moment(heard));
  return collector;
}

void beat_of_a_known_agent(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto ids = ids_of(count);
  const auto collector = collector_of(count, 0s);
  core::Random random(2);
  Nanos now = 0s;
  for (auto _ : state) {
    now += 1us;
    benchmark::DoNotOptimize(collector->heartbeat(ids[random.next() % count], kBeat, moment(now)));
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(beat_of_a_known_agent)->RangeMultiplier(10)->Range(1'000, 1'000'000)->Complexity();

void tick_with_nothing_due(benchmark::State& state) {
  const auto collector = collector_of(static_cast<std::size_t>(state.range(0)), 0s);
  Nanos now = 0s;
  for (auto _ : state) {
    now += 1ns;
    benchmark::DoNotOptimize(collector->tick(moment(now)));
    benchmark::DoNotOptimize(collector->next_deadline(moment(now)));
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(tick_with_nothing_due)
    ->RangeMultiplier(1000)
    ->Range(1, 1'000'000)
    ->Complexity(benchmark::o1);

// `range(1)` of `range(0)` agents die in one instant; items are deaths, in the outbox at the end.
void tick_with_deaths(benchmark::State& state) {
  const auto agents = static_cast<std::size_t>(state.range(0));
  const auto dying = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    state.PauseTiming();
    auto collector = collector_of(dying, 0s);
    for (Nanos now = 1s; now <= 62s; now += 1s) collector->tick(moment(now));
    for (std::size_t i = dying; i < agents; ++i) {
      collector->heartbeat(id_of(i), kBeat, moment(62s));
    }
    state.ResumeTiming();
    while (collector->tick(moment(63s))) {
    }
    state.PauseTiming();
    const bool as_meant = collector->dead() == dying;
    collector.reset();
    state.ResumeTiming();
    if (!as_meant) {
      state.SkipWithError("not those died that were to");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(tick_with_deaths)
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 10'000})
    ->Args({100'000, 100'000})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pap::bench
