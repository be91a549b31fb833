// SPDX-License-Identifier: MIT
#include "papctl/top/line.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::ctl::top {
namespace {

using testing::ElementsAre;

const Terminal kPlain({true, false, true, 20});

TEST(Line, IsCutWhereTheScreenEnds) {
  EXPECT_EQ(Line(kPlain, 8).add("1234").add("567890").text(), "1234567…");
  EXPECT_EQ(Line(kPlain, 8).add("1234567890").add("x").text(), "1234567…");
  EXPECT_EQ(Line(kPlain, 8).add("1234").add_whole("56789").add_whole("56").text(), "1234  56");
}

TEST(Shares, OfABarFillItByTheCounts) {
  EXPECT_THAT(shares({1, 1, 0}, 10), ElementsAre(5, 5, 0));
  EXPECT_THAT(shares({0, 0, 0}, 10), ElementsAre(0, 0, 0));
  EXPECT_THAT(shares({3, 0, 0}, 10), ElementsAre(10, 0, 0));
}

TEST(Shares, ShowOneAmongVeryMany) {
  EXPECT_THAT(shares({99'999, 1, 0}, 10), ElementsAre(9, 1, 0));
  EXPECT_THAT(shares({1, 1'000'000, 1}, 4), ElementsAre(1, 2, 1));
}

TEST(Shares, NeverAreMoreThanThereIsRoomFor) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  for (const auto& counts : {std::array<std::uint64_t, 3>{1, 1, 1},
                             {5, 3, 2},
                             {kMax, kMax, kMax},
                             {kMax, 1, 1},
                             {7, 7, 1}}) {
    for (std::size_t cells = 3; cells < 100; ++cells) {
      const auto widths = shares(counts, cells);
      EXPECT_EQ(std::accumulate(widths.begin(), widths.end(), std::size_t{0}), cells);
    }
  }
}

}  // namespace
}  // namespace pap::ctl::top
