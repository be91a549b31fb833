// SPDX-License-Identifier: MIT
#include "unit/core/alerts_fixture.hpp"

namespace pap::core {
namespace {

// --- dropped, and told afresh ---

TEST_F(AlertsTest, WhatIsDroppedWhileItHoldsIsToldAfreshSixtySecondsLater) {
  const Slot a = agent("a");
  const std::uint64_t sequence = drop_emergency(a);
  EXPECT_EQ(take_events().back(), Event::kDroppedExpired);
  EXPECT_EQ(alerts->next_deadline(now), now + 60s);
  now += 60s - 1ns;
  EXPECT_EQ(post(), 0u);
  now += 1ns;
  EXPECT_EQ(post(), sequence);  // the same key
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kRetold});
}

TEST_F(AlertsTest, ToldAfreshItCountsAsDecidedAnew) {
  const Slot a = agent("a");
  const std::uint64_t dropped = drop_emergency(a);
  now += 59s;
  decide(agent("b"), kEmergency);
  decide(agent("c"), kEmergency);
  now += 1s;
  EXPECT_EQ(post(), 2u);
  EXPECT_EQ(post(), 3u);
  EXPECT_EQ(post(), dropped);
}

TEST_F(AlertsTest, ARestartThatIsDroppedIsOver) {
  const Slot a = agent("a");
  decide(a, kRestart);
  drop_all_by_time();
  EXPECT_EQ(take_events().back(), Event::kDroppedExpired);
  EXPECT_EQ(alerts->books(), 0u);
  now += 24h;
  EXPECT_EQ(post(), 0u);
}

TEST_F(AlertsTest, WhatIsOverIsNotToldAfresh) {
  const Slot a = agent("a");
  const Slot b = agent("b");
  decide(a, kEmergency);
  dies(b);
  drop_all_by_time();
  table[a].mode = Mode::kIdle;
  comes_back(b);
  take_events();
  now += 24h;
  EXPECT_EQ(post(), 0u);
  EXPECT_TRUE(take_events().empty());
  EXPECT_EQ(alerts->books(), 0u);
}

TEST_F(AlertsTest, AnEmergencyThatBeginsAgainTakesTheDroppedOnesPlace) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  drop_all_by_time();
  take_events();
  decide(a, kEmergency);
  EXPECT_EQ(take_events(), (std::vector<Event>{Event::kDecided, Event::kReleased}));
  tell();
  now += 24h;
  EXPECT_EQ(post(), 0u);  // once
}

TEST_F(AlertsTest, AnEmergencyIsToldAfreshWhenItsAgentComesBackInItFromTheDead) {
  const Slot a = agent("a");
  const std::uint64_t dropped = drop_emergency(a);
  now += 30s;
  dies(a);
  answer(post(), kStored);
  take_events();
  now += 1h;
  EXPECT_EQ(post(), 0u);  // it does not hold
  comes_back(a);
  EXPECT_EQ(post(), dropped);
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kRetold});
}

TEST_F(AlertsTest, AnEmergencyThatIsDroppedWhileItsAgentIsDeadIsToldWhenItComesBackInIt) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t emergency = post();
  answer(emergency, 500);
  dies(a);
  while (const std::uint64_t sequence = post()) {
    answer(sequence, sequence == emergency ? std::uint16_t{500} : kStored);
  }
  now += 300s;
  work();
  take_events();
  now += 1h;
  EXPECT_EQ(post(), 0u);
  comes_back(a);
  EXPECT_EQ(post(), emergency);
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kRetold});
}

TEST_F(AlertsTest, BackFromTheDeadAnEmergencyWaitsBehindNoLaterDrop) {
  const Slot a = agent("a");
  const std::uint64_t emergency = drop_emergency(a);
  dies(a);
  answer(post(), kStored);
  now += 1h;
  EXPECT_EQ(post(), 0u);
  drop_emergency(agent("b"));
  comes_back(a);
  EXPECT_EQ(post(), emergency);
}

TEST_F(AlertsTest, AnEmergencyIsOverWhenItsAgentComesBackInAnotherMode) {
  const Slot a = agent("a");
  drop_emergency(a);
  dies(a);
  answer(post(), kStored);
  now += 1h;
  work();
  table[a].mode = Mode::kIdle;
  comes_back(a);
  take_events();
  EXPECT_EQ(post(), 0u);
  EXPECT_TRUE(take_events().empty());
  EXPECT_EQ(alerts->books(), 0u);
}

TEST_F(AlertsTest, DroppedInAPauseItIsToldAfreshWhenThePauseEnds) {
  std::vector<std::uint64_t> posted;
  std::vector<Slot> slots;
  for (int i = 0; i < 6; ++i) slots.push_back(agent(std::to_string(i)));
  for (const Slot slot : slots) dies(slot);
  for (std::size_t i = 0; i < slots.size(); ++i) posted.push_back(post());
  for (const std::uint64_t sequence : posted) answer(sequence, 500);
  EXPECT_TRUE(alerts->outbox().pause().away());
  now += 250s;
  const Slot late = agent("late");
  dies(late);
  const std::uint64_t probe = post();
  now += 50s;
  work();  // the others' time is over; the probe is on its way
  EXPECT_EQ(alerts->outbox().waiting(), 0u);
  take_events();
  answer(probe, kStored);
  work();
  EXPECT_EQ(take_events(),
            (std::vector<Event>{Event::kDelivered, Event::kRetold, Event::kRetold, Event::kRetold,
                                Event::kRetold, Event::kRetold, Event::kRetold}));
  for (const std::uint64_t sequence : posted) EXPECT_EQ(post(), sequence);
}

TEST_F(AlertsTest, WhereNothingElseIsLeftOneOfTheDroppedIsTheProbe) {
  settings(true, 0);  // all that fails is dropped at once
  for (int i = 0; i < 6; ++i) dies(agent(std::to_string(i)));
  for (std::uint32_t i = 0; i < kFailuresBeforePause; ++i) answer(post(), 500);
  std::size_t budget = 1000;
  alerts->work(now, budget);
  ASSERT_TRUE(alerts->outbox().pause().away());
  ASSERT_EQ(alerts->outbox().waiting(), 0u);
  const auto probe_at = alerts->next_deadline(now);
  ASSERT_TRUE(probe_at);
  EXPECT_LE(*probe_at, now + kProbeFirst);
  now = *probe_at;
  EXPECT_EQ(alerts->next_deadline(now), now);
  const std::uint64_t probe = post();
  EXPECT_NE(probe, 0u);
  EXPECT_EQ(post(), 0u);  // one is enough
  answer(probe, kStored);
  for (int i = 0; i < 5; ++i) EXPECT_NE(post(), 0u);
}

TEST_F(AlertsTest, AProbeThatIsOverIsPassedBy) {
  settings(true, 0);
  const Slot a = agent("a");
  decide(a, kEmergency);
  answer(post(), 500);
  work();
  for (int i = 0; i < 4; ++i) dies(agent(std::to_string(i)));
  for (int i = 0; i < 4; ++i) answer(post(), 500);
  ASSERT_TRUE(alerts->outbox().pause().away());
  table[a].mode = Mode::kIdle;
  now += kProbeFirst;
  EXPECT_NE(post(), 0u);
  EXPECT_EQ(alerts->books(), 4u);
}

// --- agents that are removed ---

TEST_F(AlertsTest, ForgettingAnAgentWithdrawsWhatWaitsAndWhatIsHeld) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  decide(a, kEmergency);
  decide(a, kRestart);
  take_events();
  alerts->forget(a);
  EXPECT_EQ(take_events(),
            (std::vector<Event>{Event::kWithdrawn, Event::kWithdrawn, Event::kWithdrawn}));
  EXPECT_EQ(alerts->held(), 0u);
  EXPECT_EQ(alerts->books(), 0u);
  EXPECT_EQ(post(), 0u);
}

TEST_F(AlertsTest, OneInFlightIsNotRetriedForAnAgentThatIsGone) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t sequence = post();
  alerts->forget(a);
  take_events();
  answer(sequence, 500);
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kWithdrawn});
  now += 1h;
  EXPECT_EQ(post(), 0u);
}

TEST_F(AlertsTest, OneInFlightMayStillBeDelivered) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t sequence = post();
  alerts->forget(a);
  take_events();
  answer(sequence, kStored);
  EXPECT_EQ(take_events(), std::vector<Event>{Event::kDelivered});
}

TEST_F(AlertsTest, ANewAgentOfTheSameIdWaitsForTheOneInFlight) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t first = post();
  alerts->forget(a);
  table.erase(a);
  const Slot again = agent("a");
  decide(again, kEmergency);
  EXPECT_EQ(post(), 0u);
  answer(first, kStored);
  EXPECT_EQ(post(), 2u);  // what the former agent was told about holds nothing back
}

TEST_F(AlertsTest, TheNewAgentMayBeRemovedAsWell) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t first = post();
  alerts->forget(a);
  table.erase(a);
  const Slot again = agent("a");
  decide(again, kEmergency);
  alerts->forget(again);
  table.erase(again);
  const Slot third = agent("a");
  decide(third, kEmergency);
  EXPECT_EQ(post(), 0u);
  answer(first, 500);
  EXPECT_EQ(post(), 3u);
  EXPECT_EQ(alerts->books(), 1u);
}

TEST_F(AlertsTest, TheAnswerToAWithdrawnOneIsNothingToAnotherAgent) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t withdrawn = post();
  alerts->forget(a);
  const Slot b = agent("b");  // in the place of a
  decide(b, kEmergency);
  EXPECT_EQ(post(), 2u);
  decide(b, kRestart);
  answer(withdrawn, kStored);
  EXPECT_EQ(post(), 0u);  // its first is still in flight
  answer(2, kStored);
  EXPECT_EQ(post(), 3u);
}

TEST_F(AlertsTest, ForgettingAnAgentForgetsWhatWasDropped) {
  const Slot a = agent("a");
  dies(a);
  drop_all_by_time();
  take_events();
  alerts->forget(a);
  EXPECT_TRUE(take_events().empty());  // it is counted already
  EXPECT_EQ(alerts->books(), 0u);
  now += 24h;
  EXPECT_EQ(post(), 0u);
}

}  // namespace
}  // namespace pap::core
