// SPDX-License-Identifier: MIT
#include "papsim/scenario/nearest.hpp"

#include <array>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

TEST(EditDistance, CountsLettersInsertedDroppedChangedAndSwapped) {
  EXPECT_EQ(edit_distance("jitter", "jitter"), 0U);
  EXPECT_EQ(edit_distance("jiter", "jitter"), 1U);
  EXPECT_EQ(edit_distance("jittter", "jitter"), 1U);
  EXPECT_EQ(edit_distance("jitten", "jitter"), 1U);
  EXPECT_EQ(edit_distance("jittre", "jitter"), 1U);
  EXPECT_EQ(edit_distance("", "jitter"), 6U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(EditDistance, TakesUpperAndLowerCaseForOneLetter) {
  EXPECT_EQ(edit_distance("idle", "IDLE"), 0U);
}

TEST(Suggestion, IsTheNearestWordWhenItIsATypo) {
  constexpr std::array<std::string_view, 3> kWords{"count", "mode", "jitter"};
  EXPECT_EQ(suggestion("cuont", kWords), "; did you mean 'count'?");
  EXPECT_EQ(suggestion("jiter", kWords), "; did you mean 'jitter'?");
}

TEST(Suggestion, ListsAFewWordsWhenNoneIsNear) {
  constexpr std::array<std::string_view, 3> kWords{"count", "mode", "jitter"};
  EXPECT_EQ(suggestion("uptime", kWords), "; there are count, mode and jitter");
  EXPECT_EQ(suggestion("uptime", std::span(kWords).first(1)), "; there is count");
  EXPECT_EQ(suggestion("uptime", {}), "");
}

TEST(Suggestion, NamesTheNearestOfManyWords) {
  std::vector<std::string_view> words(20, "xxxxxxxxxx");
  words.push_back("upwards");
  EXPECT_EQ(suggestion("updates", words), "; the nearest is 'upwards'");
}

}  // namespace
}  // namespace pap::sim
