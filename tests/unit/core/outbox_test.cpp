// SPDX-License-Identifier: MIT
#include "pap/core/outbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::AlertType;

constexpr AlertType kDeath = AlertType::kAgentDeath;
constexpr AlertType kEmergency = AlertType::kEmergencyMode;
constexpr AlertType kRestart = AlertType::kRestartDetected;

// An outbox of 3 that count for 100 s at most, unless a test wants another.
struct OutboxTest : testing::Test {
  AlertPool alerts;
  BookPool books;
  Random random{1};
  std::unique_ptr<Outbox> outbox;
  MonotonicTime now{1000s};
  std::uint64_t decided = 0;

  OutboxTest() { settings(3, 100s); }
  void settings(std::size_t max_counting, Nanos ttl) {
    outbox = std::make_unique<Outbox>(alerts, books, random, OutboxSettings{max_counting, ttl});
  }

  BookIndex agent() {
    const BookIndex book = books.acquire();
    books[book].agent = 0;
    return book;
  }
  AlertIndex add(BookIndex book, AlertType type) {
    const AlertIndex index = alerts.acquire();
    alerts[index].book = book;
    alerts[index].type = type;
    alerts[index].order = ++decided;
    outbox->add(index, now);
    return index;
  }
  AlertIndex add(AlertType type = kDeath) { return add(agent(), type); }

  AlertIndex take() { return outbox->take(now).value_or(kNone); }
  void answer(AlertIndex index, Verdict verdict, std::optional<Nanos> retry_after = std::nullopt) {
    outbox->answered(index, verdict, retry_after, now);
  }
  void fail(AlertIndex index) { answer(index, Verdict::kUnavailable); }
  // As its owner does at every tick.
  void wake() {
    std::size_t budget = 1000;
    outbox->wake(now, budget);
  }
  std::vector<AlertIndex> shed() {
    std::vector<AlertIndex> dropped;
    while (const auto next = outbox->shed(now)) dropped.push_back(next->alert);
    return dropped;
  }
  // Until everything that rests has rested.
  void rest() {
    now += kBackoffLongest;
    wake();
  }
  // Five that are on their way, before a test adds its own; when they fail, and are gone, the
  // Station is away.
  std::vector<AlertIndex> five_in_flight() {
    std::vector<AlertIndex> five;
    for (std::uint32_t i = 0; i < kFailuresBeforePause; ++i) {
      add(kDeath);
      five.push_back(take());
    }
    return five;
  }
  void station_goes_away(const std::vector<AlertIndex>& five) {
    for (const AlertIndex each : five) fail(each);
    for (const AlertIndex each : five) outbox->withdraw(each);
    ASSERT_TRUE(outbox->pause().away());
  }
  AlertIndex take_probe() {
    now += kProbeLongest;
    return take();
  }
};

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

// --- what counts ---

TEST_F(OutboxTest, WhatWaitsItsTurnDoesNotCountWhatFailedDoes) {
  const AlertIndex alert = add();
  add();
  EXPECT_EQ(outbox->counting(), 0u);
  EXPECT_EQ(outbox->oldest_counting(), std::nullopt);
  fail(take());
  EXPECT_EQ(outbox->counting(), 1u);
  EXPECT_EQ(outbox->oldest_counting(), alert);
  rest();
  EXPECT_EQ(outbox->counting(), 1u);  // until its end, not until it has rested
}

TEST_F(OutboxTest, AllThatWaitsCountsWhileTheStationIsAway) {
  const auto five = five_in_flight();
  add(kRestart);
  const AlertIndex oldest = add(kEmergency);
  station_goes_away(five);
  EXPECT_EQ(outbox->counting(), 2u);
  EXPECT_EQ(outbox->oldest_counting(), oldest - 1);
}

TEST_F(OutboxTest, ABurstThatTheStationSlowsDownIsNeverDropped) {
  for (int i = 0; i < 1000; ++i) add();
  for (int round = 0; round < 100; ++round) {
    std::vector<AlertIndex> taken;
    for (AlertIndex each = take(); each != kNone; each = take()) taken.push_back(each);
    for (const AlertIndex each : taken) answer(each, Verdict::kSlowDown, 10s);
    now += 10s;
    wake();
    EXPECT_TRUE(shed().empty());
  }
  EXPECT_EQ(outbox->waiting(), 1000u);
  EXPECT_FALSE(outbox->pause().away());
}

TEST_F(OutboxTest, BeyondTheBoundTheLeastUrgentGoAndOfThoseTheOldest) {
  const auto five = five_in_flight();
  const AlertIndex restart_1 = add(kRestart);
  const AlertIndex death_1 = add(kDeath);
  const AlertIndex emergency = add(kEmergency);
  const AlertIndex restart_2 = add(kRestart);
  add(kDeath);
  add(kDeath);
  EXPECT_TRUE(shed().empty());
  for (const AlertIndex each : five) fail(each);
  EXPECT_EQ(outbox->next_deadline(now), now);
  EXPECT_EQ(outbox->counting(), 11u);
  for (const AlertIndex each : five) outbox->withdraw(each);
  EXPECT_EQ(shed(), (std::vector<AlertIndex>{restart_1, restart_2, emergency}));
  EXPECT_EQ(outbox->counting(), 3u);
  add(kDeath);
  EXPECT_EQ(shed(), std::vector<AlertIndex>{death_1});
}

TEST_F(OutboxTest, TheBoundHoldsForWhatFailedWithoutAnAbsence) {
  std::vector<AlertIndex> failed;
  for (int i = 0; i < 4; ++i) failed.push_back(add());
  add();
  for (const AlertIndex each : failed) ASSERT_EQ(take(), each);
  for (const AlertIndex each : failed) fail(each);
  EXPECT_EQ(outbox->counting(), 4u);
  EXPECT_EQ(shed(), std::vector<AlertIndex>{failed[0]});
  EXPECT_EQ(outbox->waiting(), 4u);
}

TEST_F(OutboxTest, WhatIsInFlightIsNotDropped) {
  settings(0, 100s);
  const AlertIndex alert = add();
  EXPECT_EQ(take(), alert);
  EXPECT_TRUE(shed().empty());
  fail(alert);
  EXPECT_EQ(shed(), std::vector<AlertIndex>{alert});
  EXPECT_EQ(outbox->waiting(), 0u);
}

TEST_F(OutboxTest, TheTimeOfOneThatFailedRunsFromItsFirstFailureOn) {
  const AlertIndex alert = add();
  now += 1h;  // waiting its turn costs nothing
  fail(take());
  EXPECT_EQ(alerts[alert].expires, now + 100s);
  now += 60s;
  wake();
  fail(take());
  now += 40s - 1ns;
  wake();
  EXPECT_TRUE(shed().empty());
  now += 1ns;
  const auto dropped = outbox->shed(now);
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->alert, alert);
  EXPECT_EQ(dropped->reason, DropReason::kExpired);
}

TEST_F(OutboxTest, TheTimeOfOneThatWaitsRunsOnlyWhileTheStationIsAway) {
  const auto five = five_in_flight();
  const AlertIndex alert = add(kRestart);
  const AlertIndex probe = add(kDeath);
  station_goes_away(five);
  now += 30s;
  ASSERT_EQ(take(), probe);
  now += 9s;
  answer(probe, Verdict::kDelivered);
  const auto five_more = five_in_flight();
  now += 1h;  // 39 s have counted, and no more
  EXPECT_TRUE(shed().empty());
  station_goes_away(five_more);
  now += 61s - 1ns;
  EXPECT_TRUE(shed().empty());
  EXPECT_EQ(outbox->next_deadline(now), now);  // a probe is due
  now += 1ns;
  EXPECT_EQ(shed(), std::vector<AlertIndex>{alert});
}

TEST_F(OutboxTest, WhatCountedBeforeItFailedCountsOn) {
  const auto five = five_in_flight();
  const AlertIndex alert = add();
  station_goes_away(five);
  now += 30s;
  ASSERT_EQ(take(), alert);
  fail(alert);
  EXPECT_EQ(alerts[alert].expires, now + 70s);
}

TEST_F(OutboxTest, WhatComesDuringAnAbsenceHasItsWholeTime) {
  const auto five = five_in_flight();
  station_goes_away(five);
  now += 50s;
  const AlertIndex alert = add();
  now += 100s - 1ns;
  EXPECT_TRUE(shed().empty());
  now += 1ns;
  EXPECT_EQ(shed(), std::vector<AlertIndex>{alert});
}

// --- while the Station is away ---

TEST_F(OutboxTest, OneProbeAtATimeTheAlertTriedLeast) {
  settings(100, 24h);
  const auto five = five_in_flight();
  const AlertIndex a = add();
  const AlertIndex b = add();
  const AlertIndex c = add(kRestart);
  station_goes_away(five);
  EXPECT_EQ(take_probe(), a);
  EXPECT_EQ(take(), kNone);
  fail(a);
  EXPECT_EQ(take_probe(), b);
  fail(b);
  EXPECT_EQ(take_probe(), c);
  fail(c);
  rest();
  EXPECT_EQ(take_probe(), a);
}

TEST_F(OutboxTest, NothingElseLeavesUntilAProbeHasAFinalAnswer) {
  settings(100, 24h);
  const auto five = five_in_flight();
  const AlertIndex a = add();
  const AlertIndex b = add();
  const AlertIndex c = add();
  station_goes_away(five);
  ASSERT_EQ(take_probe(), a);
  answer(a, Verdict::kRefused);
  EXPECT_FALSE(outbox->pause().away());
  EXPECT_TRUE(outbox->pause_ended(now));
  EXPECT_FALSE(outbox->pause_ended(now));
  EXPECT_EQ(take(), b);
  EXPECT_EQ(take(), c);
}

TEST_F(OutboxTest, AFinalAnswerToOneThatIsNoProbeEndsNothing) {
  settings(100, 24h);
  const auto five = five_in_flight();
  const AlertIndex early = add();
  ASSERT_EQ(take(), early);
  const AlertIndex probe = add();
  station_goes_away(five);
  answer(early, Verdict::kDelivered);
  EXPECT_TRUE(outbox->pause().away());
  EXPECT_EQ(take_probe(), probe);
}

TEST_F(OutboxTest, AFinalAnswerToAProbeEndsTheWaitsOfWhatFailedInThePauseOrLedToIt) {
  settings(100, 24h);
  std::vector<AlertIndex> failed;  // the first five led to the pause
  for (int i = 0; i < 30; ++i) failed.push_back(add());
  for (const AlertIndex each : failed) ASSERT_EQ(take(), each);
  for (const AlertIndex each : failed) fail(each);
  const AlertIndex probe = add();
  while (outbox->take(now) != probe) now += 1ms;
  wake();
  const auto resting = [&] {
    return std::count_if(failed.begin(), failed.end(),
                         [&](AlertIndex each) { return alerts[each].resting; });
  };
  EXPECT_GT(resting(), 3);
  answer(probe, Verdict::kDelivered);
  EXPECT_EQ(outbox->next_deadline(now), now);
  wake();
  EXPECT_EQ(resting(), 0);
  for (const AlertIndex each : failed) EXPECT_EQ(take(), each);
}

TEST_F(OutboxTest, AnEarlierFailureRestsOn) {
  settings(100, 24h);
  const AlertIndex earlier = add(kRestart);
  do {
    rest();
    ASSERT_EQ(take(), earlier);
    fail(earlier);
    const AlertIndex other = add();
    ASSERT_EQ(take(), other);
    answer(other, Verdict::kDelivered);  // ends that row of failures
  } while (alerts[earlier].rests_until < now + 40s);
  const auto five = five_in_flight();
  station_goes_away(five);
  const AlertIndex probe = add();
  ASSERT_EQ(take_probe(), probe);
  answer(probe, Verdict::kDelivered);
  wake();
  EXPECT_TRUE(alerts[earlier].resting);
  EXPECT_EQ(take(), kNone);
  rest();
  EXPECT_EQ(take(), earlier);
}

TEST_F(OutboxTest, RestsEndASliceAtATime) {
  settings(10'000, 24h);
  std::vector<AlertIndex> failed;
  for (int i = 0; i < 20; ++i) failed.push_back(add());
  for (const AlertIndex each : failed) ASSERT_EQ(take(), each);
  for (const AlertIndex each : failed) fail(each);
  const AlertIndex probe = add();
  while (outbox->take(now) != probe) now += 100ms;
  answer(probe, Verdict::kDelivered);
  std::size_t budget = 15;
  EXPECT_FALSE(outbox->wake(now, budget));
  EXPECT_EQ(budget, 0u);
  EXPECT_EQ(outbox->next_deadline(now), now);
  budget = 1000;
  EXPECT_TRUE(outbox->wake(now, budget));
  for (const AlertIndex each : failed) EXPECT_FALSE(alerts[each].resting);
}

TEST_F(OutboxTest, SaysWhenAProbeIsDueAndNothingIsLeftToBeIt) {
  const auto five = five_in_flight();
  station_goes_away(five);
  EXPECT_FALSE(outbox->lacks_a_probe(now - 1ns));
  now += kProbeFirst;
  EXPECT_TRUE(outbox->lacks_a_probe(now));
  const AlertIndex probe = add();
  EXPECT_FALSE(outbox->lacks_a_probe(now));
  ASSERT_EQ(take(), probe);
  EXPECT_FALSE(outbox->lacks_a_probe(now));
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
