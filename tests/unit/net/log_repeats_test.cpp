// SPDX-License-Identifier: MIT
#include "net/log_repeats.hpp"

#include <gtest/gtest.h>

#include "net/limits.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using Time = LogRepeats::SteadyTime;

constexpr Time kStart{100h};

TEST(LogRepeatsTest, LetTheFirstThrough) {
  LogRepeats repeats;
  EXPECT_EQ(repeats.admit("a", kStart), 0U);
  EXPECT_EQ(repeats.admit("b", kStart), 0U) << "each key for itself";
}

TEST(LogRepeatsTest, LetOneThroughInAMinuteWithTheNumberLeftOut) {
  LogRepeats repeats;
  repeats.admit("a", kStart);
  EXPECT_EQ(repeats.admit("a", kStart), std::nullopt);
  EXPECT_EQ(repeats.admit("a", kStart + kLogRepeatWindow - 1ns), std::nullopt);
  EXPECT_EQ(repeats.admit("a", kStart + kLogRepeatWindow), 2U);
  EXPECT_EQ(repeats.admit("a", kStart + kLogRepeatWindow), std::nullopt);
  EXPECT_EQ(repeats.admit("a", kStart + 10 * kLogRepeatWindow), 1U);
  EXPECT_EQ(repeats.admit("a", kStart + 20 * kLogRepeatWindow), 0U);
}

TEST(LogRepeatsTest, KeepNoMoreKeysThanTheLimitAndNoMoreLines) {
  LogRepeats repeats;
  std::size_t lines = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (repeats.admit("key " + std::to_string(i), kStart)) ++lines;
    ASSERT_LE(repeats.size(), kMaxLogRepeatKeys);
  }
  EXPECT_EQ(lines, kMaxLogRepeatKeys);
  EXPECT_EQ(repeats.admit("key 9999", kStart + kLogRepeatWindow), 0U)
      << "room again a window later";
  EXPECT_EQ(repeats.size(), 1U);
}

}  // namespace
}  // namespace pap::net
