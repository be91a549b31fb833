// SPDX-License-Identifier: MIT
#include "pap/core/retry_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;

struct Ceiling {
  std::uint32_t failures;
  Nanos alert;
  Nanos probe;
};

class BackoffCeiling : public testing::TestWithParam<Ceiling> {};

TEST_P(BackoffCeiling, DoublesUpToTheLongest) {
  const Ceiling& c = GetParam();
  EXPECT_EQ(backoff_ceiling(c.failures, kBackoffFirst, kBackoffLongest), c.alert);
  EXPECT_EQ(backoff_ceiling(c.failures, kProbeFirst, kProbeLongest), c.probe);
}

INSTANTIATE_TEST_SUITE_P(Failures, BackoffCeiling,
                         testing::Values(Ceiling{1, 5s, 5s}, Ceiling{2, 10s, 10s},
                                         Ceiling{3, 20s, 20s}, Ceiling{4, 40s, 30s},
                                         Ceiling{5, 60s, 30s}, Ceiling{6, 60s, 30s},
                                         Ceiling{255, 60s, 30s}, Ceiling{UINT32_MAX, 60s, 30s}));

TEST(Backoff, IsFullJitter) {
  Random random{1};
  Nanos least = 1h;
  Nanos most = 0s;
  Nanos sum = 0s;
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i) {
    const Nanos drawn = backoff(3, kBackoffFirst, kBackoffLongest, random);
    least = std::min(least, drawn);
    most = std::max(most, drawn);
    sum += drawn;
  }
  EXPECT_GE(least, 0s);
  EXPECT_LT(least, 50ms);
  EXPECT_LE(most, 20s);
  EXPECT_GT(most, 20s - 50ms);
  EXPECT_NEAR(std::chrono::duration<double>(sum / kDraws).count(), 10, 0.3);
}

TEST(Random, IsTheSameForASeedAndReachesBothEnds) {
  Random a{7};
  Random b{7};
  Random c{8};
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
  bool least = false;
  bool most = false;
  for (int i = 0; i < 100; ++i) {
    const Nanos drawn = a.up_to(2ns);
    EXPECT_LE(drawn, 2ns);
    least = least || drawn == 0ns;
    most = most || drawn == 2ns;
  }
  EXPECT_TRUE(least);
  EXPECT_TRUE(most);
  EXPECT_EQ(a.up_to(0ns), 0ns);
}

}  // namespace
}  // namespace pap::core
