// SPDX-License-Identifier: MIT
// Ids out of paths: UUIDs, other texts by their length, and what has escapes.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/support/beats.hpp"

namespace pap::bench {
namespace {

void id_uuid(benchmark::State& state) {
  const std::string text = id_of(7).str();
  for (auto _ : state) benchmark::DoNotOptimize(protocol::AgentId::parse(text));
}
BENCHMARK(id_uuid);

void id_text_by_length(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'a');
  for (auto _ : state) benchmark::DoNotOptimize(protocol::AgentId::parse(text));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(id_text_by_length)->RangeMultiplier(2)->Range(1, 128)->Complexity();

void percent_decode_uuid(benchmark::State& state) {
  const std::string text = id_of(7).str();
  for (auto _ : state) benchmark::DoNotOptimize(protocol::percent_decode(text));
}
BENCHMARK(percent_decode_uuid);

}  // namespace
}  // namespace pap::bench
