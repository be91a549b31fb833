// SPDX-License-Identifier: MIT
#include "papsim/run/meta_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/run/run_story.hpp"

namespace pap::sim {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const char* const kThreeDie = "  - {id: cut, at: 2m, who: {group: pods, pick: 3}, do: die}\n";

TEST(S11, ComesToTheSameWithOtherIdsAndAmongFurtherAgents) {
  const SeedResult result = result_of({.timeline = kThreeDie});
  const Check* row = row_of(result, "S11");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->verdict, Verdict::kPassed) << row->value;
  EXPECT_EQ(row->population, 6U);  // three deaths decided, three told
  EXPECT_THAT(row->value, EndsWith("with other ids and among further agents"));
}

TEST(S11, AddsNobodyWhereTheCollectorLostTime) {
  const SeedResult result =
      result_of({.timeline = std::string{kThreeDie} +
                             "  - {id: stall, at: 3m, do: {collector: {pause: 4s}}}\n"});
  ASSERT_NE(row_of(result, "S11"), nullptr);
  EXPECT_EQ(row_of(result, "S11")->verdict, Verdict::kPassed) << failures_of(result);
  EXPECT_THAT(row_of(result, "S11")->value, EndsWith("with other ids"));
}

TEST(S11, AddsNobodyWhereTheTableHasNoRoomForThem) {
  const SeedResult result =
      result_of({.head = "collector: {max_agents: 30}\n", .timeline = kThreeDie});
  ASSERT_NE(row_of(result, "S11"), nullptr);
  EXPECT_THAT(row_of(result, "S11")->value, EndsWith("with other ids"));
}

TEST(S11, IsTriedOnTheFirstSeedOfARangeAlone) {
  const Parts parts{.head = "seeds: {ci: 3..5, nightly: 3..9}\n", .timeline = kThreeDie};
  EXPECT_NE(row_of(result_of(parts, 3), "S11"), nullptr);
  EXPECT_EQ(row_of(result_of(parts, 4), "S11"), nullptr);
}

TEST(S11, IsNotTriedOnALargeFleet) {
  const Parts parts{
      .run = "{for: 1m}", .fleet = "  pods: {count: 5001}\n", .expect = "{alerts: {\"*\": none}}"};
  EXPECT_EQ(row_of(result_of(parts), "S11"), nullptr);
}

TEST(S11, NamesWhoseFateHangsOnItsName) {
  const SeedResult result = result_of({.head = "fails: S11\nsabotage: deaf_by_name\n",
                                       .fleet = "  pods: {count: 20}\n",
                                       .timeline = kThreeDie});
  EXPECT_EQ(result.verdict, Verdict::kPassed) << failures_of(result);
  EXPECT_THAT(row_of(result, "fails")->value, HasSubstr("with other ids"));
}

TEST(S10, ComesToTheSameWithoutTheJumpsOfTheWallClock) {
  const SeedResult result = result_of(
      {.timeline = std::string{kThreeDie} +
                   "  - {id: jump, at: 2m30s, do: {collector: {clock: {wall: {step: 1h}}}}}\n"});
  ASSERT_NE(row_of(result, "S10"), nullptr);
  EXPECT_EQ(row_of(result, "S10")->verdict, Verdict::kPassed);
  EXPECT_EQ(row_of(result, "S10")->population, 6U);
}

TEST(S10, IsNotTriedWhereNothingTouchesTheWallClock) {
  EXPECT_EQ(row_of(result_of({.timeline = kThreeDie}), "S10"), nullptr);
}

}  // namespace
}  // namespace pap::sim
