// SPDX-License-Identifier: MIT
// The lists that keep deadlines in order: one agent beats again, and the count of the healthy.
#include <benchmark/benchmark.h>

#include "bench/support/beats.hpp"
#include "pap/core/deadline_list.hpp"

namespace pap::bench {
namespace {

using core::ListeningTime;
using protocol::Mode;

struct Followed {
  explicit Followed(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const core::Slot slot = table.insert(id_of(i));
      table[slot].heard_listening = ListeningTime{core::Nanos{static_cast<std::int64_t>(i)}};
      list.append(slot);
    }
  }
  core::AgentTable table{1};
  core::DeadlineList list{table, Mode::kIdle, std::chrono::seconds{3}};
};

void deadline_moved(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  Followed followed(count);
  core::Random random(2);
  for (auto _ : state) {
    const auto slot = static_cast<core::Slot>(random.next() % count);
    followed.list.remove(slot);
    followed.list.append(slot);
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(deadline_moved)->RangeMultiplier(10)->Range(1'000, 1'000'000)->Complexity();

void deadline_next_due(benchmark::State& state) {
  Followed followed(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(followed.list.next_due());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(deadline_next_due)->RangeMultiplier(1000)->Range(1, 1'000'000)->Complexity(benchmark::o1);

// All fall ill at once; items are agents.
void deadline_health(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    Followed followed(static_cast<std::size_t>(state.range(0)));
    state.ResumeTiming();
    std::size_t budget = SIZE_MAX;
    followed.list.advance_health(ListeningTime{std::chrono::hours{1}}, budget);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(deadline_health)->RangeMultiplier(10)->Range(1'000, 100'000)->Complexity(benchmark::oN);

}  // namespace
}  // namespace pap::bench
