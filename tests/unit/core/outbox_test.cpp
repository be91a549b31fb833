// SPDX-License-Identifier: MIT
#include "unit/core/outbox_fixture.hpp"

namespace pap::core {
namespace {

// --- the order in which alerts leave ---

TEST_F(OutboxTest, NothingLeavesAnEmptyOutbox) {
  EXPECT_FALSE(outbox->ready(now));
  EXPECT_EQ(outbox->take(now), std::nullopt);
  EXPECT_EQ(outbox->next_deadline(now), std::nullopt);
  EXPECT_EQ(outbox->shed(now), std::nullopt);
}

TEST_F(OutboxTest, TheMoreUrgentLeaveFirstAndThenTheOlder) {
  const AlertIndex restart = add(kRestart);
  const AlertIndex emergency = add(kEmergency);
  const AlertIndex death_1 = add(kDeath);
  const AlertIndex death_2 = add(kDeath);
  const AlertIndex emergency_2 = add(kEmergency);
  EXPECT_EQ(take(), death_1);
  EXPECT_EQ(take(), death_2);
  EXPECT_EQ(take(), emergency);
  EXPECT_EQ(take(), emergency_2);
  EXPECT_EQ(take(), restart);
  EXPECT_EQ(take(), kNone);
}

TEST_F(OutboxTest, AnAgentsAlertsLeaveInTheOrderDecidedOneInFlightAtATime) {
  const BookIndex book = agent();
  const AlertIndex restart = add(book, kRestart);
  const AlertIndex emergency = add(book, kEmergency);
  const AlertIndex death = add(book, kDeath);
  EXPECT_EQ(take(), restart);
  EXPECT_EQ(take(), kNone);
  answer(restart, Verdict::kDelivered);
  EXPECT_EQ(take(), emergency);
  EXPECT_EQ(take(), kNone);
  answer(emergency, Verdict::kRefused);
  EXPECT_EQ(take(), death);
}

TEST_F(OutboxTest, EachIsAsUrgentAsItsAgentsMostUrgentOne) {
  const BookIndex book = agent();
  const AlertIndex restart = add(book, kRestart);
  const AlertIndex other_emergency = add(kEmergency);
  const AlertIndex other_death = add(kDeath);
  const AlertIndex death = add(book, kDeath);
  EXPECT_EQ(take(), restart);  // its agent's death waits behind it
  EXPECT_EQ(take(), other_death);
  EXPECT_EQ(take(), other_emergency);
  answer(restart, Verdict::kDelivered);
  EXPECT_EQ(take(), death);
}

TEST_F(OutboxTest, TheMostUrgentNeedNotBeTheLatest) {
  const BookIndex book = agent();
  const AlertIndex restart = add(kRestart);
  const AlertIndex death = add(book, kDeath);
  add(book, kRestart);
  const AlertIndex emergency = add(kEmergency);
  EXPECT_EQ(take(), death);
  EXPECT_EQ(take(), emergency);
  EXPECT_EQ(take(), restart);
}

TEST_F(OutboxTest, UrgencyGoesWithTheAlertThatHadIt) {
  const BookIndex book = agent();
  const AlertIndex emergency = add(book, kEmergency);
  const AlertIndex restart = add(book, kRestart);
  EXPECT_EQ(take(), emergency);
  answer(emergency, Verdict::kDelivered);
  const AlertIndex other = add(kEmergency);
  EXPECT_EQ(take(), other);
  EXPECT_EQ(take(), restart);
}

TEST_F(OutboxTest, ADeathDoesNotWaitForOneThatFailed) {
  const BookIndex book = agent();
  const AlertIndex emergency = add(book, kEmergency);
  fail(take());
  const AlertIndex death = add(book, kDeath);
  EXPECT_EQ(take(), death);
  answer(death, Verdict::kDelivered);
  rest();
  EXPECT_EQ(take(), emergency);
}

TEST_F(OutboxTest, ADeathOvertakesOneThatFailedAndRestsNoMore) {
  const BookIndex book = agent();
  add(book, kEmergency);
  fail(take());
  rest();
  const AlertIndex death = add(book, kDeath);
  EXPECT_EQ(take(), death);
}

TEST_F(OutboxTest, ADeathWaitsForOneThatNeverFailed) {
  const BookIndex book = agent();
  const AlertIndex emergency = add(book, kEmergency);
  add(book, kDeath);
  EXPECT_EQ(take(), emergency);
}

TEST_F(OutboxTest, NothingButADeathOvertakes) {
  const BookIndex book = agent();
  const AlertIndex restart = add(book, kRestart);
  fail(take());
  const AlertIndex emergency = add(book, kEmergency);
  EXPECT_EQ(take(), kNone);
  rest();
  EXPECT_EQ(take(), restart);
  answer(restart, Verdict::kDelivered);
  EXPECT_EQ(take(), emergency);
}

TEST_F(OutboxTest, AtMostSoManyAreInFlightTogether) {
  std::vector<AlertIndex> taken;
  for (std::size_t i = 0; i < kDeliveriesInFlight + 1; ++i) add();
  for (std::size_t i = 0; i < kDeliveriesInFlight; ++i) {
    taken.push_back(take());
    ASSERT_NE(taken.back(), kNone);
  }
  EXPECT_EQ(take(), kNone);
  EXPECT_EQ(outbox->in_flight(), kDeliveriesInFlight);
  answer(taken.front(), Verdict::kDelivered);
  EXPECT_NE(take(), kNone);
}

// --- what failed ---

TEST_F(OutboxTest, WhatFailedRestsNoLongerThanItsCeiling) {
  settings(3, 24h);
  for (int round = 0; round < 50; ++round) {
    const AlertIndex alert = add();
    for (const Nanos ceiling : {5s, 10s, 20s, 40s, 60s, 60s}) {
      ASSERT_EQ(take(), alert);
      fail(alert);
      // Keeps the row of failures short.
      const AlertIndex other = add(kRestart);
      ASSERT_EQ(take(), other);
      answer(other, Verdict::kDelivered);
      now += ceiling;
      wake();
    }
    ASSERT_EQ(take(), alert);
    answer(alert, Verdict::kDelivered);
  }
}

TEST_F(OutboxTest, RestsAreSpreadUpToTheCeiling) {
  settings(10'000, 24h);
  Nanos longest{0};
  Nanos sum{0};
  constexpr int kAlerts = 500;
  for (int i = 0; i < kAlerts; ++i) {
    const AlertIndex alert = add();
    take();
    fail(alert);
    longest = std::max<Nanos>(longest, alerts[alert].rests_until - now);
    sum += alerts[alert].rests_until - now;
    outbox->withdraw(alert);
    const AlertIndex other = add();
    answer(take(), Verdict::kDelivered);
    ASSERT_EQ(alerts[other].failures, 0);
  }
  EXPECT_LE(longest, 5s);
  EXPECT_GT(longest, 4900ms);
  EXPECT_NEAR(std::chrono::duration<double>(sum / kAlerts).count(), 2.5, 0.25);
}

TEST_F(OutboxTest, APleaToWaitIsNoFailure) {
  const AlertIndex alert = add();
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(take(), alert);
    answer(alert, Verdict::kSlowDown, 1s);
    EXPECT_EQ(outbox->counting(), 0u);
    now += 1s;
  }
  EXPECT_EQ(take(), alert);
  fail(alert);
  EXPECT_LE(alerts[alert].rests_until, now + 5s);  // its first failure
}

TEST_F(OutboxTest, ARetryAfterIsKeptByAll) {
  const AlertIndex first = add();
  const AlertIndex second = add();
  take();
  answer(first, Verdict::kSlowDown, 30s);
  EXPECT_EQ(take(), kNone);
  EXPECT_EQ(outbox->next_deadline(now), now + 30s);
  now += 30s - 1ns;
  EXPECT_EQ(take(), kNone);
  now += 1ns;
  EXPECT_TRUE(outbox->ready(now));
  EXPECT_EQ(take(), first);
  EXPECT_EQ(take(), second);
}

// --- leaving otherwise ---

TEST_F(OutboxTest, AWithdrawnAlertLetsTheNextOneLeave) {
  const BookIndex book = agent();
  const AlertIndex restart = add(book, kRestart);
  const AlertIndex emergency = add(book, kEmergency);
  outbox->withdraw(restart);
  EXPECT_EQ(outbox->waiting(), 1u);
  EXPECT_EQ(take(), emergency);
}

TEST_F(OutboxTest, OneInFlightThatWasWithdrawnIsNotRetried) {
  const AlertIndex alert = add();
  ASSERT_EQ(take(), alert);
  alerts[alert].withdrawn = true;
  alerts[alert].book = kNone;
  fail(alert);
  EXPECT_EQ(outbox->waiting(), 0u);
  EXPECT_EQ(outbox->in_flight(), 0u);
  EXPECT_EQ(outbox->counting(), 0u);
}

TEST_F(OutboxTest, ANewBookWaitsForTheOneInFlightBeforeIt) {
  const AlertIndex old = add();
  ASSERT_EQ(take(), old);
  alerts[old].withdrawn = true;
  alerts[old].book = kNone;
  const BookIndex book = agent();
  outbox->wait_for(book, old);
  const AlertIndex fresh = add(book, kDeath);
  EXPECT_EQ(take(), kNone);
  fail(old);
  EXPECT_EQ(take(), fresh);
}

TEST_F(OutboxTest, ToldAfreshItStartsFromNothing) {
  const AlertIndex alert = add();
  fail(take());
  now += 100s;
  ASSERT_EQ(shed(), std::vector<AlertIndex>{alert});
  alerts[alert].order = ++decided;
  outbox->add(alert, now);
  EXPECT_EQ(outbox->counting(), 0u);
  EXPECT_EQ(alerts[alert].attempts, 0u);
  EXPECT_EQ(take(), alert);
  fail(alert);
  EXPECT_EQ(alerts[alert].expires, now + 100s);
  EXPECT_LE(alerts[alert].rests_until, now + 5s);
}

}  // namespace
}  // namespace pap::core
