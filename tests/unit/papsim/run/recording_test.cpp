// SPDX-License-Identifier: MIT
// Points of a run, from fine ones.
#include "papsim/run/recording.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

constexpr std::int64_t kMinute = 60'000;
using Values = std::vector<std::int64_t>;

Values& values(Points& points, Series series) {
  return points.series[static_cast<std::size_t>(series)];
}

Points fine_points(std::size_t size) {
  Points points;
  points.every = 100;
  for (auto& series : points.series) series.assign(size, 0);
  return points;
}

TEST(PointWidths, AreFineEnoughAndFewEnough) {
  for (const std::int64_t end : {kMinute, 60 * kMinute, 24 * 60 * kMinute, 10'000'000 * kMinute}) {
    const std::int64_t fine = fine_width(end);
    EXPECT_LE(end / fine, static_cast<std::int64_t>(kMostFinePoints));
    for (const std::int64_t part : {end, end / 7, end / 1'000, fine}) {
      const std::int64_t width = width_of_point(fine, part);
      EXPECT_EQ(width % fine, 0) << end << ' ' << part;
      EXPECT_LE((part + width - 1) / width, static_cast<std::int64_t>(kMostPoints));
    }
  }
  EXPECT_EQ(fine_width(78 * kMinute), 100);
  EXPECT_EQ(width_of_point(100, 6 * kMinute + 40'000), 1'000);
  EXPECT_EQ(width_of_point(100, 78 * kMinute), 20'000);
}

TEST(MergedPoints, SumWhatIsCountedAndKeepTheLevelOfTheirBegin) {
  Points fine = fine_points(800);
  for (std::size_t i = 0; i < 800; ++i) {
    values(fine, Series::kBeats)[i] = 1;
    values(fine, Series::kKnown)[i] = static_cast<std::int64_t>(i);
  }
  Points all = merged(fine, 80'000);
  EXPECT_EQ(all.every, 200);
  EXPECT_EQ(values(all, Series::kBeats), Values(400, 2));
  EXPECT_EQ(values(all, Series::kKnown)[1], 2);
  EXPECT_EQ(values(all, Series::kKnown).back(), 798);
}

TEST(MergedPoints, SplitTheQueueAsItWasWhenItWasLongest) {
  Points fine = fine_points(800);
  // First 80 wait, then 60 of them are on their way.
  values(fine, Series::kWaiting)[0] = 80;
  values(fine, Series::kWaiting)[1] = 19;
  values(fine, Series::kInFlight)[1] = 60;
  Points all = merged(fine, 80'000);
  EXPECT_EQ(values(all, Series::kWaiting)[0], 80);
  EXPECT_EQ(values(all, Series::kInFlight)[0], 0);
}

TEST(MergedPoints, EndWhereTheyAreToldTo) {
  Points fine = fine_points(801);
  values(fine, Series::kBeats)[799] = 5;
  values(fine, Series::kBeats)[800] = 7;
  Points all = merged(fine, 80'100);
  EXPECT_EQ(all.every, 500);
  EXPECT_EQ(values(all, Series::kBeats).size(), 161U);
  EXPECT_EQ(values(all, Series::kBeats).back(), 7) << "the last one is shorter";
  EXPECT_EQ(values(all = merged(fine, 40'000), Series::kBeats).size(), 400U);
}

}  // namespace
}  // namespace pap::sim
