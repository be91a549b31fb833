// SPDX-License-Identifier: MIT
#include "papctl/client/metrics.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

TEST(Metrics, AreTakenApartAsServed) {
  const Metrics metrics = Metrics::parse(
      "# HELP pap_collector_agents_total Agents.\n"
      "# TYPE pap_collector_agents_total gauge\n"
      "pap_collector_agents_total{cluster=\"a\"} 42\n"
      "pap_collector_agents_by_mode{cluster=\"a\",mode=\"IDLE\"} 40\n"
      "\n"
      "up 1 1795560687000\n");
  ASSERT_EQ(metrics.samples.size(), 3U);
  EXPECT_EQ(metrics.samples[0].name, "agents_total");
  EXPECT_EQ(metrics.samples[0].labels, "");
  EXPECT_EQ(metrics.samples[0].value, "42");
  EXPECT_EQ(metrics.samples[1].labels, "mode=\"IDLE\"");
  EXPECT_EQ(metrics.samples[2].name, "up");
  EXPECT_EQ(metrics.samples[2].value, "1") << "without the time of it";
}

TEST(Metrics, AreFoundByNameAndLabels) {
  const Metrics metrics = Metrics::parse(
      "pap_collector_by{mode=\"IDLE\",cluster=\"c\"} 1\n"
      "pap_collector_by{cluster=\"c\",mode=\"SLEEP\"} 2.5\n"
      "pap_collector_age -1\n"
      "pap_collector_none NaN\n"
      "pap_collector_odd x\n");
  EXPECT_EQ(metrics.value("by", "mode=\"IDLE\""), 1);
  EXPECT_EQ(metrics.value("by", "mode=\"SLEEP\""), 2.5);
  EXPECT_EQ(metrics.value("age"), -1);
  EXPECT_TRUE(std::isnan(metrics.value("none").value_or(0)));
  EXPECT_FALSE(metrics.value("odd"));
  EXPECT_FALSE(metrics.value("by"));
  EXPECT_FALSE(metrics.value("missing"));
}

TEST(Metrics, TakeQuotedBracesCommasAndQuotesForText) {
  const Metrics metrics =
      Metrics::parse("pap_collector_x{cluster=\"a\\\"},b\",name=\"}, {\\\\\"} 7\n");
  ASSERT_EQ(metrics.samples.size(), 1U);
  EXPECT_EQ(metrics.samples[0].labels, "name=\"}, {\\\\\"");
  EXPECT_EQ(metrics.samples[0].value, "7");
}

TEST(Metrics, LeaveOutWhatIsNoSample) {
  for (const char* text : {"", "\n\n", "# only comments", "name", "name{", "name{a=\"b\"}", "name ",
                           "name{a=\"}", "{", "<html>"}) {
    EXPECT_TRUE(Metrics::parse(text).samples.empty()) << text;
  }
}

}  // namespace
}  // namespace pap::ctl
