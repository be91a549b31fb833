// SPDX-License-Identifier: MIT
#include "papsim/world/figure_book.hpp"

#include <string>

#include <gtest/gtest.h>

#include "pap/core/collector.hpp"
#include "papsim/scenario/model.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

core::Instant at(Millis time) {
  return {core::MonotonicTime{1h + time}, core::WallTime{1'790'000'000s + time}};
}

core::Collector collector() {
  core::CollectorSettings settings;
  settings.cluster = {"papsim", "papsim"};
  return core::Collector{settings, at(0ms)};
}

void beat(core::Collector& to, const char* id, protocol::Mode mode = protocol::Mode::kIdle,
          Millis time = 0ms) {
  to.heartbeat(*protocol::AgentId::parse(id), {mode, 3600, {}}, at(time));
}

TEST(FigureBook, ReadsWhatTheCollectorSaysOfItself) {
  core::Collector core = collector();
  beat(core, "a");
  beat(core, "b", protocol::Mode::kSleep);
  const Figures figures = FigureBook{}.read(core);
  EXPECT_EQ(figure(figures, Metric::kAgentsTotal), 2);
  EXPECT_EQ(figure(figures, Metric::kAgentsHealthy), 2);
  EXPECT_EQ(figure(figures, Metric::kAgentsIdle), 1);
  EXPECT_EQ(figure(figures, Metric::kAgentsSleep), 1);
  EXPECT_EQ(figure(figures, Metric::kAgentsNew), 2);
  EXPECT_EQ(figure(figures, Metric::kOutboxDecided), 0);
}

TEST(FigureBook, LetsCountersGrowOverRestartsAndGaugesBeginAnew) {
  FigureBook book;
  core::Collector first = collector();
  beat(first, "a");
  beat(first, "b");
  book.collector_ended(first);
  core::Collector second = collector();
  beat(second, "a");
  const Figures figures = book.read(second);
  EXPECT_EQ(figure(figures, Metric::kAgentsNew), 3);
  EXPECT_EQ(figure(figures, Metric::kAgentsTotal), 1);
  book.collector_ended(second);
  EXPECT_EQ(figure(book.read(collector()), Metric::kAgentsNew), 3);
}

TEST(FigureBook, CountsWhatACollectorLeavesUntold) {
  FigureBook book;
  core::Collector core = collector();
  beat(core, "a");
  beat(core, "a", protocol::Mode::kEmergency, 1s);  // decided, and waits to be posted
  EXPECT_EQ(figure(book.read(core), Metric::kOutboxLeft), 0);
  book.collector_ended(core);
  const Figures figures = book.read(collector());
  EXPECT_EQ(figure(figures, Metric::kOutboxLeft), 1);
  EXPECT_EQ(figure(figures, Metric::kOutboxDecided), 1);
  EXPECT_EQ(figure(figures, Metric::kOutboxWaiting), 0);
}

Figures total(std::int64_t value) {
  Figures figures{};
  figure(figures, Metric::kAgentsTotal) = value;
  return figures;
}

TEST(FigureBook, KeepsLeastMostAndLastOfTheRun) {
  FigureBook book;
  EXPECT_FALSE(book.whole().sampled);
  for (const std::int64_t value : {5, 9, 2, 4}) book.sample(total(value));
  EXPECT_TRUE(book.whole().sampled);
  EXPECT_EQ(figure(book.whole().least, Metric::kAgentsTotal), 2);
  EXPECT_EQ(figure(book.whole().most, Metric::kAgentsTotal), 9);
  EXPECT_EQ(figure(book.whole().last, Metric::kAgentsTotal), 4);
}

TEST(FigureBook, KeepsThoseOfAnEntryFromItsBeginToItsEnd) {
  FigureBook book;
  book.sample(total(100));
  book.begin(3, total(10));
  book.sample(total(30));
  book.end(3, total(20));
  book.sample(total(0));
  const FigureBook::Stretch* entry = book.of(3);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(figure(entry->first, Metric::kAgentsTotal), 10);
  EXPECT_EQ(figure(entry->least, Metric::kAgentsTotal), 10);
  EXPECT_EQ(figure(entry->most, Metric::kAgentsTotal), 30);
  EXPECT_EQ(figure(entry->last, Metric::kAgentsTotal), 20);
  EXPECT_EQ(book.of(2), nullptr);
}

TEST(FigureBook, BeginsAnEntryThatComesAgainOnlyOnce) {
  FigureBook book;
  book.begin(0, total(1));
  book.end(0, total(2));
  book.sample(total(50));  // between the two
  book.begin(0, total(3));
  book.end(0, total(4));
  EXPECT_EQ(figure(book.of(0)->first, Metric::kAgentsTotal), 1);
  EXPECT_EQ(figure(book.of(0)->last, Metric::kAgentsTotal), 4);
  EXPECT_EQ(figure(book.of(0)->most, Metric::kAgentsTotal), 4);
}

}  // namespace
}  // namespace pap::sim
