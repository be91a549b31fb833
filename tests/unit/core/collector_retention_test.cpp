// SPDX-License-Identifier: MIT
// How long the dead are remembered, and who makes room when the table is full.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

constexpr Nanos kDeath = 10500ms;  // of an agent in EMERGENCY

CollectorSettings settings(Nanos retention, std::size_t max_agents = 1000) {
  auto settings = test::usual_settings();
  settings.agent_retention = retention;
  settings.max_agents = max_agents;
  return settings;
}

TEST(CollectorRetention, ADeadAgentIsForgottenSoLongAfterItsDeathWasTold) {
  World world{settings(1h)};
  world.station(test::Reply{201, 2s});
  world.beat("a", Mode::kEmergency);
  world.run_for(kDeath + 2s + 1h - 1ns);
  EXPECT_EQ(world.collector().agents(), 1u);
  world.run_for(1ns);
  EXPECT_EQ(world.collector().agents(), 0u);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  EXPECT_EQ(world.collector().dead(), 0u);
  EXPECT_EQ(world.collector().counters().forgotten, 1u);
  EXPECT_EQ(world.count(Notice::Kind::kAgentForgotten, "a"), 1u);
  EXPECT_TRUE(world.agent("a").is_null());
  EXPECT_TRUE(world.beat("a").is_new);
}

TEST(CollectorRetention, ADeathThatWasNeverToldIsNeverForgotten) {
  World world{settings(1h)};
  world.station(test::kServerError);
  world.beat("a", Mode::kEmergency);
  world.run_for(48h);
  EXPECT_EQ(world.collector().agents(), 1u);
}

TEST(CollectorRetention, ZeroIsNever) {
  World world{settings(0s)};
  world.beat("a", Mode::kEmergency);
  world.run_for(240h);
  EXPECT_EQ(world.collector().agents(), 1u);
}

TEST(CollectorRetention, WhoComesBackIsNotForgotten) {
  World world{settings(1h)};
  world.beat("a", Mode::kEmergency);
  world.run_for(kDeath + 30min);
  for (int i = 0; i < 1000; ++i) {
    world.beat("a", Mode::kEmergency);
    world.run_for(5s);
  }
  EXPECT_EQ(world.collector().agents(), 1u);
  EXPECT_EQ(world.collector().counters().forgotten, 0u);
}

TEST(CollectorRetention, ForgetsManyASliceAtATime) {
  World world{settings(1h)};
  world.station(test::Reply{201, 0s});
  for (int i = 0; i < 100; ++i) world.beat(std::to_string(i), Mode::kEmergency);
  world.run_for(kDeath + 1h - 500ms);
  ASSERT_EQ(world.collector().told_dead(), 100u);
  world.stall(600ms);
  EXPECT_TRUE(world.collector().tick(world.now(), 30));
  EXPECT_EQ(world.collector().agents(), 70u);
  while (world.collector().tick(world.now(), 30)) {
  }
  EXPECT_EQ(world.collector().agents(), 0u);
}

TEST(CollectorRetention, LeavesNothingBehind) {
  World world{settings(10min)};
  world.station(test::Reply{201, 0s});
  std::size_t bytes = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 2000; ++i) {
      world.beat(std::to_string(1'000'000 + 2000 * round + i), Mode::kEmergency, 0, "some name");
    }
    world.run_for(20min);
    ASSERT_EQ(world.collector().agents(), 0u);
    if (round == 1) bytes = world.collector().bytes();  // emergencies of the first are not told
  }
  EXPECT_LE(world.collector().bytes(), bytes + bytes / 50);
}

// --- a full table ---

TEST(CollectorEviction, TheAgentToldDeadLongestAgoMakesRoom) {
  World world{settings(168h, 3)};
  world.beat("first", Mode::kEmergency);
  world.run_for(1s);
  world.beat("second", Mode::kEmergency);
  world.beat("alive", Mode::kSleep);
  world.run_for(1min);
  ASSERT_EQ(world.collector().told_dead(), 2u);
  EXPECT_TRUE(world.beat("new").accepted);
  EXPECT_TRUE(world.agent("first").is_null());
  EXPECT_FALSE(world.agent("second").is_null());
  EXPECT_EQ(world.collector().counters().evicted, 1u);
  EXPECT_EQ(world.count(Notice::Kind::kAgentEvicted, "first"), 1u);
  EXPECT_EQ(world.collector().agents(), 3u);
  EXPECT_TRUE(world.beat("newer").accepted);
  EXPECT_TRUE(world.agent("second").is_null());
  EXPECT_FALSE(world.beat("newest").accepted);
  EXPECT_FALSE(world.agent("alive").is_null());
}

TEST(CollectorEviction, LongestAgoIsByWhenItWasToldNotByWhenItDied) {
  World world{settings(168h, 2)};
  world.station([](const test::Post& post) {
    return post.agent() == "died first" ? test::Reply{201, 9s} : test::Reply{201, 0s};
  });
  world.beat("died first", Mode::kEmergency);
  world.run_for(1s);
  world.beat("died second", Mode::kEmergency);
  world.run_for(1min);
  world.beat("new");
  EXPECT_TRUE(world.agent("died second").is_null());
}

TEST(CollectorEviction, WhoIsDeadButNotToldStays) {
  World world{settings(168h, 1)};
  world.station(test::kServerError);
  world.beat("a", Mode::kEmergency);
  world.run_for(10min);
  EXPECT_EQ(world.collector().dead(), 1u);
  EXPECT_FALSE(world.beat("b").accepted);
  world.station(test::kStored);
  world.run_for(3min);
  EXPECT_TRUE(world.beat("b").accepted);
}

TEST(CollectorEviction, WhoCameBackStays) {
  World world{settings(168h, 1)};
  world.beat("a", Mode::kEmergency);
  world.run_for(1min);
  world.beat("a", Mode::kEmergency);
  EXPECT_FALSE(world.beat("b").accepted);
}

TEST(CollectorEviction, WhoDiedAgainBeforeItsFirstDeathWasToldStays) {
  World world{settings(168h, 1)};
  world.station(test::Reply{201, 15s});
  world.beat("a", Mode::kEmergency);
  world.run_for(kDeath);
  world.beat("a", Mode::kEmergency);
  world.run_for(15s);
  EXPECT_EQ(world.alert_counters().delivered, 1u);
  EXPECT_EQ(world.collector().dead(), 1u);
  EXPECT_EQ(world.collector().told_dead(), 0u);
  EXPECT_FALSE(world.beat("b").accepted);
}

TEST(CollectorEviction, WhoseSecondDeathIsHeldBackStaysUntilThatIsTold) {
  World world{settings(168h, 1)};
  world.station(test::Reply{201, 0s});
  world.beat("a", Mode::kEmergency);
  world.run_for(kDeath);
  world.beat("a", Mode::kEmergency);
  world.run_for(kDeath);
  EXPECT_EQ(world.collector().alerts().held(), 1u);
  EXPECT_FALSE(world.beat("b").accepted);
  world.run_for(50s);
  EXPECT_TRUE(world.beat("b").accepted);
  EXPECT_TRUE(world.conserved());
}

}  // namespace
}  // namespace pap::core
