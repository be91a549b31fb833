// SPDX-License-Identifier: MIT
#include "papsim/scenario/random_stream.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "papsim/scenario/permutation.hpp"

namespace pap::sim {
namespace {

TEST(RandomStream, IsTheSameEverywhere) {
  RandomStream stream = RandomStream(7, "pick").of("cut").of(3);
  EXPECT_EQ(stream.next(), 0x1016f5f2cbc5d413U);
}

TEST(RandomStream, HasAStreamOfItsOwnForEachNameAndNumber) {
  std::vector<std::uint64_t> first;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    for (const auto* name : {"a", "b", "ab", ""}) {
      for (std::uint64_t number = 0; number < 5; ++number) {
        first.push_back(RandomStream(seed, name).of(number).next());
        first.push_back(RandomStream(seed, "x").of(name).of(number).next());
      }
    }
  }
  std::sort(first.begin(), first.end());
  EXPECT_EQ(std::adjacent_find(first.begin(), first.end()), first.end());
}

TEST(RandomStream, DrawsHereChangeNoStreamMadeFromIt) {
  RandomStream a(1, "x");
  const RandomStream untouched = a;
  const std::uint64_t expected = untouched.of("y").next();
  RandomStream copy = untouched;
  copy.next();
  EXPECT_EQ(untouched.of("y").next(), expected);
}

TEST(RandomStream, IsUniformBelowABound) {
  RandomStream stream(1, "dice");
  std::array<int, 6> seen{};
  for (int i = 0; i < 60'000; ++i) ++seen[stream.below(6)];
  // Six standard deviations of a fair die.
  for (const int n : seen) EXPECT_NEAR(n, 10'000, 550);
  EXPECT_EQ(stream.below(1), 0U);
  EXPECT_EQ(stream.below(0), 0U);
}

TEST(RandomStream, DrawsBothEndsOfARange) {
  RandomStream stream(1, "range");
  bool first = false;
  bool last = false;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t drawn = stream.between(-2, 2);
    ASSERT_GE(drawn, -2);
    ASSERT_LE(drawn, 2);
    first = first || drawn == -2;
    last = last || drawn == 2;
  }
  EXPECT_TRUE(first);
  EXPECT_TRUE(last);
  EXPECT_EQ(stream.between(5, 5), 5);
}

TEST(Permutation, GivesEachNumberOnce) {
  for (const std::uint32_t n : {0U, 1U, 2U, 3U, 4U, 5U, 16U, 17U, 1000U}) {
    Permutation order(RandomStream(1, "p"), n);
    std::vector<std::uint32_t> all;
    while (const auto i = order.next()) all.push_back(*i);
    ASSERT_EQ(all.size(), n);
    std::sort(all.begin(), all.end());
    for (std::uint32_t i = 0; i < n; ++i) EXPECT_EQ(all[i], i);
  }
}

TEST(Permutation, PutsEachNumberFirstAboutAsOften) {
  std::array<int, 10> first{};
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    ++first[*Permutation(RandomStream(seed, "p"), 10).next()];
  }
  for (const int n : first) EXPECT_NEAR(n, 1'000, 180);
}

}  // namespace
}  // namespace pap::sim
