// SPDX-License-Identifier: MIT
// The outbox, by how many alerts wait in it: one joins, leaves and is answered.
#include <benchmark/benchmark.h>

#include "bench/support/beats.hpp"
#include "pap/core/outbox.hpp"

namespace pap::bench {
namespace {

void outbox_cycle(benchmark::State& state) {
  core::AlertPool alerts;
  core::BookPool books;
  core::Random random(1);
  core::Outbox outbox(alerts, books, random, {100, std::chrono::minutes{5}});
  const auto now = moment(core::Nanos{0}).mono;
  std::uint64_t order = 0;
  const auto add = [&] {
    const core::BookIndex book = books.acquire();
    books[book].agent = 0;
    const core::AlertIndex alert = alerts.acquire();
    alerts[alert].book = book;
    alerts[alert].order = ++order;
    outbox.add(alert, now);
  };
  for (std::int64_t i = 0; i < state.range(0); ++i) add();
  for (auto _ : state) {
    add();
    const auto alert = outbox.take(now);
    if (!alert) {
      state.SkipWithError("nothing to take");
      break;
    }
    outbox.answered(*alert, core::Verdict::kDelivered, std::nullopt, now);
    books.release(alerts[*alert].book);
    alerts.release(*alert);
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(outbox_cycle)->RangeMultiplier(10)->Range(1, 100'000)->Complexity(benchmark::oLogN);

}  // namespace
}  // namespace pap::bench
