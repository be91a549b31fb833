// SPDX-License-Identifier: MIT
#include "papsim/capacity/search.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Tries what it is told to, where everything up to `limit` holds.
std::vector<std::uint32_t> sizes_tried(Search& search, std::uint32_t limit, double room = 2) {
  std::vector<std::uint32_t> tried;
  while (const auto size = search.next()) {
    tried.push_back(*size);
    if (*size <= limit) {
      search.held(*size, room);
    } else {
      search.failed(*size);
    }
  }
  return tried;
}

TEST(Search, DoublesUntilItFailsAndBisectsToItsWidth) {
  Search search(1'000, 1'000'000, 0.05);
  EXPECT_THAT(sizes_tried(search, 5'300),
              ElementsAre(1'000, 2'000, 4'000, 8'000, 6'000, 5'000, 5'500, 5'250));
  EXPECT_EQ(search.most_held(), 5'250U);
  EXPECT_EQ(search.least_failed(), 5'500U);
}

TEST(Search, GoesDownWhereTheFirstFails) {
  Search search(1'000, 1'000'000, 0.5);
  EXPECT_THAT(sizes_tried(search, 300), ElementsAre(1'000, 500, 250, 375));
  EXPECT_EQ(search.most_held(), 250U);
}

TEST(Search, FindsThatNothingHolds) {
  Search search(4, 100, 0.05);
  EXPECT_THAT(sizes_tried(search, 0), ElementsAre(4, 2, 1));
  EXPECT_EQ(search.most_held(), 0U);
  EXPECT_EQ(search.least_failed(), 1U);
}

TEST(Search, NeverAsksForMoreThanThereMayBe) {
  Search search(1'000, 3'000, 0.05);
  EXPECT_THAT(sizes_tried(search, 1'000'000), ElementsAre(1'000, 2'000, 3'000));
  EXPECT_EQ(search.least_failed(), std::nullopt);
  Search none(1'000, 0, 0.05);
  EXPECT_THAT(sizes_tried(none, 1'000'000), IsEmpty());
}

TEST(Search, StepsFurtherWhereThereIsMoreRoomButNotTooFar) {
  Search some(1'000, 100'000, 0.05);
  some.held(1'000, 5);
  EXPECT_EQ(some.next(), 5'000U);
  Search much(1'000, 100'000, 0.05);
  much.held(1'000, 80);
  EXPECT_EQ(much.next(), 16'000U);
  Search little(1'000, 100'000, 0.05);
  little.held(1'000, 1.1);
  EXPECT_EQ(little.next(), 2'000U);
}

}  // namespace
}  // namespace pap::sim
