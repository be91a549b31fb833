// SPDX-License-Identifier: MIT
// When the collector wants to be called, and that nothing depends on being called just then.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

TEST(CollectorDeadline, IsASecondAwayWhileNobodyIsKnown) {
  World world;
  EXPECT_EQ(world.collector().next_deadline(world.now()), world.mono() + 1s);
}

TEST(CollectorDeadline, IsAtMostASecondAwayAgainWhenAllIsOver) {
  World world;
  world.beat("a", Mode::kIdle, 0);
  world.run_for(1s);
  world.beat("a", Mode::kEmergency, 1);
  world.run_for(1s);
  world.remove("a");
  world.run_for(60s);
  const auto now = world.mono();
  EXPECT_GT(world.collector().next_deadline(world.now()), now);
  EXPECT_LE(world.collector().next_deadline(world.now()), now + 1s);
}

TEST(CollectorDeadline, IsAtMostASecondAwayWhileThereAreAgents) {
  World world;
  world.beat("a", Mode::kSleep);
  EXPECT_EQ(world.collector().next_deadline(world.now()), world.mono() + 1s);
  world.run_for(1h);  // it died long ago
  EXPECT_LE(world.collector().next_deadline(world.now()), world.mono() + 1s);
}

TEST(CollectorDeadline, IsTheNextDeath) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(10s);
  EXPECT_EQ(world.collector().next_deadline(world.now()), world.mono() + 500ms);
}

TEST(CollectorDeadline, IsTheEndOfCatchingUp) {
  World world;
  world.never_catches_up();
  world.beat("a", Mode::kIdle);
  world.stall(10s);
  world.run_for(4100ms);
  EXPECT_EQ(world.collector().next_deadline(world.now()), world.mono() + 900ms);
}

TEST(CollectorDeadline, IsTheEndOfRetention) {
  auto settings = test::usual_settings();
  settings.agent_retention = 100s;
  World world{settings};
  world.beat("a", Mode::kEmergency);
  world.run_for(10500ms + 20ms + 99500ms);
  EXPECT_EQ(world.collector().next_deadline(world.now()), world.mono() + 500ms);
}

TEST(CollectorDeadline, TicksWithNothingToDoAreDone) {
  World world;
  world.beat("a");
  EXPECT_FALSE(world.collector().tick(world.now()));
  EXPECT_FALSE(world.collector().has_work());
}

// A busy collector is called by its heartbeats, and asks after each when a tick is due. What came
// due in between must still be asked for, or heartbeats would put it off for ever.
class CollectorOverdue : public testing::Test {
 protected:
  World world;

  // Beats that come one after another, with no tick between them.
  void only_beats(Nanos span) {
    const MonotonicTime end = world.mono() + span;
    while (world.mono() < end) {
      world.stall(500ms);
      world.beat("busy", Mode::kSleep);
    }
  }
  bool wants_a_tick() { return world.collector().next_deadline(world.now()) <= world.mono(); }
};

TEST_F(CollectorOverdue, ADeathIsAskedFor) {
  world.beat("a", Mode::kEmergency);
  only_beats(10s);
  EXPECT_FALSE(wants_a_tick());
  only_beats(1s);
  EXPECT_TRUE(wants_a_tick());
}

TEST_F(CollectorOverdue, ARetryIsAskedFor) {
  world.station(test::kServerError);
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(100ms);
  EXPECT_EQ(world.posts().size(), 1u);
  only_beats(60s);
  EXPECT_TRUE(wants_a_tick());
}

TEST_F(CollectorOverdue, TheEndOfARetryAfterIsAskedFor) {
  world.station(test::slow_down(10s));
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(100ms);
  only_beats(9s);
  EXPECT_FALSE(wants_a_tick());
  only_beats(2s);
  EXPECT_TRUE(wants_a_tick());
}

TEST_F(CollectorOverdue, TheEndOfARetryAfterIsAskedForByWhatWasDroppedToo) {
  auto settings = test::usual_settings();
  settings.alert_queue_max_size = 0;
  World dropping{settings};
  dropping.station([](const test::Post& post) {
    return post.sequence == 1 ? test::Reply{500, 0s} : test::slow_down(10s);
  });
  for (const char* const id : {"a", "b"}) {
    dropping.beat(id, Mode::kSleep);
    dropping.beat(id, Mode::kEmergency);
    dropping.run_for(20ms);
  }
  dropping.remove("b");  // so that nothing waits any more
  dropping.run_for(9s);
  for (int i = 0; i < 4; ++i) {
    dropping.stall(500ms);
    dropping.beat("a", Mode::kEmergency);
  }
  EXPECT_EQ(dropping.collector().next_deadline(dropping.now()), dropping.mono());
}

TEST_F(CollectorOverdue, AProbeIsAskedFor) {
  world.station(test::kNoConnection);
  for (int i = 0; i < 6; ++i) {
    world.beat(std::to_string(i), Mode::kSleep);
    world.beat(std::to_string(i), Mode::kEmergency);
  }
  world.run_for(0s);
  ASSERT_TRUE(world.collector().alerts().outbox().pause().away());
  world.station(test::kHangs);
  only_beats(30s);
  EXPECT_TRUE(wants_a_tick());
}

TEST_F(CollectorOverdue, TheEndOfAWindowIsAskedFor) {
  world.beat("a");
  world.beat("a", Mode::kEmergency);
  world.run_for(1s);
  only_beats(61s);
  EXPECT_TRUE(wants_a_tick());
}

}  // namespace
}  // namespace pap::core
