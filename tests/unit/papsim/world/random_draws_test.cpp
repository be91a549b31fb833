// SPDX-License-Identifier: MIT
#include "papsim/world/random_draws.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

TEST(RandomDraws, AreSplitMix64TheSameEverywhere) {
  // The first outputs of Vigna's splitmix64.c from the state 1234567.
  EXPECT_EQ(draw_at(1234567, 0), 6457827717110365317U);
  EXPECT_EQ(draw_at(1234567, 1), 3203168211198807973U);
  EXPECT_EQ(draw_at(1234567, 2), 9817491932198370423U);
}

TEST(RandomDraws, OfOneStreamTakeNothingFromAnother) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t stream = 0; stream < 100; ++stream) {
    for (std::uint64_t n = 0; n < 100; ++n) all.push_back(draw_at(mix(stream + 1), n));
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST(RandomDraws, AreScaledToAllOfARangeAndNoMore) {
  EXPECT_EQ(scale(0, 10), 0U);
  EXPECT_EQ(scale(UINT64_MAX, 10), 9U);
  EXPECT_EQ(scale(UINT64_MAX, 1), 0U);
  EXPECT_EQ(scale(UINT64_MAX, 0), 0U);
  EXPECT_EQ(scale(UINT64_MAX / 2 + 1, 10), 5U);
}

TEST(RandomDraws, FallIntoEachPartAboutAsOften) {
  std::array<int, 10> parts{};
  for (std::uint64_t n = 0; n < 100'000; ++n) ++parts[scale(draw_at(7, n), 10)];
  for (const int count : parts) EXPECT_NEAR(count, 10'000, 500);
}

}  // namespace
}  // namespace pap::sim
