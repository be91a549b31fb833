// SPDX-License-Identifier: MIT
#include "papsim/scenario/quantities.hpp"

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsANumberWithAUnitOrSeveralOfThem) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("70s"), 70s);
  EXPECT_EQ(parse_duration("4m"), 4min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1m0.5s"), 60'500ms);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(Duration, MayHaveAFractionThatComesOutWhole) {
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("0.125s"), 125ms);
  EXPECT_EQ(parse_duration("0.0005s"), std::nullopt);
  EXPECT_EQ(parse_duration("0.5ms"), std::nullopt);
  EXPECT_EQ(parse_duration("0.333333m"), std::nullopt);
}

TEST(Duration, IsNothingElse) {
  for (const auto* word : {"", "5", "s", "5 s", "-5s", "5x", "5sx", "1.s", ".5s", "5S", "1..2s",
                           "99999999999999999999s", "11000d"}) {
    EXPECT_EQ(parse_duration(word), std::nullopt) << word;
  }
}

TEST(Duration, MayBeNegativeWhereAClockSteps) {
  EXPECT_EQ(parse_signed_duration("-1h"), -1h);
  EXPECT_EQ(parse_signed_duration("+1h"), 1h);
  EXPECT_EQ(parse_signed_duration("--1h"), std::nullopt);
}

TEST(Duration, IsWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(to_word(Millis{0}), "0s");
  EXPECT_EQ(to_word(90s), "90s");
  EXPECT_EQ(to_word(120s), "2m");
  EXPECT_EQ(to_word(1ms), "1ms");
  EXPECT_EQ(to_word(-24h), "-1d");
}

TEST(Share, IsAPercentageOrPartsPerMillion) {
  EXPECT_EQ(parse_share("10%"), 100'000U);
  EXPECT_EQ(parse_share("0.4%"), 4'000U);
  EXPECT_EQ(parse_share("100%"), kAll);
  EXPECT_EQ(parse_share("200ppm"), 200U);
  EXPECT_EQ(parse_share("0.0001%"), 1U);
}

TEST(Share, IsNothingElse) {
  for (const auto* word : {"10", "%", "101%", "-1%", "0.00001%", "ten%", "1,5%"}) {
    EXPECT_EQ(parse_share(word), std::nullopt) << word;
  }
}

TEST(Share, IsWrittenAsAPercentage) {
  EXPECT_EQ(share_word(100'000), "10%");
  EXPECT_EQ(share_word(4'000), "0.4%");
  EXPECT_EQ(share_word(1), "0.0001%");
  EXPECT_EQ(share_word(-200), "-0.02%");
}

TEST(Bound, IsASumOfIntervalsSlacksAndDurations) {
  EXPECT_EQ(parse_bound("2I"), (Bound{2'000'000, 0, 0}));
  EXPECT_EQ(parse_bound("2I + slack"), (Bound{2'000'000, 1'000'000, 0}));
  EXPECT_EQ(parse_bound("2.5 I - 0.5*slack+500ms"), (Bound{2'500'000, -500'000, 500}));
  EXPECT_EQ(parse_bound("I + 60s + I + slack"), (Bound{2'000'000, 1'000'000, 60'000}));
  EXPECT_EQ(parse_bound("2I + 1500ms"), (Bound{2'000'000, 0, 1'500}));
  EXPECT_EQ(parse_bound("0"), Bound{});
}

TEST(Bound, IsNothingElse) {
  for (const auto* word : {"", "2X", "2I slack", "2I +", "5", "2i", "2000I", "+", "2I * 3"}) {
    EXPECT_EQ(parse_bound(word), std::nullopt) << word;
  }
}

TEST(Bound, IsWrittenAsItIsRead) {
  for (const auto* word : {"2I", "2I + slack", "2.5I - 0.5 slack + 500ms", "-5s", "0", "I"}) {
    const auto bound = parse_bound(word);
    ASSERT_TRUE(bound) << word;
    EXPECT_EQ(to_word(*bound), word);
  }
}

TEST(Comparand, IsANumberWithOrWithoutASign) {
  EXPECT_EQ(parse_comparand("0")->comparison, Comparison::kEqual);
  EXPECT_EQ(parse_comparand("< 20")->comparison, Comparison::kLess);
  EXPECT_EQ(parse_comparand("<=5")->value, 5);
  EXPECT_EQ(parse_comparand(">= 1")->comparison, Comparison::kGreaterEqual);
  EXPECT_EQ(parse_comparand("> 0")->comparison, Comparison::kGreater);
  for (const auto* word : {"", "<", "~3", "< -1", "1.5", "=> 3", "3 <"}) {
    EXPECT_FALSE(parse_comparand(word)) << word;
  }
}

}  // namespace
}  // namespace pap::sim
