// SPDX-License-Identifier: MIT
#include "papsim/world/wheel.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/world/random_draws.hpp"

namespace pap::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr WorldTime kWholeWheel = WorldTime{1} << 20U;

using Taken = std::vector<std::pair<WorldTime, std::uint32_t>>;  // (time, who)

Event of(std::uint32_t who) { return {who, 0, EventKind::kBeat}; }

// All events up to `limit`, as the world takes them.
Taken take_all(Wheel& wheel, WorldTime limit) {
  Taken taken;
  while (wheel.now() < limit) {
    wheel.advance(limit);
    Event event;
    while (wheel.take(event)) taken.emplace_back(wheel.now(), event.who);
    if (wheel.now() < limit) wheel.step();
  }
  return taken;
}

TEST(Wheel, GivesEventsInOrderOfTime) {
  Wheel wheel;
  wheel.add(30, of(3));
  wheel.add(10, of(1));
  wheel.add(20, of(2));
  EXPECT_THAT(take_all(wheel, 100), ElementsAre(Pair(10, 1), Pair(20, 2), Pair(30, 3)));
}

TEST(Wheel, GivesEventsOfOneMillisecondInTheOrderInWhichTheyWereAdded) {
  Wheel wheel;
  for (std::uint32_t who = 0; who < 5; ++who) wheel.add(7, of(who));
  EXPECT_THAT(take_all(wheel, 10),
              ElementsAre(Pair(7, 0), Pair(7, 1), Pair(7, 2), Pair(7, 3), Pair(7, 4)));
}

TEST(Wheel, TakesWhatIsLateInTheMillisecondThatIsNow) {
  Wheel wheel;
  wheel.add(50, of(1));
  EXPECT_EQ(wheel.advance(100), 50);
  wheel.add(20, of(2));
  Event event;
  ASSERT_TRUE(wheel.take(event));
  EXPECT_EQ(event.who, 1U);
  ASSERT_TRUE(wheel.take(event));
  EXPECT_EQ(event.who, 2U);
  EXPECT_FALSE(wheel.take(event));
}

TEST(Wheel, StopsAtTheLimitWhereNothingComesBefore) {
  Wheel wheel;
  EXPECT_EQ(wheel.advance(123'456'789), 123'456'789);
  wheel.add(123'456'800, of(1));
  EXPECT_EQ(wheel.advance(123'456'799), 123'456'799);
  EXPECT_EQ(wheel.advance(200'000'000), 123'456'800);
}

TEST(Wheel, KeepsWhatLiesFurtherAheadThanItIsLong) {
  Wheel wheel;
  wheel.add(3 * kWholeWheel + 5, of(3));
  wheel.add(kWholeWheel, of(1));
  wheel.add(2 * kWholeWheel - 1, of(2));
  wheel.add(kWholeWheel - 1, of(0));
  EXPECT_THAT(take_all(wheel, 4 * kWholeWheel),
              ElementsAre(Pair(kWholeWheel - 1, 0), Pair(kWholeWheel, 1),
                          Pair(2 * kWholeWheel - 1, 2), Pair(3 * kWholeWheel + 5, 3)));
}

TEST(Wheel, GivesWhatWasFarAheadBeforeWhatWasAddedLater) {
  Wheel wheel;
  constexpr WorldTime kMoment = kWholeWheel + 10;
  wheel.add(kMoment, of(1));
  wheel.add(20, of(0));
  EXPECT_EQ(wheel.advance(100), 20);  // from here the moment is within the wheel
  Event event;
  EXPECT_TRUE(wheel.take(event));
  wheel.add(kMoment, of(2));
  EXPECT_THAT(take_all(wheel, 2 * kWholeWheel), ElementsAre(Pair(kMoment, 1), Pair(kMoment, 2)));
}

TEST(Wheel, GivesWhatASortedListGives) {
  const auto wheel = std::make_unique<Wheel>();
  std::vector<std::tuple<WorldTime, std::uint32_t>> expected;
  std::uint32_t who = 0;
  for (std::uint64_t n = 0; n < 3'000; ++n) {
    // Near and far, and many at one moment.
    const std::uint64_t below = n % 3 == 0 ? 50 : n % 3 == 1 ? 70'000 : 5'000'000;
    const auto at = static_cast<WorldTime>(scale(draw_at(1, n), below));
    wheel->add(at, of(who));
    expected.emplace_back(at, who++);
  }
  std::sort(expected.begin(), expected.end());
  const Taken taken = take_all(*wheel, 6'000'000);
  ASSERT_EQ(taken.size(), expected.size());
  for (std::size_t i = 0; i < taken.size(); ++i) {
    ASSERT_EQ(std::make_tuple(taken[i].first, taken[i].second), expected[i]) << "event " << i;
  }
}

TEST(Wheel, GivesWhatASortedListGivesWhileMoreIsAdded) {
  const auto wheel = std::make_unique<Wheel>();
  std::multimap<WorldTime, std::uint32_t> expected;  // first in, first out within a key
  std::uint32_t who = 0;
  const auto add = [&] {
    constexpr std::array<std::uint64_t, 6> kAhead{1, 3, 100, 66'000, 1'100'000, 4'000'000};
    const std::uint64_t below = kAhead[who % kAhead.size()];
    const WorldTime at = wheel->now() + static_cast<WorldTime>(scale(draw_at(2, who), below));
    wheel->add(at, of(who));
    expected.emplace(at, who++);
  };
  for (int i = 0; i < 50; ++i) add();
  std::size_t taken = 0;
  while (!expected.empty()) {
    wheel->advance(wheel->now() + 10'000'000);
    Event event;
    while (wheel->take(event)) {
      ASSERT_EQ(std::make_pair(wheel->now(), event.who),
                std::make_pair(expected.begin()->first, expected.begin()->second));
      expected.erase(expected.begin());
      ++taken;
      if (who < 2'000) add();
    }
    wheel->step();
  }
  EXPECT_EQ(taken, 2'000U);
}

TEST(Wheel, LooksAheadAndTakesNothing) {
  Wheel wheel;
  wheel.add(5, of(1));
  wheel.add(9, of(2));
  wheel.add(9, of(3));
  wheel.add(12, of(4));
  std::vector<std::uint32_t> seen;
  const auto see = [&](const Event& event) { seen.push_back(event.who); };
  EXPECT_EQ(wheel.look_ahead(12, 100, see), 12);
  EXPECT_THAT(seen, UnorderedElementsAre(1, 2, 3));
  seen.clear();
  // It has seen enough after the second millisecond, and does not cut one short.
  EXPECT_EQ(wheel.look_ahead(100, 2, see), 12);
  EXPECT_THAT(seen, UnorderedElementsAre(1, 2, 3));
  EXPECT_EQ(take_all(wheel, 20).size(), 4U);
  seen.clear();
  EXPECT_EQ(wheel.look_ahead(100, 2, see), 100);
  EXPECT_THAT(seen, IsEmpty());
}

TEST(Wheel, FetchesTheNextMillisecondsThatHaveEventsAndChangesNothing) {
  Wheel wheel;
  constexpr WorldTime kApart = 3;
  constexpr auto kLists = static_cast<WorldTime>(Wheel::kSideBySide);
  for (std::uint32_t i = 0; i < 2 * Wheel::kSideBySide; ++i) {
    for (std::uint32_t k = 0; k <= i % 4; ++k) wheel.add(WorldTime{i} * kApart, of(i));
  }
  EXPECT_EQ(wheel.fetch(0, 1'000), kLists * kApart);
  EXPECT_EQ(wheel.fetch(kApart, 1'000), (kLists + 1) * kApart);
  EXPECT_EQ(wheel.fetch(kLists * kApart, 1'000), 1'000) << "there are no more";
  EXPECT_EQ(wheel.fetch(0, 4 * kApart), 4 * kApart) << "nor any further than that";
  EXPECT_EQ(take_all(wheel, 1'000).size(), 2 * Wheel::kSideBySide * 5 / 2);
}

}  // namespace
}  // namespace pap::sim
