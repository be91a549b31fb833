// SPDX-License-Identifier: MIT
// What is written: the answer to a heartbeat, and GET /agents by the size of the fleet.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/support/beats.hpp"
#include "net/response.hpp"

namespace pap::bench {
namespace {

void answer_to_a_heartbeat(benchmark::State& state) {
  net::DateText date;
  std::string out;
  const auto now = moment(core::Nanos{0}).wall;
  for (auto _ : state) {
    const auto body = protocol::heartbeat_answer(false, false, protocol::Mode::kIdle);
    net::Head head{};
    head.status = 200;
    head.content_type = net::kJsonType;
    head.content_length = body.size();
    out.clear();
    net::append_head(out, head, date.at(now));
    out += body;
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(answer_to_a_heartbeat);

// In the slices in which it is served; bytes are of JSON.
void list_of_agents(benchmark::State& state) {
  core::Collector collector(settings(), moment(core::Nanos{0}));
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    const std::string name = name_of(number);
    collector.heartbeat(id_of(number), {protocol::Mode::kIdle, 3600.123, name},
                        moment(core::Nanos{i}));
  }
  std::int64_t bytes = 0;
  std::string out;
  for (auto _ : state) {
    auto list = collector.begin_list({}, std::nullopt, {});
    while (!list->done) {
      out.clear();
      collector.continue_list(*list, out, moment(std::chrono::seconds{1}));
      bytes += static_cast<std::int64_t>(out.size());
      benchmark::DoNotOptimize(out.data());
    }
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(list_of_agents)
    ->RangeMultiplier(10)
    ->Range(100, 100'000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oN);

}  // namespace
}  // namespace pap::bench
