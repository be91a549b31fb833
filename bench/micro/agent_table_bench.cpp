// SPDX-License-Identifier: MIT
// The table: hash and find, growth an agent at a time, and churn. The argument is how many agents
// are known; they are asked for in an order that no cache guesses.
#include <benchmark/benchmark.h>

#include <memory>

#include "bench/support/beats.hpp"
#include "pap/core/agent_table.hpp"

namespace pap::bench {
namespace {

constexpr std::int64_t kFew = 1'000;
constexpr std::int64_t kMany = 1'000'000;

void table_find(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto ids = ids_of(count);
  core::AgentTable table(1);
  for (const auto& id : ids) table.insert(id);
  core::Random random(2);
  for (auto _ : state) benchmark::DoNotOptimize(table.find(ids[random.next() % count]));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(table_find)->RangeMultiplier(10)->Range(kFew, kMany)->Complexity();

void table_miss(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  core::AgentTable table(1);
  for (std::size_t i = 0; i < count; ++i) table.insert(id_of(i));
  const auto strangers = core::Random(3).next();
  std::uint64_t next = strangers | 1U;
  for (auto _ : state) benchmark::DoNotOptimize(table.find(id_of(next++)));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(table_miss)->RangeMultiplier(10)->Range(kFew, kMany)->Complexity();

// From nothing to `range` agents; items are agents.
void table_growth(benchmark::State& state) {
  const auto ids = ids_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    core::AgentTable table(1);
    for (const auto& id : ids) benchmark::DoNotOptimize(table.insert(id));
    benchmark::DoNotOptimize(table.bytes());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(table_growth)
    ->RangeMultiplier(10)
    ->Range(kFew, kMany)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oN);

// One goes, another comes, at a full table.
void table_churn(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  core::AgentTable table(1);
  for (std::size_t i = 0; i < count; ++i) table.insert(id_of(i));
  std::uint64_t oldest = 0;
  for (auto _ : state) {
    table.erase(table.find(id_of(oldest)));
    table.insert(id_of(oldest + count));
    ++oldest;
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(table_churn)->RangeMultiplier(10)->Range(kFew, kMany)->Complexity();

}  // namespace
}  // namespace pap::bench
