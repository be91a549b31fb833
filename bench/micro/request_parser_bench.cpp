// SPDX-License-Identifier: MIT
// HTTP requests: as Node's fetch sends them, and by the number of header lines.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/support/beats.hpp"
#include "net/request_parser.hpp"

namespace pap::bench {
namespace {

constexpr net::RequestLimits kLimits{16'384, 16'384};

void parse(benchmark::State& state, const std::string& request) {
  for (auto _ : state) {
    net::RequestParser parser(kLimits);
    benchmark::DoNotOptimize(parser.feed(request));
    benchmark::DoNotOptimize(parser.body());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(request.size()));
}

void request_of_node(benchmark::State& state) {
  parse(state, request_of(id_of(7), body_of(3'600'123)));
}
BENCHMARK(request_of_node);

void request_by_header_lines(benchmark::State& state) {
  std::string request = "POST /heartbeat/x HTTP/1.1\r\nHost: c\r\nContent-Length: 2\r\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) request += "X-Line: some value or other\r\n";
  parse(state, request + "\r\n{}");
  state.SetComplexityN(state.range(0));
}
BENCHMARK(request_by_header_lines)->RangeMultiplier(4)->Range(1, 256)->Complexity();

}  // namespace
}  // namespace pap::bench
