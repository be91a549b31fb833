// SPDX-License-Identifier: MIT
#include "unit/core/outbox_fixture.hpp"

namespace pap::core {
namespace {

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

// As after a stall: the answer that ends the absence is handled before the tick that was due.
TEST_F(OutboxTest, WhatHadRunOutWhenAnAbsenceEndedIsDroppedAlthoughItCountsNoMore) {
  const auto five = five_in_flight();
  const AlertIndex late = add(kRestart);
  const AlertIndex probe = add(kDeath);
  station_goes_away(five);
  now += 30s;
  ASSERT_EQ(take(), probe);
  now += 70s;
  answer(probe, Verdict::kDelivered);
  EXPECT_EQ(outbox->counting(), 0u);
  EXPECT_EQ(outbox->next_deadline(now), now);
  EXPECT_EQ(shed(), std::vector<AlertIndex>{late});
  EXPECT_TRUE(outbox->pause_ended(now));
  EXPECT_EQ(outbox->next_deadline(now), std::nullopt);
}

TEST_F(OutboxTest, ATimeOfZeroDropsNothingThatNeverCounted) {
  settings(3, 0s);
  const AlertIndex alert = add();
  EXPECT_TRUE(shed().empty());
  EXPECT_EQ(take(), alert);
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

}  // namespace
}  // namespace pap::core
