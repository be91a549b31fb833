// SPDX-License-Identifier: MIT
#include "pap/core/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace pap::core {
namespace {

using namespace std::chrono_literals;

std::size_t bucket_of(Nanos value) {
  Histogram histogram;
  histogram.add(value);
  for (std::size_t i = 0; i <= Histogram::kBoundsMs.size(); ++i) {
    if (histogram.in_bucket(i) == 1) return i;
  }
  return SIZE_MAX;
}

TEST(Histogram, ABoundBelongsToTheBucketBelowIt) {
  for (std::size_t i = 0; i < Histogram::kBoundsMs.size(); ++i) {
    const Nanos bound = std::chrono::milliseconds{Histogram::kBoundsMs[i]};
    EXPECT_EQ(bucket_of(bound - 1ns), i);
    EXPECT_EQ(bucket_of(bound), i);
    EXPECT_EQ(bucket_of(bound + 1ns), i + 1);
  }
}

TEST(Histogram, HasRoomBelowAndBeyond) {
  EXPECT_EQ(bucket_of(0ns), 0u);
  EXPECT_EQ(bucket_of(-5s), 0u);
  EXPECT_EQ(bucket_of(24h), Histogram::kBoundsMs.size());
}

TEST(Histogram, CountsAndSums) {
  Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  histogram.add(500ms);
  histogram.add(3s);
  EXPECT_EQ(histogram.count(), 2u);
  EXPECT_EQ(histogram.sum(), 3500ms);
}

TEST(Histogram, BoundsGrow) {
  EXPECT_TRUE(std::is_sorted(Histogram::kBoundsMs.begin(), Histogram::kBoundsMs.end()));
}

}  // namespace
}  // namespace pap::core
