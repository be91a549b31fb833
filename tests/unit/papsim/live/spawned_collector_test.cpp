// SPDX-License-Identifier: MIT
#include "papsim/live/spawned_collector.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/live/collector_metrics.hpp"
#include "tests/unit/papsim/live/loopback_listener.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

SpawnedCollector::Wish wish(const std::string& command = PAP_COLLECTORD_PATH) {
  SpawnedCollector::Wish wish;
  wish.command = command;
  wish.config.drain = Millis{0};
  return wish;
}

TEST(SpawnedCollector, IsReadyWhenItAnswersAndEndsWhenItIsTold) {
  SpawnedCollector collector(wish());
  EXPECT_FALSE(collector.running());
  collector.start();
  ASSERT_TRUE(collector.wait_until_ready(30s)) << collector.last_words();
  EXPECT_TRUE(collector.running());
  EXPECT_GT(collector.resident_bytes(), 1'000'000U);
  EXPECT_GE(collector.cpu_time(), 0ms);
  collector.signal(SIGTERM);
  EXPECT_EQ(collector.wait(30s), 0);
  EXPECT_FALSE(collector.running());
}

TEST(SpawnedCollector, HasItsPortBackAtItsNextStart) {
  SpawnedCollector collector(wish());
  const std::uint16_t port = collector.port();
  for (const int how : {SIGKILL, SIGTERM, SIGKILL}) {
    collector.start();
    ASSERT_TRUE(collector.wait_until_ready(30s)) << collector.last_words();
    EXPECT_EQ(collector.port(), port);
    collector.signal(how);
    EXPECT_EQ(collector.wait(30s), how == SIGKILL ? 128 + SIGKILL : 0);
  }
  EXPECT_FALSE(fetch(collector.url(), "/health"));
}

TEST(SpawnedCollector, SharesItsPortWithNoOther) {
  const SpawnedCollector one(wish());
  const SpawnedCollector other(wish());
  EXPECT_NE(one.port(), other.port());
}

TEST(SpawnedCollector, IsConfiguredAsItsScenarioSays) {
  SpawnedCollector::Wish small = wish();
  small.config.max_agents = 0;  // out of range, which it says
  SpawnedCollector collector(small);
  collector.start();
  EXPECT_NE(collector.wait(30s).value_or(0), 0);
  EXPECT_THAT(collector.last_words(), HasSubstr("MAX_AGENTS"));
}

TEST(SpawnedCollector, ServesEveryFigureThatScenariosReadFromIt) {
  SpawnedCollector collector(wish());
  collector.start();
  ASSERT_TRUE(collector.wait_until_ready(30s)) << collector.last_words();
  const auto metrics = fetch(collector.url(), "/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->status, 200);
  Figures figures{};
  std::vector<bool> seen;
  read_metrics(metrics->body, figures, seen);
  for (const MetricName& each : kMetrics) {
    EXPECT_EQ(seen[static_cast<std::size_t>(each.metric)], is_served(each.metric))
        << each.section << '.' << each.name;
  }
}

TEST(SpawnedCollector, IsNotReadyWhereThereIsNoSuchProgram) {
  SpawnedCollector collector(wish("/nowhere/collectord"));
  collector.start();
  EXPECT_FALSE(collector.wait_until_ready(30s));  // and waits no longer than it runs
  EXPECT_EQ(collector.wait(30s), 127);
  EXPECT_FALSE(collector.running());
  EXPECT_EQ(collector.last_words(), "cannot run /nowhere/collectord: No such file or directory");
}

TEST(SpawnedCollector, TakesTheWordsAfterItsProgramForArguments) {
  SpawnedCollector collector(wish("sh -c  exit\t"));
  collector.start();
  EXPECT_EQ(collector.wait(30s), 0);
}

TEST(SpawnedCollector, KeepsTheLastOfWhatWasWritten) {
  SpawnedCollector collector(wish("seq 1 5000"));
  EXPECT_EQ(collector.last_words(), "");
  collector.start();
  ASSERT_EQ(collector.wait(30s), 0);
  EXPECT_EQ(collector.last_words().size(), 2'000U);
  EXPECT_THAT(collector.last_words(), testing::EndsWith("\n5000"));
}

TEST(Fetch, HasNoneWhereNobodyAnswers) {
  LoopbackListener server;
  EXPECT_FALSE(fetch(server.url(), "/", {}, 50ms));  // it listens, and is silent
  server.close();
  EXPECT_FALSE(fetch(server.url(), "/"));
}

}  // namespace
}  // namespace pap::sim
