// SPDX-License-Identifier: MIT
#include "papsim/swarm/small_worlds.hpp"

#include <gtest/gtest.h>

#include "support/build_kind.hpp"

namespace pap::sim {
namespace {

const auto kAll = [](const SmallWorldsReport&) { return true; };

TEST(SmallWorlds, AreAsManyAsThereAre) {
  EXPECT_EQ(small_worlds(1), 18U);
  EXPECT_EQ(small_worlds(4), 111'150U);
  EXPECT_EQ(small_worlds(6), 36'012'942U);
}

TEST(SmallWorlds, BreakNoRule) {
  const unsigned length = test::kSanitized ? 2 : 3;
  const SmallWorldsReport report = run_small_worlds(length, 2, kAll);
  EXPECT_EQ(report.broken, 0U) << report.first;
  EXPECT_EQ(report.worlds, small_worlds(length));
}

TEST(SmallWorlds, AreTheSameHoweverManyRunSideBySide) {
  const SmallWorldsReport one = run_small_worlds(2, 1, kAll);
  const SmallWorldsReport four = run_small_worlds(2, 4, kAll);
  EXPECT_EQ(one.deaths, four.deaths);
  EXPECT_EQ(one.alerts, four.alerts);
}

TEST(SmallWorlds, HaveTheirStepsInTheirNumber) {
  EXPECT_EQ(small_world_words(0, 1), "beat A, 2xx");
  EXPECT_EQ(small_world_words(17, 1), "wait 2I + slack, 400");
  EXPECT_EQ(small_world_words(18 + 4, 2), "beat A, 5xx; beat B, 5xx");
}

// A beats and then is silent, like everybody at the end.
TEST(SmallWorlds, SeeADeathToldOnce) {
  const SmallWorldResult result = run_small_world(0, 1);
  EXPECT_FALSE(result.broken);
  EXPECT_EQ(result.deaths, 1U);
  EXPECT_EQ(result.alerts, 1U);
}

TEST(SmallWorlds, StopWhenTheyAreTold) {
  const auto report = run_small_worlds(4, 1, [](const SmallWorldsReport&) { return false; });
  EXPECT_FALSE(report.whole);
  EXPECT_LT(report.worlds, small_worlds(4));
}

}  // namespace
}  // namespace pap::sim
