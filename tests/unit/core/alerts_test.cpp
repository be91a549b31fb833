// SPDX-License-Identifier: MIT
#include "pap/core/alerts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pap/core/limits.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::AlertType;
using protocol::Mode;
using Event = AlertEvent;

constexpr AlertType kDeath = AlertType::kAgentDeath;
constexpr AlertType kEmergency = AlertType::kEmergencyMode;
constexpr AlertType kRestart = AlertType::kRestartDetected;

constexpr std::uint16_t kStored = 201;

struct AlertsTest : testing::Test {
  AgentTable table{1};
  Random random{1};
  std::vector<Event> events;
  std::vector<std::uint64_t> released;
  std::unique_ptr<Alerts> alerts;
  MonotonicTime now{1000s};

  AlertsTest() { settings(true); }
  void settings(bool has_station, std::size_t max_counting = 100, Nanos ttl = 300s) {
    alerts =
        std::make_unique<Alerts>(table, random, AlertsSettings{{max_counting, ttl}, has_station},
                                 [this](Event event, const Alert& alert, Slot) {
                                   events.push_back(event);
                                   if (event == Event::kReleased)
                                     released.push_back(alert.sequence);
                                 });
  }

  Slot agent(const std::string& name) {
    const Slot slot = table.insert(*protocol::AgentId::parse(name));
    table[slot].mode = Mode::kEmergency;
    table[slot].heard = now;
    return slot;
  }
  void decide(Slot slot, AlertType type) {
    AlertDetails details;
    details.happened = now;
    details.last_seen = table[slot].heard;
    alerts->decide(slot, type, details, now);
  }
  void dies(Slot slot) {
    table[slot].set(AgentRecord::kDead);
    decide(slot, kDeath);
  }
  void comes_back(Slot slot) {
    table[slot].clear(AgentRecord::kDead);
    table[slot].heard = now;
    alerts->recovered(slot, now);
  }

  std::vector<Event> take_events() { return std::exchange(events, {}); }
  void work() {
    std::size_t budget = 1000;
    EXPECT_TRUE(alerts->work(now, budget));
  }
  // The sequence number of the one posted next; 0 when there is none.
  std::uint64_t post() {
    work();
    const auto taken = alerts->take(now);
    return taken ? alerts->alert(*taken).sequence : 0;
  }
  bool answer(std::uint64_t sequence, std::optional<std::uint16_t> status) {
    return alerts->answered(sequence, {status, std::nullopt, ""}, now);
  }
  void tell() {
    while (const std::uint64_t sequence = post()) answer(sequence, kStored);
  }
  void drop_all_by_time() {
    while (const std::uint64_t sequence = post()) answer(sequence, 500);
    now += 300s;
    work();
  }
};

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

// --- dropped, and told afresh ---

TEST_F(AlertsTest, WhatIsDroppedWhileItHoldsIsToldAfreshSixtySecondsLater) {
  const Slot a = agent("a");
  decide(a, kEmergency);
  const std::uint64_t sequence = post();
  answer(sequence, 500);
  now += 300s;
  work();
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
  decide(a, kEmergency);
  const std::uint64_t dropped = post();
  answer(dropped, 500);
  now += 300s;
  work();
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
  EXPECT_EQ(alerts->bytes(), bytes);
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
