// SPDX-License-Identifier: MIT
#include "papsim/run/recording.hpp"

#include <algorithm>
#include <numeric>

namespace pap::sim {

namespace {

// Each of these divides the later ones.
constexpr std::array<std::int64_t, 5> kFineWidths{100, 1'000, 10'000, 60'000, 600'000};
constexpr std::array<std::int64_t, 12> kWidths{100,    200,    500,    1'000,   2'000,   5'000,
                                               10'000, 20'000, 60'000, 120'000, 300'000, 600'000};

constexpr std::int64_t ratio_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// The last one of these points at which the queues together were longest.
std::size_t longest_queue(const Points& points, std::size_t from, std::size_t to) {
  std::size_t longest = from;
  std::int64_t most = 0;
  for (std::size_t i = from; i < to; ++i) {
    std::int64_t sum = 0;
    for (const SeriesName& each : kSeries) {
      if (each.kind != PointKind::kQueue) continue;
      sum += points.series[static_cast<std::size_t>(each.series)][i];
    }
    if (sum < most) continue;
    most = sum;
    longest = i;
  }
  return longest;
}

}  // namespace

std::int64_t fine_width(std::int64_t end) {
  constexpr auto kMost = static_cast<std::int64_t>(kMostFinePoints);
  for (const std::int64_t width : kFineWidths) {
    if (width * kMost >= end) return width;
  }
  return ratio_up(end, kMost);
}

std::int64_t width_of_point(std::int64_t fine, std::int64_t end) {
  constexpr auto kMost = static_cast<std::int64_t>(kMostPoints);
  for (const std::int64_t width : kWidths) {
    if (width % fine == 0 && width * kMost >= end) return width;
  }
  return ratio_up(end, fine * kMost) * fine;
}

Points merged(const Points& fine, std::int64_t end) {
  Points out;
  out.every = width_of_point(fine.every, end);
  const auto size =
      std::min(fine.series.front().size(), static_cast<std::size_t>(ratio_up(end, fine.every)));
  const auto step = static_cast<std::size_t>(out.every / fine.every);
  for (std::size_t from = 0; from < size; from += step) {
    const std::size_t to = std::min(size, from + step);
    const std::size_t longest = longest_queue(fine, from, to);
    for (const SeriesName& each : kSeries) {
      const auto series = static_cast<std::size_t>(each.series);
      const auto& all = fine.series[series];
      std::int64_t value = all[each.kind == PointKind::kQueue ? longest : from];
      if (each.kind == PointKind::kSum) {
        value = std::accumulate(all.begin() + static_cast<std::ptrdiff_t>(from),
                                all.begin() + static_cast<std::ptrdiff_t>(to), std::int64_t{0});
      }
      out.series[series].push_back(value);
    }
  }
  return out;
}

}  // namespace pap::sim
