// SPDX-License-Identifier: MIT
#include "unit/core/alerts_fixture.hpp"

namespace pap::core {
namespace {

TEST_F(AlertsTest, WhatIsDecidedIsReleasedAndTold) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kReleased}));
  const std::uint64_t sequence = post();
  EXPECT_EQ(sequence, 1u);
  EXPECT_TRUE(answer(sequence, kStored));
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kDelivered});
  EXPECT_FALSE(answer(sequence, kStored));  // nothing of that number is in flight any more
  EXPECT_TRUE(take_events().empty());
}

TEST_F(AlertsTest, ARefusalIsFinalToo) {
  decide(agent("a"), kEmergency);
  answer(post(), 400);
  EXPECT_EQ(take_events().back(), Event::kRefused);
  now += kBackoffLongest;
  EXPECT_EQ(post(), 0u);
}

TEST_F(AlertsTest, WithoutAStationAlertsAreToldWhenTheyAreDecided) {
  settings(false);
  const Slot a = agent("a");
  decide(a, kEmergency);
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kReleased, Event::kLogged}));
  EXPECT_EQ(post(), 0u);
  decide(a, kEmergency);
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kHeldBack}));
  now += kDedupWindow;
  work();
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kReleased, Event::kLogged}));
}

// --- held back ---

TEST_F(AlertsTest, TheSameIsHeldBackWhileOneWaits) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  take_events();
  decide(a, kEmergency);
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kHeldBack}));
  EXPECT_EQ(alerts->held(), 1u);
  EXPECT_EQ(alerts->outbox().waiting(), 1u);
}

TEST_F(AlertsTest, TheSameIsHeldBackWhileOneIsInFlight) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  post();
  decide(a, kEmergency);
  EXPECT_EQ(alerts->held(), 1u);
}

TEST_F(AlertsTest, OtherTypesAndOtherAgentsAreNotHeldBack) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  decide(a, kRestart);
  decide(agent("b"), kEmergency);
  EXPECT_EQ(alerts->held(), 0u);
  EXPECT_EQ(alerts->outbox().waiting(), 3u);
}

TEST_F(AlertsTest, TheWindowIsSixtySecondsFromWhenItWasTold) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  now += 1h;  // not from when it was decided
  tell();
  now += 60s - 1ns;
  decide(a, kEmergency);
  EXPECT_EQ(alerts->held(), 1u);
  EXPECT_EQ(alerts->next_deadline(now), now + 1ns);
  now += 1ns;
  work();
  EXPECT_EQ(alerts->held(), 0u);
  EXPECT_EQ(post(), 2u);
}

TEST_F(AlertsTest, ExactlySixtySecondsLaterNothingIsHeldBack) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  tell();
  now += 60s;
  decide(a, kEmergency);  // even before time was worked off
  EXPECT_EQ(alerts->held(), 0u);
  EXPECT_EQ(post(), 2u);
}

TEST_F(AlertsTest, TheLatestIsHeldAndTheOneBeforeLapses) {
  const Slot a = agent("a");
  decide(a, kRestart);
  tell();
  now += 1s;
  decide(a, kRestart);
  take_events();
  now += 1s;
  decide(a, kRestart);
  const MonotonicTime latest = now;
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kLapsed, Event::kHeldBack}));
  EXPECT_EQ(alerts->held(), 1u);
  now += 60s;
  work();
  const auto taken = alerts->take(now);
  ASSERT_TRUE(taken);
  EXPECT_EQ(alerts->alert(*taken).details.happened, latest);
}

TEST_F(AlertsTest, WhatIsOverWhenTheWindowEndsLapses) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  tell();
  decide(a, kEmergency);
  table[a].mode = Mode::kIdle;
  take_events();
  now += 60s;
  work();
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kLapsed});
  EXPECT_EQ(alerts->books(), 0u);
}

TEST_F(AlertsTest, AHeldAlertWaitsForTheAnswerAndThenForTheWindow) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t first = post();
  decide(a, kEmergency);
  now += 1h;
  work();
  EXPECT_EQ(alerts->held(), 1u);
  answer(first, kStored);
  now += 60s - 1ns;
  EXPECT_EQ(post(), 0u);
  now += 1ns;
  EXPECT_NE(post(), 0u);
}

TEST_F(AlertsTest, WhenTheFirstIsDroppedTheHeldOneTakesItsPlace) {
  settings(true, 0);
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t first = post();
  decide(a, kEmergency);
  take_events();
  answer(first, 500);
  work();
  EXPECT_EQ(take_events(),
            (std::vector<Event>{Event::kFailed, Event::kDroppedFull, Event::kReleased}));
  EXPECT_EQ(alerts->held(), 0u);
  EXPECT_EQ(post(), 2u);
}

// As after a stall: the window is over, and time has not been worked off yet.
TEST_F(AlertsTest, AWindowThatEndedReleasesNothingWhileAnotherIsOnItsWay) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  tell();
  now += 60s;
  decide(a, kEmergency);  // on its way
  decide(a, kEmergency);  // held back by that one
  work();
  EXPECT_EQ(alerts->held(), 1u);
  EXPECT_EQ(alerts->outbox().waiting(), 1u);
}

TEST_F(AlertsTest, TakenAsToldHoldsTheSameBackForAWhile) {
  const Slot a = agent("a");
  alerts->take_as_told(a, kEmergency, now);
  EXPECT_TRUE(take_events().empty());
  decide(a, kEmergency);
  EXPECT_EQ(alerts->held(), 1u);
  now += 60s;
  EXPECT_EQ(post(), 1u);
}

// --- deaths ---

TEST_F(AlertsTest, ADeathThatIsOverBeforeItIsPostedSaysWhen) {
  const Slot a = agent("a");
  dies(a);
  now += 5s;
  comes_back(a);
  const MonotonicTime back = now;
  now += 5s;
  work();
  const auto taken = alerts->take(now);
  ASSERT_TRUE(taken);
  EXPECT_EQ(alerts->alert(*taken).details.recovered_at, back);
}

TEST_F(AlertsTest, ADeathIsOverWithTheFirstHeartbeatAfterIt) {
  const Slot a = agent("a");
  dies(a);
  now += 5s;
  comes_back(a);
  const MonotonicTime back = now;
  now += 20s;
  dies(a);
  now += 5s;
  comes_back(a);
  work();
  const auto taken = alerts->take(now);
  ASSERT_TRUE(taken);
  EXPECT_EQ(alerts->alert(*taken).details.recovered_at, back);
}

TEST_F(AlertsTest, OneInFlightSaysSoWhenItIsRetried) {
  const Slot a = agent("a");
  dies(a);
  const std::uint64_t sequence = post();
  now += 1s;
  comes_back(a);
  const MonotonicTime back = now;
  answer(sequence, 500);
  now += 60s;
  work();
  const auto taken = alerts->take(now);
  ASSERT_TRUE(taken);
  EXPECT_EQ(alerts->alert(*taken).details.recovered_at, back);
}

TEST_F(AlertsTest, ASecondDeathThatLastsIsToldLateAndAFlapIsNot) {
  const Slot a = agent("a");
  dies(a);
  tell();
  now += 10s;
  comes_back(a);
  now += 11s;
  dies(a);
  EXPECT_EQ(alerts->held(), 1u);
  comes_back(a);  // a flap
  now += 39s;
  work();
  EXPECT_EQ(take_events().back(), Event::kLapsed);
  dies(a);
  EXPECT_EQ(alerts->held(), 0u);  // the window is over
  tell();
  comes_back(a);
  now += 10s;
  dies(a);
  now += 50s;
  EXPECT_NE(post(), 0u);
}

// --- bounds ---

TEST_F(AlertsTest, ABookIsOpenOnlyWhileItIsNeeded) {
  const Slot a = agent("a");
  EXPECT_EQ(alerts->books(), 0u);
  decide(a, kEmergency);
  EXPECT_EQ(alerts->books(), 1u);
  tell();
  EXPECT_EQ(alerts->books(), 1u);  // for the window
  now += 60s;
  work();
  EXPECT_EQ(alerts->books(), 0u);
}

// An agent that dies and comes back all day while the Station is away leaves nothing behind.
TEST_F(AlertsTest, FlappingDuringALongAbsenceKeepsMemoryFlat) {
  settings(true, 2);
  for (int i = 0; i < 6; ++i) dies(agent("gone " + std::to_string(i)));
  const Slot a = agent("a");
  std::size_t bytes = 0;
  for (int flaps = 0; flaps < 20'000; ++flaps) {
    dies(a);
    work();
    if (const std::uint64_t sequence = post()) answer(sequence, 500);
    now += 10s;
    comes_back(a);
    now += 10s;
    work();
    if (flaps == 10'000) bytes = alerts->bytes();
  }
  EXPECT_LE(alerts->bytes(), bytes + bytes / 1000) << "the free places of a flap come and go";
  EXPECT_LE(alerts->books(), 7u);
}

TEST_F(AlertsTest, TimeIsWorkedOffASliceAtATime) {
  std::vector<Slot> slots;
  for (int i = 0; i < 100; ++i) slots.push_back(agent(std::to_string(i)));
  for (const Slot slot : slots) decide(slot, kEmergency);
  tell();
  for (const Slot slot : slots) decide(slot, kEmergency);
  now += 60s;
  std::size_t budget = 30;
  EXPECT_FALSE(alerts->work(now, budget));
  EXPECT_EQ(budget, 0u);
  EXPECT_EQ(alerts->held(), 70u);
  budget = 30;
  EXPECT_FALSE(alerts->work(now, budget));
  EXPECT_EQ(alerts->held(), 40u);
  work();
  EXPECT_EQ(alerts->held(), 0u);
}

}  // namespace
}  // namespace pap::core
