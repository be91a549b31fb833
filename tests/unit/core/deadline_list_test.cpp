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
  list.excuse_until_now(now);
  const auto due = list.next_due();
  ASSERT_TRUE(due);
  EXPECT_EQ(due->slot, a);
  EXPECT_EQ(due->when, now + kExcused);
}

TEST_F(DeadlineListTest, WhoeverIsHeardSinceIsNotExcused) {
  heard("a");
  now += 10s;
  list.excuse_until_now(now);
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
  list.excuse_until_now(now);
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
  sleep.excuse_until_now(now + 10s);  // 10 + 60 + 900 s is less than 1800 s
  EXPECT_EQ(sleep.next_due()->when, now + 1800s + 7500ms);
}

TEST_F(DeadlineListTest, OnlyTheFirstLossExcusesASilence) {
  heard("a");
  now += 10s;
  list.excuse_until_now(now);
  const ListeningTime first = now;
  for (int i = 0; i < 20; ++i) list.excuse_until_now(now += 10s);
  EXPECT_EQ(list.next_due()->when, first + kExcused);
  EXPECT_EQ(list.marks(), 1u);
}

TEST_F(DeadlineListTest, ALaterLossExcusesThoseHeardBetween) {
  heard("a");
  list.excuse_until_now(now += 10s);
  const ListeningTime first = now;
  now += 1s;
  const Slot b = heard("b");
  list.excuse_until_now(now += 10s);
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

TEST_F(DeadlineListTest, LossesWithinFiveSecondsShareTheLaterMoment) {
  heard("a");
  list.excuse_until_now(now);
  const ListeningTime first = now;
  now += 1s;
  heard("b");
  list.excuse_until_now(first + 5s - 1ns);
  EXPECT_EQ(list.marks(), 1u);
  const auto order = deaths();
  EXPECT_EQ(order[0].when, first + 5s - 1ns + kExcused);
  EXPECT_EQ(order[1].when, first + 5s - 1ns + kExcused);
}

TEST_F(DeadlineListTest, LossesFiveSecondsApartShareNothing) {
  heard("a");
  list.excuse_until_now(now);
  const ListeningTime first = now;
  now += 1s;
  heard("b");
  list.excuse_until_now(first + 5s);
  EXPECT_EQ(list.marks(), 2u);
  const auto order = deaths();
  EXPECT_EQ(order[0].when, first + kExcused);
  EXPECT_EQ(order[1].when, first + 5s + kExcused);
}

// Else a collector that stalls every four seconds would put the deadline off for ever.
TEST_F(DeadlineListTest, SharingIsMeasuredFromTheFirstOfTheGroup) {
  heard("a");
  const ListeningTime first = now;
  for (int i = 0; i < 100; ++i) {
    list.excuse_until_now(now);
    now += 2s;
  }
  EXPECT_EQ(list.next_due()->when, first + 4s + kExcused);
}

TEST_F(DeadlineListTest, MarksAreBoundedHoweverManyLossesThereAre) {
  AgentTable sleepers{1};
  DeadlineList sleep{sleepers, Mode::kSleep, 7500ms};
  std::size_t most = 0;
  for (int i = 0; i < 3000; ++i) {
    now += 1s;
    const Slot slot = sleepers.insert(*protocol::AgentId::parse("agent " + std::to_string(i)));
    sleepers[slot].heard_listening = now;
    sleep.append(slot);
    sleep.excuse_until_now(now);
    while (sleep.next_due()->when <= now) sleep.remove(sleep.next_due()->slot);
    most = std::max(most, sleep.marks());
  }
  EXPECT_LE(most, (1800u + 90u + 60u) / 5u);
  EXPECT_GT(most, 300u);
  while (const auto due = sleep.next_due()) sleep.remove(due->slot);
  EXPECT_EQ(sleep.marks(), 0u);
}

TEST_F(DeadlineListTest, AMarkGoesWithTheLastAgentThatItExcused) {
  const Slot a = heard("a");
  list.excuse_until_now(now);
  now += 1s;
  heard("b");
  EXPECT_EQ(list.marks(), 1u);
  heard_again(a);
  EXPECT_EQ(list.marks(), 0u);
}

TEST_F(DeadlineListTest, ALossWithNobodyThereLeavesNoMark) {
  list.excuse_until_now(now);
  EXPECT_EQ(list.marks(), 0u);
  heard("a");
  EXPECT_EQ(list.next_due()->when, now + kIdleDeath);
}

TEST_F(DeadlineListTest, TheFirstAgentHeardSinceMayBeHeardAgain) {
  heard("a");
  list.excuse_until_now(now);
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
  list.excuse_until_now(now);
  now += 1s;
  const Slot b = heard("b");
  list.excuse_until_now(now += 10s);
  EXPECT_EQ(list.marks(), 2u);
  now += 1s;
  heard_again(b);
  EXPECT_EQ(list.marks(), 1u);
  heard_again(a);
  EXPECT_EQ(list.marks(), 0u);
  list.excuse_until_now(now += 10s);
  EXPECT_EQ(list.next_due()->when, now + kExcused);
}

TEST_F(DeadlineListTest, AMarkBetweenTwoOthersGoesWithItsOnlyAgent) {
  heard("a");
  list.excuse_until_now(now);
  const ListeningTime first = now;
  now += 6s;
  const Slot b = heard("b");
  list.excuse_until_now(now);
  now += 6s;
  heard("c");
  list.excuse_until_now(now);
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
