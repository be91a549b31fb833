// SPDX-License-Identifier: MIT
// A collector that runs and lets nobody in, or not everybody: for as long as that lasts silence
// means as little as in a stall of that length.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>

#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

struct Away {
  Mode mode;
  Nanos death;    // after the last heartbeat, by listening time
  Nanos excused;  // after a loss was over
};

void PrintTo(const Away& away, std::ostream* out) { *out << protocol::to_string(away.mode); }

// What a server says once a second while it can accept nobody.
void deaf_for(World& world, Nanos span) {
  const MonotonicTime since = world.mono();
  const MonotonicTime end = since + span;
  while (world.mono() < end) {
    world.collector().hears_nobody(since, world.now());
    world.run_for(std::min<Nanos>(1s, end - world.mono()));
  }
  world.collector().hears_all(since, world.now());
}

// … and while it can accept a few. All wait again when it is over.
void crowded_for(World& world, Nanos span) {
  const MonotonicTime since = world.mono();
  while (world.mono() < since + span) {
    world.run_for(1s);
    world.collector().hears_some(since, world.now());
  }
}

class CollectorDeaf : public testing::TestWithParam<Away> {};

TEST_P(CollectorDeaf, ForHoweverLongExcusesWhoeverWasHeardBeforeAsAStallDoes) {
  for (const Nanos span : {Nanos{5s}, Nanos{12s}, Nanos{30s}, Nanos{100s}, Nanos{1h}, Nanos{24h}}) {
    World world;
    world.beat("a", GetParam().mode);
    deaf_for(world, span);
    world.run_for(0s);
    const MonotonicTime over = world.mono();
    const MonotonicTime deadline = over + std::max(GetParam().excused, GetParam().death);
    world.run_until(deadline - 1ns);
    EXPECT_EQ(world.collector().dead(), 0u) << span.count();
    world.run_for(1ns);
    EXPECT_EQ(world.died_at("a"), deadline) << span.count();
  }
}

TEST_P(CollectorDeaf, CallsNobodyAliveDead) {
  // The beat that met it fails 5 s on; from then on the agent is away for a minute, again and
  // again.
  World world;
  const Nanos interval = protocol::interval_of(GetParam().mode);
  for (const Nanos span : {17s, 200s, 1000s}) {
    world.beat("a", GetParam().mode);
    world.run_for(interval - 1s);
    deaf_for(world, span);
    world.run_for(60s + interval);  // away since just before its end, and the first beat after that
    world.beat("a", GetParam().mode);
    EXPECT_EQ(world.count(Notice::Kind::kAgentDead), 0u);
  }
}

TEST_P(CollectorDeaf, StopsTheTimeOfHealthToo) {
  World world;
  world.beat("a", GetParam().mode);
  deaf_for(world, 2h);
  EXPECT_TRUE(world.healthy("a"));
  EXPECT_EQ(world.stats().healthy, 1u);
  world.run_for(2 * protocol::interval_of(GetParam().mode) - 1ns);
  EXPECT_TRUE(world.healthy("a"));
  world.run_for(1ns);
  EXPECT_FALSE(world.healthy("a"));
}

TEST_P(CollectorDeaf, ForLessThanFiveSecondsMovesDeadlinesAndSendsNobodyAway) {
  World world;
  world.beat("a", GetParam().mode);
  deaf_for(world, 5s - 1ns);
  const MonotonicTime over = world.mono();
  EXPECT_EQ(world.collector().counters().catch_ups, 0u);
  world.run_for(GetParam().death);
  EXPECT_EQ(world.died_at("a"), over + GetParam().death);
}

// On a connection that it had already.
TEST_P(CollectorDeaf, HearsWhoNeedNotBeLetIn) {
  World world;
  world.beat("a", GetParam().mode);
  const MonotonicTime since = world.mono();
  for (int i = 0; i < 100; ++i) {
    world.collector().hears_nobody(since, world.now());
    world.run_for(1s);
    if (i == 49) world.beat("a", GetParam().mode, std::nullopt, "renamed");
  }
  EXPECT_EQ(world.agent("a").at("agent_name"), "renamed");
  EXPECT_EQ(world.agent("a").at("last_seen"), "2026-11-24T14:00:50.000Z");
  world.collector().hears_all(since, world.now());
  const MonotonicTime over = world.mono();
  world.run_for(1h);
  EXPECT_EQ(world.died_at("a"), over + std::max(GetParam().excused, GetParam().death));
}

TEST_P(CollectorDeaf, HasNoExcuseForWhoeverIsHeardAfterwards) {
  World world;
  world.beat("a", GetParam().mode);
  deaf_for(world, 100s);
  world.run_for(1s);
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  world.run_for(GetParam().death + 1s);
  EXPECT_EQ(world.died_at("a"), heard + GetParam().death);
}

// Of what waits meanwhile, somebody comes through now and then.
TEST_P(CollectorDeaf, AgainAndAgainStillTellsEveryDeath) {
  World world;
  world.beat("a", GetParam().mode);
  const Nanos listening = std::max(6s + GetParam().excused, GetParam().death);
  const MonotonicTime since = world.mono();
  Nanos listened = 0s;
  while (world.collector().dead() == 0) {
    ASSERT_LE(listened, listening);
    for (int i = 0; i < 10; ++i) {
      world.collector().hears_nobody(since, world.now());
      world.run_for(1s);
    }
    world.collector().hears_some(since, world.now());
    world.run_for(1s);
    listened += 1s;
  }
}

TEST_P(CollectorDeaf, ToSomeExcusesWhoeverWasHeardForAsLongAsItLasts) {
  World world;
  world.beat("a", GetParam().mode);
  crowded_for(world, 5s);
  const MonotonicTime latest = world.mono();
  world.collector().hears_all(latest - 5s, world.now());
  world.run_for(1s);
  world.beat("b", GetParam().mode);
  world.run_for(1h);
  EXPECT_EQ(world.died_at("a"), latest + std::max(GetParam().excused, GetParam().death - 5s));
  EXPECT_EQ(world.died_at("b"), latest + 1s + GetParam().death);
}

TEST_P(CollectorDeaf, ToSomeHoweverLongStillTellsEveryDeath) {
  World world;
  crowded_for(world, 10s);
  world.beat("a", GetParam().mode);
  const MonotonicTime heard = world.mono();
  crowded_for(world, 1h);
  ASSERT_TRUE(world.died_at("a"));
  EXPECT_GE(*world.died_at("a"), heard + std::max(GetParam().excused, GetParam().death));
  EXPECT_LE(*world.died_at("a"), heard + std::max(GetParam().excused + 10s, GetParam().death));
}

INSTANTIATE_TEST_SUITE_P(Modes, CollectorDeaf,
                         testing::Values(Away{Mode::kEmergency, 10500ms, 65500ms},
                                         Away{Mode::kIdle, 63s, 93s},
                                         Away{Mode::kSleep, 1807500ms, 967500ms}));

TEST(Deafness, IsOneLoss) {
  World world;
  world.beat("a");
  deaf_for(world, 100s);
  world.run_for(0s);
  const Counters& counters = world.collector().counters();
  EXPECT_EQ(counters.losses, 1u);
  EXPECT_EQ(counters.catch_ups, 1u);
  EXPECT_EQ(counters.time_lost, 100s);
  const auto lost = world.notices_of(Notice::Kind::kTimeLost);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].notice.amount, 100s);
  EXPECT_EQ(world.count(Notice::Kind::kCaughtUp), 1u);
}

TEST(Deafness, IsOneLossThoughTheCollectorStallsInIt) {
  World world;
  world.beat("a");
  const MonotonicTime since = world.mono();
  world.collector().hears_nobody(since, world.now());
  world.run_for(10s);
  world.stall(30s);
  world.run_for(10s);
  world.collector().hears_all(since, world.now());
  world.run_for(0s);
  EXPECT_EQ(world.collector().counters().losses, 1u);
  EXPECT_EQ(world.collector().counters().time_lost, 50s);
  EXPECT_EQ(world.count(Notice::Kind::kCaughtUp), 1u);
}

// A driver that finds nothing in its sockets would say so at once, and then again and again.
TEST(Deafness, IsNotCaughtUpBeforeItsEnd) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.collector().hears_nobody(world.mono(), world.now());
  EXPECT_FALSE(world.collector().catching_up());
  world.run_for(90s);
  world.collector().caught_up(world.now());
  EXPECT_EQ(world.count(Notice::Kind::kCaughtUp), 0u);
  EXPECT_EQ(world.collector().dead(), 0u);
  world.collector().hears_all(world.mono() - 90s, world.now());
  EXPECT_TRUE(world.collector().catching_up());
  world.run_for(0s);
  EXPECT_EQ(world.count(Notice::Kind::kCaughtUp), 1u);
}

TEST(Deafness, CountsWhatWaitedAsHeardBeforeItsEnd) {
  World world;
  world.beat("a", Mode::kEmergency);
  world.run_for(4s);
  deaf_for(world, 100s);
  EXPECT_TRUE(world.collector().catching_up());
  world.beat("a", Mode::kEmergency);  // its sender has long gone
  world.run_for(0s);
  const MonotonicTime over = world.mono();
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), over + 65500ms);
}

TEST(Deafness, ExcusesThoughAShortLossIsBeingCaughtUp) {
  World world;
  world.never_catches_up();
  world.beat("a", Mode::kEmergency);
  world.stall(3s);
  world.run_for(0s);
  ASSERT_TRUE(world.collector().catching_up());
  deaf_for(world, 5s);
  const MonotonicTime over = world.mono();
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), over + 5s + 65500ms);
}

TEST(Deafness, ToSomeExcusesThoughAShortLossIsBeingCaughtUp) {
  World world;
  world.never_catches_up();
  world.beat("a", Mode::kEmergency);
  world.stall(3s);
  world.run_for(0s);
  const MonotonicTime awake = world.mono();
  world.collector().hears_some(awake - 5s, world.now());
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), awake + 5s + 65500ms);
}

TEST(Deafness, MakesNoRestartOfAYoungAgent) {
  World world;
  world.beat("a", Mode::kEmergency, 1);
  deaf_for(world, 100s);
  EXPECT_FALSE(world.beat("a", Mode::kEmergency, 6).restart_detected);   // left 95 s ago
  EXPECT_FALSE(world.beat("a", Mode::kEmergency, 75).restart_detected);  // left 26 s ago
  world.run_for(60s);
  EXPECT_FALSE(world.beat("a", Mode::kEmergency, 161).restart_detected);
}

TEST(Deafness, LetsTwoThatWaitedChangePlacesWithoutARestart) {
  World world;
  world.beat("a", Mode::kEmergency, 1);
  deaf_for(world, 100s);
  EXPECT_FALSE(world.beat("a", Mode::kEmergency, 75).restart_detected);
  EXPECT_FALSE(world.beat("a", Mode::kEmergency, 6).restart_detected);
  EXPECT_EQ(world.collector().counters().overtaken, 1u);
}

TEST(Deafness, MakesNoRestartOfABeatThatIsLetInBeforeItIsOver) {
  for (const bool some : {false, true}) {
    World world;
    world.beat("a", Mode::kEmergency, 1);
    const MonotonicTime since = world.mono();
    for (int i = 0; i < 40; ++i) {
      world.run_for(1s);
      if (some) {
        world.collector().hears_some(since, world.now());
      } else {
        world.collector().hears_nobody(since, world.now());
      }
    }
    EXPECT_FALSE(world.beat("a", Mode::kEmergency, 6).restart_detected) << some;
  }
}

TEST(Deafness, LeavesARealRestartVisible) {
  World world;
  world.beat("a", Mode::kIdle, 1000);
  world.run_for(10s);
  deaf_for(world, 30s);
  world.run_for(60s);
  EXPECT_TRUE(world.beat("a", Mode::kIdle, 2).restart_detected);
}

TEST(Deafness, ToSomeLeavesARestartVisibleHoweverLongItLasts) {
  World world;
  crowded_for(world, 1h);
  world.beat("a", Mode::kEmergency, 0);
  const MonotonicTime since = world.mono() - 1h;
  for (int i = 1; i <= 20; ++i) {
    world.run_for(5s);
    world.collector().hears_some(since, world.now());
    EXPECT_FALSE(world.beat("a", Mode::kEmergency, 5 * i).restart_detected);
  }
  world.run_for(5s);
  EXPECT_TRUE(world.beat("a", Mode::kEmergency, 2).restart_detected);
}

TEST(Deafness, PutsADeathsTimestampWhereHealthyBecameFalse) {
  World world;
  world.beat("a");  // 14:00:00
  world.run_for(30s);
  deaf_for(world, 41s);
  world.run_for(10min);
  ASSERT_EQ(world.posts().size(), 1u);
  EXPECT_EQ(world.posts()[0].json().at("timestamp"), "2026-11-24T14:01:41.000Z");
}

// There is never room long enough to handle all that waited.
TEST(Deafness, AgainAndAgainBeforeItIsCaughtUpStillTellsEveryDeath) {
  World world;
  world.never_catches_up();
  world.beat("a", Mode::kEmergency);
  const MonotonicTime since = world.mono();
  for (int i = 0; i < 80; ++i) {
    for (int j = 0; j < 3; ++j) {
      world.collector().hears_nobody(since, world.now());
      world.run_for(1s);
    }
    world.collector().hears_some(since, world.now());
    world.run_for(1s);
  }
  world.collector().hears_all(since, world.now());
  world.run_for(5s);  // 80 of listening before it, of which 65.5 after the first five were a grace
  EXPECT_EQ(world.collector().dead(), 1u);
}

TEST(Deafness, TwiceWithinFiveSecondsSharesTheLaterEnd) {
  World world;
  world.beat("a", Mode::kEmergency);
  deaf_for(world, 60s);
  world.run_for(4s);
  deaf_for(world, 60s);
  const MonotonicTime over = world.mono();
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), over + 65500ms);
}

TEST(Deafness, OfACrowdThatIsSoonGoneIsNoneAtAll) {
  World world;
  world.beat("a", Mode::kEmergency);
  const MonotonicTime heard = world.mono();
  crowded_for(world, 4s);
  world.collector().hears_all(world.mono() - 4s, world.now());
  EXPECT_FALSE(world.collector().catching_up());
  world.run_for(10min);
  EXPECT_EQ(world.died_at("a"), heard + 10500ms);
  EXPECT_EQ(world.collector().counters().losses, 0u);
}

}  // namespace
}  // namespace pap::core
