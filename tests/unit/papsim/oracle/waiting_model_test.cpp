// SPDX-License-Identifier: MIT
#include "papsim/oracle/waiting_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using protocol::AlertType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kDeath = AlertType::kAgentDeath;
constexpr auto kEmergency = AlertType::kEmergencyMode;
constexpr auto kRestart = AlertType::kRestartDetected;
constexpr auto kFull = DropCause::kFull;
constexpr auto kExpired = DropCause::kExpired;
constexpr WorldTime kTtl = 300'000;

std::string what(const WaitingModel::Verdict& verdict) { return verdict ? verdict->what : ""; }

// At most one alert counts; two deaths and a restart wait while the Station is away.
WaitingModel three_wait_for_one_place() {
  WaitingModel model(1, kTtl);
  model.away(0, true);
  model.decided(1'000, 0, kDeath, false);
  model.decided(2'000, 1, kDeath, false);
  model.decided(3'000, 2, kRestart, false);
  return model;
}

TEST(WaitingModel, WantsTheLeastUrgentToGoFirst) {
  WaitingModel model = three_wait_for_one_place();
  EXPECT_EQ(what(model.dropped(3'000, 2, kRestart, kFull)), "");
  EXPECT_EQ(what(model.dropped(3'000, 0, kDeath, kFull)), "");

  WaitingModel other = three_wait_for_one_place();
  EXPECT_THAT(what(other.dropped(3'000, 0, kDeath, kFull)),
              HasSubstr("before RESTART_DETECTED of agent 2"));
}

TEST(WaitingModel, WantsTheOldestOfThoseToGoFirst) {
  WaitingModel model = three_wait_for_one_place();
  model.dropped(3'000, 2, kRestart, kFull);
  EXPECT_THAT(what(model.dropped(3'000, 1, kDeath, kFull)),
              HasSubstr("before AGENT_DEATH of agent 0"));
}

TEST(WaitingModel, TakesAnAgentsAlertsToBeAsUrgentAsItsMostUrgentOne) {
  WaitingModel model(1, kTtl);
  model.away(0, true);
  model.decided(1'000, 0, kRestart, false);
  model.decided(2'000, 0, kDeath, false);
  model.decided(3'000, 1, kEmergency, false);
  EXPECT_THAT(what(model.dropped(3'000, 0, kRestart, kFull)),
              HasSubstr("before EMERGENCY_MODE of agent 1"));
}

TEST(WaitingModel, ComparesNobodyWhoseAlertsWereHeldBack) {
  WaitingModel model(1, kTtl);
  model.away(0, true);
  model.decided(1'000, 0, kDeath, false);
  model.decided(2'000, 1, kRestart, true);
  EXPECT_EQ(what(model.dropped(3'000, 0, kDeath, kFull)), "");
}

TEST(WaitingModel, AllowsNoDropFromAQueueThatIsNotFull) {
  WaitingModel model(1, kTtl);
  model.away(0, true);
  model.decided(1'000, 0, kDeath, false);
  EXPECT_THAT(what(model.dropped(1'000, 0, kDeath, kFull)), HasSubstr("a queue of at most 1"));
}

TEST(WaitingModel, CountsWhatNeverFailedOnlyWhileTheStationIsAway) {
  WaitingModel model(1, kTtl);
  for (const AgentNumber agent : {0U, 1U}) model.decided(1'000, agent, kDeath, false);
  EXPECT_THAT(what(model.dropped(1'000, 0, kDeath, kFull)), HasSubstr("a queue of at most 0"));
}

TEST(WaitingModel, AllowsNoDropBeforeTheTimeIsOver) {
  for (const bool early : {false, true}) {
    WaitingModel model(10, kTtl);
    model.decided(1'000, 0, kDeath, false);
    model.posted(1'000, 0, kDeath);
    model.answered(2'000, 0, kDeath, WaitingModel::Answer::kFailed);
    const WorldTime at = 2'000 + kTtl - (early ? 1 : 0);
    EXPECT_EQ(what(model.dropped(at, 0, kDeath, kExpired)),
              early ? "was dropped after 299999 ms" : "");
  }
}

TEST(WaitingModel, LetsTimeRunForWhatNeverFailedOnlyWhileTheStationIsAway) {
  WaitingModel model(10, kTtl);
  model.decided(0, 0, kDeath, false);
  model.away(100'000, true);
  EXPECT_EQ(what(model.dropped(350'000, 0, kDeath, kExpired)), "was dropped after 250000 ms");
}

TEST(WaitingModel, AllowsNoPostOfWhatWasDroppedUnlessItIsToldAfresh) {
  for (const bool retold : {false, true}) {
    WaitingModel model = three_wait_for_one_place();
    model.dropped(3'000, 2, kRestart, kFull);
    model.dropped(3'000, 0, kDeath, kFull);
    EXPECT_THAT(model.lost(kFull), ElementsAre(0, 2));
    model.away(4'000, false);
    if (retold) {
      EXPECT_EQ(what(model.retold(4'000, 0, kDeath)), "");
      EXPECT_THAT(model.lost(kFull), ElementsAre(2));
    }
    model.posted(4'000, 1, kDeath);
    EXPECT_EQ(what(model.posted(4'000, 0, kDeath)),
              retold ? "" : "was posted after it was dropped");
  }
}

TEST(WaitingModel, KnowsNothingToldAfreshThatWasNotDropped) {
  WaitingModel model(1, kTtl);
  model.decided(1'000, 0, kDeath, false);
  EXPECT_EQ(what(model.retold(2'000, 0, kDeath)), "was told afresh, and never dropped");
}

TEST(WaitingModel, AllowsNoDropOfWhatDoesNotWait) {
  WaitingModel model(1, kTtl);
  EXPECT_EQ(what(model.dropped(0, 0, kDeath, kExpired)), "was dropped, and did not wait");
  model.decided(1'000, 0, kDeath, false);
  model.posted(1'000, 0, kDeath);
  EXPECT_EQ(what(model.dropped(1'000, 0, kDeath, kExpired)), "was dropped in flight");
}

TEST(WaitingModel, WantsTheMostUrgentToLeaveFirstAndThenTheOldest) {
  WaitingModel model(10, kTtl);
  model.decided(1'000, 0, kRestart, false);
  model.decided(2'000, 1, kDeath, false);
  model.decided(3'000, 2, kDeath, false);
  EXPECT_EQ(what(model.posted(4'000, 2, kDeath)), "left before AGENT_DEATH of agent 1");
  EXPECT_EQ(what(model.posted(4'000, 0, kRestart)), "left before AGENT_DEATH of agent 1");
  EXPECT_EQ(what(model.posted(4'000, 1, kDeath)), "");
}

TEST(WaitingModel, HurriesNobodyWhoseAgentHasAnAlertInFlightAlready) {
  WaitingModel model(10, kTtl);
  model.decided(1'000, 0, kRestart, false);
  model.posted(1'000, 0, kRestart);
  model.decided(2'000, 0, kDeath, false);
  model.decided(3'000, 1, kRestart, false);
  EXPECT_EQ(what(model.posted(4'000, 1, kRestart)), "");
}

TEST(WaitingModel, LetsTheNextOfARemovedAgentWaitForTheAlertInFlight) {
  WaitingModel model(10, kTtl);
  model.decided(1'000, 0, kDeath, false);
  model.posted(1'000, 0, kDeath);
  model.forget(0);
  EXPECT_EQ(model.at_most_open(), 1U);
  model.decided(2'000, 0, kEmergency, false);
  model.decided(3'000, 1, kRestart, false);
  EXPECT_EQ(what(model.posted(3'000, 1, kRestart)), "");
  model.answered(4'000, 0, kDeath, WaitingModel::Answer::kFinal);
  model.decided(5'000, 2, kRestart, false);
  EXPECT_EQ(what(model.posted(5'000, 2, kRestart)), "left before EMERGENCY_MODE of agent 0");
}

TEST(WaitingModel, ForgetsWhatWaitsWithItsCollectorButNotWhatWasLost) {
  WaitingModel model = three_wait_for_one_place();
  model.dropped(3'000, 2, kRestart, kFull);
  EXPECT_THAT(model.open(), ElementsAre(0, 1));
  model.clear();
  EXPECT_THAT(model.open(), IsEmpty());
  EXPECT_EQ(model.at_most_open(), 0U);
  EXPECT_THAT(model.lost(kFull), ElementsAre(2));
}

}  // namespace
}  // namespace pap::sim
