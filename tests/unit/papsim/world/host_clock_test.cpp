// SPDX-License-Identifier: MIT
#include "papsim/world/host_clock.hpp"

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

TEST(HostClock, IsVirtualTimeToBeginWith) {
  const HostClock clock;
  EXPECT_EQ(clock.read(0), 0);
  EXPECT_EQ(clock.read(123'456), 123'456);
}

TEST(HostClock, StepsEitherWayAndGoesOnFromThere) {
  HostClock clock;
  clock.step(3'600'000);
  EXPECT_EQ(clock.read(1'000), 3'601'000);
  clock.step(-7'200'000);
  EXPECT_EQ(clock.read(2'000), -3'598'000);
}

TEST(HostClock, GoesFastOrSlowFromTheMomentOfTheDrift) {
  HostClock clock;
  clock.drift(10'000, 50'000);  // 5 %
  EXPECT_EQ(clock.read(10'000), 10'000);
  EXPECT_EQ(clock.read(20'000), 20'500);
  clock.drift(20'000, -100'000);
  EXPECT_EQ(clock.read(20'000), 20'500);
  EXPECT_EQ(clock.read(30'000), 29'500);
}

TEST(HostClock, KeepsWhatItDriftedWhenTheDriftEnds) {
  HostClock clock;
  clock.drift(0, 100'000);
  clock.drift(10'000, 0);
  EXPECT_EQ(clock.read(10'000), 11'000);
  EXPECT_EQ(clock.read(90'000), 91'000);
}

TEST(HostClock, StandsStillWhenItLosesAllOfItsTime) {
  HostClock clock;
  clock.drift(5'000, -1'000'000);
  EXPECT_EQ(clock.read(5'000), 5'000);
  EXPECT_EQ(clock.read(65'000), 5'000);
  clock.step(1'000);  // somebody sets it meanwhile
  EXPECT_EQ(clock.read(65'000), 6'000);
  clock.drift(65'000, 0);
  EXPECT_EQ(clock.read(66'000), 7'000);
}

}  // namespace
}  // namespace pap::sim
