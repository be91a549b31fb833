// SPDX-License-Identifier: MIT
// A heartbeat with 0, 1 and 1 000 observers of its agent: the message is rendered once and shared.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/support/beats.hpp"

namespace pap::bench {
namespace {

void beat_with_observers(benchmark::State& state) {
  core::Collector collector(settings(), moment(core::Nanos{0}));
  const protocol::AgentId id = id_of(7);
  constexpr protocol::Heartbeat kBeat{protocol::Mode::kIdle, 3600, {}};
  collector.heartbeat(id, kBeat, moment(core::Nanos{0}));
  constexpr std::size_t kQueueBytes = 262'144;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    core::Watch watch;
    watch.agent_id = id.str();
    collector.observe(watch, kQueueBytes, moment(core::Nanos{0}));
  }
  const auto take_all = [&collector] {
    for (const auto observer : collector.events().take_woken()) {
      while (collector.events().next(observer)) {
      }
    }
  };
  take_all();
  core::Nanos now{0};
  for (auto _ : state) {
    now += std::chrono::microseconds{1};
    benchmark::DoNotOptimize(collector.heartbeat(id, kBeat, moment(now)));
    if (collector.events().any_woken()) take_all();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0) + 1);  // none of them is not nothing to do
}
BENCHMARK(beat_with_observers)->Arg(0)->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->Complexity();

}  // namespace
}  // namespace pap::bench
