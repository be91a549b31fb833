// SPDX-License-Identifier: MIT
#include "pap/core/deadline_list.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;

// IDLE: 30 s, so 60 s of grace, 3 s of slack, and 93 s after a loss was over.
constexpr Nanos kIdleDeath = 63s;
constexpr Nanos kExcused = 60s + 30s + 3s;

struct DeadlineListTest : testing::Test {
  AgentTable table{1};
  DeadlineList list{table, Mode::kIdle, 3s};
  ListeningTime now{1000s};

  Slot heard(const std::string& name) {
    const Slot slot = table.insert(*protocol::AgentId::parse(name));
    table[slot].heard_listening = now;
    list.append(slot);
    return slot;
  }
  void heard_again(Slot slot) {
    list.remove(slot);
    table[slot].heard_listening = now;
    list.append(slot);
  }
  // A loss that was over now, and in no group with another.
  void lose_until_now() { list.excuse_until(now, now); }
  // What happens to whoever is due, in that order.
  std::vector<DueAgent> deaths() {
    std::vector<DueAgent> in_order;
    while (const auto due = list.next_due()) {
      in_order.push_back(*due);
      list.remove(due->slot);
    }
    return in_order;
  }
  std::size_t unhealthy_at(ListeningTime when) {
    std::size_t budget = 1000;
    EXPECT_TRUE(list.advance_health(when, budget));
    return list.unhealthy();
  }
};

TEST_F(DeadlineListTest, NobodyIsDueWhenNobodyIsThere) {
  EXPECT_EQ(list.next_due(), std::nullopt);
  EXPECT_EQ(list.size(), 0u);
  EXPECT_EQ(unhealthy_at(now + 1h), 0u);
}

TEST_F(DeadlineListTest, AnAgentIsDueAtTwoIntervalsAndTheSlack) {
  const Slot a = heard("a");
  const auto due = list.next_due();
  ASSERT_TRUE(due);
  EXPECT_EQ(due->slot, a);
  EXPECT_EQ(due->when, now + kIdleDeath);
}

TEST_F(DeadlineListTest, AgentsAreDueInTheOrderInWhichTheyWereHeard) {
  const Slot a = heard("a");
  now += 1s;
  const Slot b = heard("b");
  now += 1s;
  const Slot c = heard("c");
  now += 1s;
  heard_again(b);
  const auto order = deaths();
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order[0].slot, a);
  EXPECT_EQ(order[1].slot, c);
  EXPECT_EQ(order[2].slot, b);
  EXPECT_EQ(order[2].when, now + kIdleDeath);
}

TEST_F(DeadlineListTest, HealthFlipsAtExactlyTwoIntervals) {
  heard("a");
  now += 5s;
  heard("b");
  EXPECT_EQ(unhealthy_at(now + 55s - 1ns), 0u);
  EXPECT_EQ(unhealthy_at(now + 55s), 1u);
  EXPECT_EQ(unhealthy_at(now + 60s - 1ns), 1u);
  EXPECT_EQ(unhealthy_at(now + 60s), 2u);
}

TEST_F(DeadlineListTest, HealthIsBroughtUpToDateASliceAtATime) {
  for (int i = 0; i < 10; ++i) heard(std::to_string(i));
  std::size_t budget = 4;
  EXPECT_FALSE(list.advance_health(now + 60s, budget));
  EXPECT_EQ(budget, 0u);
  EXPECT_EQ(list.unhealthy(), 4u);
  budget = 6;
  EXPECT_TRUE(list.advance_health(now + 60s, budget));
  EXPECT_EQ(list.unhealthy(), 10u);
  budget = 0;
  EXPECT_TRUE(list.advance_health(now + 60s, budget));  // nothing is left to be done
}

TEST_F(DeadlineListTest, WhoeverLeavesIsNotCountedAsUnhealthyAnyMore) {
  const Slot a = heard("a");
  const Slot b = heard("b");
  EXPECT_EQ(unhealthy_at(now + 60s), 2u);
  now += 61s;
  heard_again(a);
  EXPECT_EQ(list.unhealthy(), 1u);
  list.remove(b);
  EXPECT_EQ(list.unhealthy(), 0u);
  EXPECT_EQ(unhealthy_at(now + 60s - 1ns), 0u);
  EXPECT_EQ(unhealthy_at(now + 60s), 1u);
}

TEST_F(DeadlineListTest, TheFirstHealthyAgentMayLeave) {
  const Slot a = heard("a");
  now += 10s;
  heard("b");
  list.remove(a);
  EXPECT_EQ(unhealthy_at(now + 50s), 0u);
  EXPECT_EQ(unhealthy_at(now + 60s), 1u);
}

// --- after losses ---

TEST_F(DeadlineListTest, ALossExcusesUntilOneMinuteAndAnIntervalAndTheSlackAfterIt) {
  const Slot a = heard("a");
  now += 10s;
  lose_until_now();
  const auto due = list.next_due();
  ASSERT_TRUE(due);
  EXPECT_EQ(due->slot, a);
  EXPECT_EQ(due->when, now + kExcused);
}

TEST_F(DeadlineListTest, WhoeverIsHeardSinceIsNotExcused) {
  heard("a");
  now += 10s;
  lose_until_now();
  const ListeningTime over = now;
  now += 1s;
  const Slot b = heard("b");
  const auto order = deaths();
  ASSERT_EQ(order.size(), 2u);
  EXPECT_EQ(order[0].slot, b);
  EXPECT_EQ(order[0].when, now + kIdleDeath);
  EXPECT_EQ(order[1].when, over + kExcused);
}

TEST_F(DeadlineListTest, HeardAtTheVeryMomentAndBeforeItCountsAsBefore) {
  heard("a");
  lose_until_now();
  const Slot b = heard("b");
  const auto order = deaths();
  EXPECT_EQ(order[0].slot, b);
  EXPECT_EQ(order[0].when, now + kIdleDeath);
  EXPECT_EQ(order[1].when, now + kExcused);
}

TEST_F(DeadlineListTest, AnExcuseNeverShortensADeadline) {
  AgentTable sleepers{1};
  DeadlineList sleep{sleepers, Mode::kSleep, 7500ms};
  const Slot a = sleepers.insert(*protocol::AgentId::parse("a"));
  sleepers[a].heard_listening = now;
  sleep.append(a);
  sleep.excuse_until(now + 10s, now + 10s);  // 10 + 60 + 900 s is less than 1800 s
  EXPECT_EQ(sleep.next_due()->when, now + 1800s + 7500ms);
}

TEST_F(DeadlineListTest, OnlyTheFirstLossExcusesASilence) {
  heard("a");
  now += 10s;
  lose_until_now();
  const ListeningTime first = now;
  for (int i = 0; i < 20; ++i) {
    now += 10s;
    lose_until_now();
  }
  EXPECT_EQ(list.next_due()->when, first + kExcused);
  EXPECT_EQ(list.marks(), 1u);
}

TEST_F(DeadlineListTest, ALaterLossExcusesThoseHeardBetween) {
  heard("a");
  now += 10s;
  lose_until_now();
  const ListeningTime first = now;
  now += 1s;
  const Slot b = heard("b");
  now += 10s;
  lose_until_now();
  const ListeningTime second = now;
  now += 1s;
  const Slot c = heard("c");
  EXPECT_EQ(list.marks(), 2u);
  const auto order = deaths();
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order[0].slot, c);
  EXPECT_EQ(order[0].when, now + kIdleDeath);
  EXPECT_EQ(order[1].when, first + kExcused);
  EXPECT_EQ(order[2].slot, b);
  EXPECT_EQ(order[2].when, second + kExcused);
  EXPECT_EQ(list.marks(), 0u);
}

TEST_F(DeadlineListTest, LossesOfOneGroupShareTheLaterMoment) {
  heard("a");
  const ListeningTime first = now;
  list.excuse_until(first, first);
  now += 1s;
  heard("b");
  now += 1s;
  list.excuse_until(now, first);
  EXPECT_EQ(list.marks(), 1u);
  const auto order = deaths();
  EXPECT_EQ(order[0].when, now + kExcused);
  EXPECT_EQ(order[1].when, now + kExcused);
}

TEST_F(DeadlineListTest, LossesOfTwoGroupsShareNothing) {
  heard("a");
  const ListeningTime first = now;
  list.excuse_until(first, first);
  now += 1s;
  heard("b");
  now += 1s;
  list.excuse_until(now, now);
  EXPECT_EQ(list.marks(), 2u);
  const auto order = deaths();
  EXPECT_EQ(order[0].when, first + kExcused);
  EXPECT_EQ(order[1].when, now + kExcused);
}

TEST_F(DeadlineListTest, AMarkGoesWithTheLastAgentThatItExcused) {
  const Slot a = heard("a");
  lose_until_now();
  now += 1s;
  heard("b");
  EXPECT_EQ(list.marks(), 1u);
  heard_again(a);
  EXPECT_EQ(list.marks(), 0u);
}

TEST_F(DeadlineListTest, ALossWithNobodyThereLeavesNoMark) {
  lose_until_now();
  EXPECT_EQ(list.marks(), 0u);
  heard("a");
  EXPECT_EQ(list.next_due()->when, now + kIdleDeath);
}

TEST_F(DeadlineListTest, TheFirstAgentHeardSinceMayBeHeardAgain) {
  heard("a");
  lose_until_now();
  const ListeningTime over = now;
  now += 1s;
  const Slot b = heard("b");
  now += 1s;
  heard("c");
  heard_again(b);  // c is the first since now
  const auto order = deaths();
  EXPECT_EQ(order[0].when, now + kIdleDeath);
  EXPECT_EQ(order[1].when, now + kIdleDeath);
  EXPECT_EQ(order[2].when, over + kExcused);
}

// A loss excused b alone; b was heard again before the next loss, and a, too. Nothing of the
// former losses may be left, or it would stand in the way of the next one's excuse.
TEST_F(DeadlineListTest, AMarkWhoseOnlyAgentIsHeardAgainGoes) {
  const Slot a = heard("a");
  lose_until_now();
  now += 1s;
  const Slot b = heard("b");
  now += 10s;
  lose_until_now();
  EXPECT_EQ(list.marks(), 2u);
  now += 1s;
  heard_again(b);
  EXPECT_EQ(list.marks(), 1u);
  heard_again(a);
  EXPECT_EQ(list.marks(), 0u);
  now += 10s;
  lose_until_now();
  EXPECT_EQ(list.next_due()->when, now + kExcused);
}

TEST_F(DeadlineListTest, AMarkBetweenTwoOthersGoesWithItsOnlyAgent) {
  heard("a");
  lose_until_now();
  const ListeningTime first = now;
  now += 6s;
  const Slot b = heard("b");
  lose_until_now();
  now += 6s;
  heard("c");
  lose_until_now();
  const ListeningTime third = now;
  EXPECT_EQ(list.marks(), 3u);
  list.remove(b);
  EXPECT_EQ(list.marks(), 2u);
  const auto order = deaths();
  EXPECT_EQ(order[0].when, first + kExcused);
  EXPECT_EQ(order[1].when, third + kExcused);
}

}  // namespace
}  // namespace pap::core
