// SPDX-License-Identifier: MIT
#include "papsim/live/collector_metrics.hpp"

#include <string>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

struct Reading {
  Figures figures{};
  std::vector<bool> seen;

  std::int64_t value(Metric metric) const { return figure(figures, metric); }
  bool has(Metric metric) const { return seen[static_cast<std::size_t>(metric)]; }
};

Reading read_text(std::string_view text) {
  Reading reading;
  reading.figures.fill(-1);  // of nothing that was read
  read_metrics(text, reading.figures, reading.seen);
  return reading;
}

// As collectord writes them, in part.
constexpr std::string_view kServed =
    "# HELP pap_collector_agents_total Agents known\n"
    "# TYPE pap_collector_agents_total gauge\n"
    "pap_collector_agents_total{cluster=\"papsim\"} 42\n"
    "pap_collector_agents_healthy{cluster=\"papsim\"} 40\n"
    "pap_collector_agents_by_mode{cluster=\"papsim\",mode=\"EMERGENCY\"} 1\n"
    "pap_collector_agents_by_mode{cluster=\"papsim\",mode=\"IDLE\"} 38\n"
    "pap_collector_agents_by_mode{cluster=\"papsim\",mode=\"SLEEP\"} 3\n"
    "pap_collector_alerts_total{cluster=\"papsim\",type=\"AGENT_DEATH\",event=\"decided\"} 7\n"
    "pap_collector_alerts_total{cluster=\"papsim\",type=\"EMERGENCY_MODE\",event=\"decided\"} 5\n"
    "pap_collector_alerts_total{cluster=\"papsim\",type=\"AGENT_DEATH\",event=\"dropped_full\"} 2\n"
    "pap_collector_alerts_total{cluster=\"papsim\",type=\"AGENT_DEATH\","
    "event=\"dropped_expired\"} 3\n"
    "pap_collector_alerts_waiting{cluster=\"papsim\"} 0\n"
    "pap_collector_agents_gone_total{cluster=\"papsim\",reason=\"evicted\"} 4\n"
    "pap_collector_listening_time_lost_seconds_total{cluster=\"papsim\"} 1.2345\n"
    "pap_collector_detection_lag_seconds_bucket{cluster=\"papsim\",le=\"+Inf\"} 9\n";

TEST(CollectorMetrics, AreReadByTheNamesOfScenarios) {
  const Reading reading = read_text(kServed);
  EXPECT_EQ(reading.value(Metric::kAgentsTotal), 42);
  EXPECT_EQ(reading.value(Metric::kAgentsHealthy), 40);
  EXPECT_EQ(reading.value(Metric::kAgentsEmergency), 1);
  EXPECT_EQ(reading.value(Metric::kAgentsIdle), 38);
  EXPECT_EQ(reading.value(Metric::kAgentsSleep), 3);
  EXPECT_EQ(reading.value(Metric::kAgentsEvicted), 4);
  EXPECT_EQ(reading.value(Metric::kOutboxWaiting), 0);
}

TEST(CollectorMetrics, AreSummedOverLabelsThatNoScenarioNames) {
  EXPECT_EQ(read_text(kServed).value(Metric::kOutboxDecided), 12);
}

TEST(CollectorMetrics, SumUpAllThatWasDroppedBesideEachCause) {
  const Reading reading = read_text(kServed);
  EXPECT_EQ(reading.value(Metric::kOutboxDropped), 5);
  EXPECT_EQ(reading.value(Metric::kOutboxDroppedFull), 2);
  EXPECT_EQ(reading.value(Metric::kOutboxDroppedExpired), 3);
}

TEST(CollectorMetrics, AreInTheUnitsOfScenarios) {
  EXPECT_EQ(read_text(kServed).value(Metric::kCollectorLostMs), 1'235);
  EXPECT_EQ(read_text("pap_collector_agents_total 1.5e3\n").value(Metric::kAgentsTotal), 1'500);
}

TEST(CollectorMetrics, AreLeftAsTheyWereWhereTheTextHasNone) {
  const Reading reading = read_text(kServed);
  EXPECT_TRUE(reading.has(Metric::kAgentsTotal));
  EXPECT_FALSE(reading.has(Metric::kOutboxLapsed));
  EXPECT_EQ(reading.value(Metric::kOutboxLapsed), -1);
  EXPECT_FALSE(reading.has(Metric::kAgentsRemoved));  // gone for another reason
}

TEST(CollectorMetrics, AreAnewWithEachText) {
  Figures figures{};
  std::vector<bool> seen;
  read_metrics(kServed, figures, seen);
  read_metrics("pap_collector_agents_total 3", figures, seen);
  EXPECT_EQ(figure(figures, Metric::kAgentsTotal), 3);
  EXPECT_TRUE(seen[static_cast<std::size_t>(Metric::kAgentsTotal)]);
  EXPECT_FALSE(seen[static_cast<std::size_t>(Metric::kAgentsHealthy)]);
}

TEST(CollectorMetrics, PassOverWhatTheyDoNotKnow) {
  const Reading reading = read_text(
      "go_goroutines 12\n"
      "pap_collector_agents_total_x{cluster=\"a\"} 1\n"
      "pap_collector_agents{cluster=\"a\"} 2\n"
      "agents_total 3\n"
      "pap_collector_agents_total{cluster=\"a\"\n"
      "pap_collector_agents_total\n"
      "pap_collector_agents_total{cluster=\"a\"} many\n"
      "pap_collector_agents_total{cluster=\"a\"} NaN\n"
      "\n}{\n");
  EXPECT_FALSE(reading.has(Metric::kAgentsTotal));
}

TEST(CollectorMetrics, MayStandInAClusterOfAnyName) {
  const Reading reading =
      read_text("pap_collector_agents_total{cluster=\"a} b{ 7\"} 8 1700000000000");
  EXPECT_EQ(reading.value(Metric::kAgentsTotal), 8);
}

TEST(CollectorMetrics, AreServedButForWhatTheLaboratoryCountsItself) {
  EXPECT_TRUE(is_served(Metric::kAgentsTotal));
  EXPECT_TRUE(is_served(Metric::kCollectorLostMs));
  EXPECT_FALSE(is_served(Metric::kOutboxLeft));
  EXPECT_FALSE(is_served(Metric::kHeartbeatsSent));
  EXPECT_FALSE(is_served(Metric::kStationPosts));
  EXPECT_FALSE(is_served(Metric::kLiveAnswerMs));
}

}  // namespace
}  // namespace pap::sim
