// SPDX-License-Identifier: MIT
// What one slice of each kind takes, filled to its limit: an iteration is a slice, and none may
// take a millisecond. `largest_us` is the one that took longest, of CPU time.
#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <time.h>

#include <algorithm>
#include <memory>
#include <string>

#include "bench/support/beats.hpp"
#include "net/limits.hpp"
#include "net/logger.hpp"
#include "net/notice_log.hpp"

namespace pap::bench {
namespace {

using namespace std::chrono_literals;
using core::Nanos;

constexpr std::size_t kAgents = 100'000;

// The CPU time of each slice, and the longest of them.
class Stopwatch {
 public:
  explicit Stopwatch(benchmark::State& state) : state_(state) {}
  ~Stopwatch() { state_.counters["largest_us"] = largest_ / 1000; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  template <class Slice>
  void time(const Slice& slice) {
    const double begin = now();
    slice();
    const double took = now() - begin;
    state_.SetIterationTime(took / 1e9);
    largest_ = std::max(largest_, took);
  }

 private:
  static double now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  }

  benchmark::State& state_;
  double largest_ = 0;
};

// Of `observers`, each watching all.
std::unique_ptr<core::Collector> dying_fleet(bool has_station, std::int64_t observers) {
  auto collector = std::make_unique<core::Collector>(settings(has_station), moment(0s));
  for (std::size_t i = 0; i < kAgents; ++i) {
    const std::string name = name_of(i);
    collector->heartbeat(id_of(i), {protocol::Mode::kIdle, 3600, name}, moment(0s));
  }
  for (Nanos second = 1s; second <= 62s; second += 1s) {
    while (collector->tick(moment(second))) {
    }
  }
  for (; observers > 0; --observers) collector->observe({}, 262'144, moment(62s));
  return collector;
}

// With the log that it brings: a line for each death, and the alert where there is no Station.
void slice_of_deaths(benchmark::State& state) {
  const bool has_station = state.range(0) != 0;
  net::Logger log(net::LogLevel::kInfo, net::LogFormat::kJson, ::open("/dev/null", O_WRONLY));
  auto collector = dying_fleet(has_station, state.range(1));
  const auto before = collector->dead();
  {
    Stopwatch watch(state);
    for (auto _ : state) {
      watch.time([&] {
        collector->tick(moment(63s));
        for (const core::Notice& notice : collector->take_notices()) log_notice(log, notice);
      });
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(collector->dead() - before));
  log.close();
}
BENCHMARK(slice_of_deaths)
    ->ArgNames({"station", "observers"})
    ->Args({1, 0})
    ->Args({0, 0})
    ->Args({1, 1000})
    ->Iterations(kAgents / core::kSliceUnits / 2)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void slice_of_a_list(benchmark::State& state) {
  const auto name_bytes = static_cast<std::size_t>(state.range(0));
  core::Collector collector(settings(), moment(0s));
  for (std::size_t i = 0; i < kAgents; ++i) {
    std::string name = name_of(i);
    name.resize(name_bytes, '\x01');  // six bytes of JSON each
    collector.heartbeat(id_of(i), {protocol::Mode::kIdle, 3600.123, name}, moment(0s));
  }
  auto list = collector.begin_list({}, std::nullopt, {});
  std::int64_t agents = 0;
  Stopwatch watch(state);
  for (auto _ : state) {
    if (list->done) list = collector.begin_list({}, std::nullopt, {});
    const core::Slot begin = list->next;
    watch.time([&] {
      std::string out;
      collector.continue_list(*list, out, moment(1s));
      benchmark::DoNotOptimize(out.data());
    });
    agents += list->next - begin;
  }
  state.SetItemsProcessed(agents);
}
BENCHMARK(slice_of_a_list)
    ->ArgName("name_bytes")
    ->Arg(12)
    ->Arg(256)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

// One new agent, of a million.
void slice_of_growth(benchmark::State& state) {
  core::AgentTable table(1);
  std::uint64_t next = 0;
  Stopwatch watch(state);
  for (auto _ : state) {
    const auto id = id_of(next++);
    watch.time([&] { benchmark::DoNotOptimize(table.insert(id)); });
  }
}
BENCHMARK(slice_of_growth)->Iterations(1'000'000)->UseManualTime();

void line_of_log(benchmark::State& state) {
  net::Logger log(net::LogLevel::kInfo, net::LogFormat::kJson, ::open("/dev/null", O_WRONLY));
  core::Notice notice;
  notice.kind = core::Notice::Kind::kAgentDead;
  notice.agent_id = id_of(1).str();
  notice.agent_name = name_of(1);
  notice.amount = 63s;
  for (auto _ : state) log_notice(log, notice);
  log.close();
}
BENCHMARK(line_of_log);

}  // namespace
}  // namespace pap::bench
