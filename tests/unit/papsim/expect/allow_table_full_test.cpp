// SPDX-License-Identifier: MIT
// The excuse of a living agent that nobody knows: the table was full when it was refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/run/run_story.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;

Parts crowded(const char* allow) {
  return {.head = "collector: {max_agents: 10}\n",
          .run = "{for: 5m}",
          .fleet =
              "  first: {count: 10}\n"
              "  late: {count: 3, join: {from: 1m, over: 10s}}\n",
          .expect = std::string{"{alerts: {\"*\": none}, agents: {total: 10}"} + allow + "}"};
}

TEST(TableFull, IsAnExcuseThatTheScenarioMustAllow) {
  const SeedResult result = result_of(crowded(""));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  const Check* row = row_of(result, "L4");
  ASSERT_NE(row, nullptr);
  EXPECT_THAT(row->value, HasSubstr("3 agents live and are not known"));
  EXPECT_EQ(row->bound, "0, unless allowed: table_full");
  EXPECT_EQ(row->population, 3U);
  ASSERT_EQ(row->stories.size(), 2U);
  EXPECT_EQ(row->stories[0].events.back().what.substr(0, 17), "here L4 is broken");
}

TEST(TableFull, ExcusesWhoWasRefused) {
  const SeedResult result = result_of(crowded(", allow: table_full"));
  EXPECT_EQ(result.verdict, Verdict::kPassed) << failures_of(result);
  EXPECT_EQ(row_of(result, "allow")->population, 3U);
}

TEST(TableFull, ExcusesNoMoreThanTheScenarioAllows) {
  EXPECT_EQ(result_of(crowded(", allow: {table_full: <= 2}")).verdict, Verdict::kFailed);
  EXPECT_EQ(result_of(crowded(", allow: {table_full: <= 3}")).verdict, Verdict::kPassed);
}

}  // namespace
}  // namespace pap::sim
