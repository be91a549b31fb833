// SPDX-License-Identifier: MIT
#include "papsim/live/histogram.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

constexpr auto kMost = static_cast<std::int64_t>(Histogram::kMost);

// What one sample among greater ones is shown as, so that max() does not help.
std::uint64_t shown(std::int64_t value) {
  Histogram times;
  times.add(value);
  times.add(kMost);
  return times.quantile(500'000);
}

TEST(Histogram, KnowsSmallValuesExactly) {
  for (std::int64_t value = 0; value < 256; ++value) {
    EXPECT_EQ(shown(value), static_cast<std::uint64_t>(value));
  }
}

TEST(Histogram, IsNeverMoreThanOnePerCentTooHighNorTooLowAtAll) {
  for (std::int64_t power = 1; power < kMost; power *= 2) {
    for (const std::int64_t value :
         {power - 1, power, power + 1, power + power / 3, power + power / 2, 2 * power - 1}) {
      if (value >= kMost) continue;
      const std::uint64_t out = shown(value);
      EXPECT_GE(out, static_cast<std::uint64_t>(value));
      EXPECT_LE((out - static_cast<std::uint64_t>(value)) * 100, static_cast<std::uint64_t>(value))
          << value << " is shown as " << out;
    }
  }
}

TEST(Histogram, TakesTheLeastValueThatNoMoreThanTheRestExceeds) {
  Histogram times;
  for (std::int64_t value = 1; value <= 100; ++value) times.add(value);
  EXPECT_EQ(times.quantile(500'000), 50U);
  EXPECT_EQ(times.quantile(500'001), 51U);
  EXPECT_EQ(times.quantile(990'000), 99U);
  EXPECT_EQ(times.quantile(990'001), 100U);
  EXPECT_EQ(times.quantile(1'000'000), 100U);
  EXPECT_EQ(times.quantile(0), 1U);
  EXPECT_EQ(times.quantile(1), 1U);
}

TEST(Histogram, NeverShowsMoreThanItsGreatestSample) {
  Histogram times;
  times.add(1'000'001);  // inside of its part
  EXPECT_EQ(times.quantile(500'000), 1'000'001U);
  EXPECT_EQ(times.max(), 1'000'001U);
  EXPECT_EQ(times.mean(), 1'000'001U);
}

TEST(Histogram, CountsWhatIsTooLongAsItsMostAndAsItsGreatest) {
  Histogram times;
  times.add(kMost);
  EXPECT_EQ(times.quantile(1'000'000), Histogram::kMost);
  times.add(kMost + 1);
  times.add(10 * kMost);
  EXPECT_EQ(times.count(), 3U);
  EXPECT_EQ(times.quantile(1'000'000), Histogram::kMost);
  EXPECT_EQ(times.max(), 10 * Histogram::kMost);
}

TEST(Histogram, TakesATimeBeforeItsBeginningForNone) {
  Histogram times;
  times.add(-1);
  times.add(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(times.count(), 2U);
  EXPECT_EQ(times.quantile(1'000'000), 0U);
  EXPECT_EQ(times.max(), 0U);
}

TEST(Histogram, IsAllZerosWithoutASample) {
  const Histogram times;
  EXPECT_EQ(times.count(), 0U);
  EXPECT_EQ(times.mean(), 0U);
  EXPECT_EQ(times.max(), 0U);
  EXPECT_EQ(times.quantile(0), 0U);
  EXPECT_EQ(times.quantile(1'000'000), 0U);
}

TEST(Histogram, AddsAnotherAsIfItsSamplesHadBeenItsOwn) {
  Histogram all;
  Histogram low;
  Histogram high;
  for (std::int64_t value = 0; value < 100'000; value += 7) {
    all.add(value);
    (value < 30'000 ? low : high).add(value);
  }
  low.add(high);
  low.add(Histogram());
  EXPECT_EQ(low.count(), all.count());
  EXPECT_EQ(low.mean(), all.mean());
  EXPECT_EQ(low.max(), all.max());
  for (const std::uint32_t share : {1'000U, 299'000U, 500'000U, 999'000U}) {
    EXPECT_EQ(low.quantile(share), all.quantile(share));
  }
}

TEST(Histogram, GivesTheReportItsPercentiles) {
  Histogram times;
  for (std::int64_t value = 1; value <= 100; ++value) times.add(value);
  const Percentiles out = percentiles_of(times);
  EXPECT_EQ(out.count, 100U);
  EXPECT_EQ(out.p50, 50U);
  EXPECT_EQ(out.p90, 90U);
  EXPECT_EQ(out.p99, 99U);
  EXPECT_EQ(out.p999, 100U);
  EXPECT_EQ(out.max, 100U);
}

TEST(Histogram, TellsWhatWasAddedSinceAnEarlierOne) {
  Histogram times;
  times.add(10);
  times.add(1'000'000);
  const Histogram earlier = times;
  EXPECT_EQ(times.since(earlier).count(), 0U);
  times.add(100);
  times.add(200);
  const Histogram later = times.since(earlier);
  EXPECT_EQ(later.count(), 2U);
  EXPECT_EQ(later.mean(), 150U);
  EXPECT_EQ(later.quantile(500'000), 100U);
  EXPECT_GE(later.max(), 200U);
  EXPECT_LE(later.max(), 202U);
}

}  // namespace
}  // namespace pap::sim
