// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

TEST(CollectorDrain, DecidesNoDeath) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(10s);
  world.collector().drain(world.now());
  world.run_for(1h);
  EXPECT_EQ(world.collector().dead(), 0u);
  EXPECT_TRUE(world.posts().empty());
}

TEST(CollectorDrain, LeavesHealthAsItIs) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.collector().drain(world.now());
  world.run_for(11s);
  EXPECT_FALSE(world.healthy("a"));
  EXPECT_EQ(world.stats().unhealthy, 1u);
}

TEST(CollectorDrain, GoesOnHearingHeartbeatsAndWhatTheySay) {
  World world;
  world.beat("a");
  world.collector().drain(world.now());
  world.run_for(30s);
  EXPECT_TRUE(world.beat("a", Mode::kEmergency).accepted);
  EXPECT_TRUE(world.beat("b", Mode::kIdle, 0).is_new);
  world.run_for(1s);
  EXPECT_EQ(world.posts_of("EMERGENCY_MODE").size(), 1u);
}

TEST(CollectorDrain, GoesOnTellingWhatWasDecided) {
  World world;
  world.station(test::kServerError);
  world.beat("a", Mode::kEmergency);
  world.run_for(11s);
  EXPECT_EQ(world.collector().dead(), 1u);
  world.collector().drain(world.now());
  world.station(test::kStored);
  world.run_for(2min);
  EXPECT_EQ(world.collector().told_dead(), 1u);
}

TEST(CollectorDrain, ADeathThatIsDueMakesNobodyHurry) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.collector().drain(world.now());
  world.run_for(1min);
  EXPECT_GT(world.collector().next_deadline(world.now()), world.mono());
}

}  // namespace
}  // namespace pap::core
