// SPDX-License-Identifier: MIT
// The JSON of a heartbeat: read in place, by the length of its name, and by the strict reader.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/support/beats.hpp"
#include "protocol/heartbeat_json.hpp"

namespace pap::bench {
namespace {

std::string body_with_name(std::int64_t bytes) {
  return R"({"mode":"IDLE","uptime_seconds":3600.123,"agent_name":")" +
         std::string(static_cast<std::size_t>(bytes), 'n') + "\"}";
}

void heartbeat_by_name_length(benchmark::State& state) {
  const std::string body = body_with_name(state.range(0));
  protocol::HeartbeatReader reader;
  for (auto _ : state) benchmark::DoNotOptimize(reader.read(body));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(heartbeat_by_name_length)->RangeMultiplier(4)->Range(1, 4096)->Complexity();

// The long road, which a body takes that the quick reader does not know.
void heartbeat_by_the_strict_reader(benchmark::State& state) {
  const std::string body = body_with_name(8);
  std::string name;
  for (auto _ : state) benchmark::DoNotOptimize(protocol::read_heartbeat_json(body, name));
}
BENCHMARK(heartbeat_by_the_strict_reader);

}  // namespace
}  // namespace pap::bench
