// SPDX-License-Identifier: MIT
// L2, S7, S9, S12 and S13: that what may be told is told now, and what is well again is used.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::AlertType;
using protocol::Mode;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kPods[] = {"pod-0", "pod-1", "pod-2", "pod-3"};
constexpr const char* kKeys[] = {"k0", "k1", "k2", "k3"};

ToldOracle prompt() { return ToldOracle("", true); }

// All four are decided dead at 64 s, and posted as they are.
void all_die(ToldOracle& told) {
  for (AgentNumber agent = 0; agent < 4; ++agent) told.first_beat(1'000, agent);
  for (AgentNumber agent = 0; agent < 4; ++agent) {
    told.dead(64'000, agent);
    told.post(64'000, kKeys[agent], death_of(kPods[agent], 1'000));
  }
}

// … and refused with 503, so that it is one failure short of a pause.
void all_fail(ToldOracle& told) {
  all_die(told);
  for (const char* key : kKeys) told.answer(64'005, key, 503);
}

// … and once more, so that the Station counts as away.
void pause(ToldOracle& told) {
  all_fail(told);
  told.post(66'000, "k0", death_of("pod-0", 1'000));
  told.answer(66'005, "k0", 503);
  told.oracle().station_away(66'005, true);
}

TEST(L2, WantsWhatIsDecidedPostedAtOnce) {
  const auto broken = [](WorldTime posted_at) {
    ToldOracle told = prompt();
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(posted_at, "k", death_of("pod-0", 1'000));
    return told.broken();
  };
  EXPECT_THAT(broken(64'000), IsEmpty());
  EXPECT_THAT(broken(67'000), IsEmpty());
  EXPECT_THAT(broken(68'000), ElementsAre("L2"));
}

TEST(L2, SaysOnceThatSomethingMightLeave) {
  ToldOracle told = prompt();
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.until(90'000);
  EXPECT_THAT(told.broken(), ElementsAre("L2"));
}

TEST(L2, LetsWhatFailedTakeItsRest) {
  ToldOracle told = prompt();
  all_fail(told);
  told.until(120'000);
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
}

TEST(L2, WantsWhatFailedInAPausePostedWhenThePauseEnds) {
  const auto broken = [](bool station_is_back) {
    ToldOracle told = prompt();
    pause(told);
    told.post(69'000, "k0", death_of("pod-0", 1'000));
    told.answer(69'005, "k0", 200);
    if (station_is_back) told.oracle().station_away(69'005, false);
    told.until(75'000);
    return told.broken();
  };
  EXPECT_THAT(broken(false), IsEmpty());
  EXPECT_THAT(broken(true), Contains("L2"));
}

TEST(L2, WantsTheEndOfAllTroubleToBeUsed) {
  const auto broken = [](WorldTime until) {
    ToldOracle told;
    all_fail(told);
    told.oracle().healed(70'000);
    told.until(until);
    return told.broken();
  };
  EXPECT_THAT(broken(181'000), IsEmpty());  // backoff, probe, two time-outs and a second
  EXPECT_THAT(broken(182'000), ElementsAre("L2", "L2", "L2", "L2"));
}

TEST(L2, WantsNothingDroppedLongAfterTheEndOfAllTrouble) {
  const auto broken = [](WorldTime dropped_at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(64'000, "k", death_of("pod-0", 1'000));
    told.answer(64'005, "k", 503);
    told.oracle().healed(300'000);
    told.until(dropped_at);
    told.oracle().dropped(dropped_at, 0, AlertType::kAgentDeath, DropCause::kExpired);
    return told.broken();
  };
  EXPECT_THAT(broken(411'000), IsEmpty());
  EXPECT_THAT(broken(411'001), Contains("L2"));
}

// Found by a swarm: nothing waited when the Station was well again, and so nothing told of it.
TEST(L2, AllowsAFullQueueInAPauseThatNothingCouldEnd) {
  const auto broken = [](DropCause cause) {
    ToldOracle told;
    pause(told);
    for (AgentNumber agent = 0; agent < 4; ++agent) {
      told.beat(70'000, agent);
      told.until(400'000 + agent);
      told.oracle().dropped(told.now(), agent, AlertType::kAgentDeath, DropCause::kExpired);
    }
    told.oracle().healed(410'000);
    told.until(900'000);
    told.dead(900'000, 0);
    told.oracle().dropped(900'000, 0, AlertType::kAgentDeath, cause);
    return std::ranges::count(told.broken(), "L2");
  };
  EXPECT_EQ(broken(DropCause::kFull), 0);
  EXPECT_EQ(broken(DropCause::kExpired), 1);
}

TEST(L2, WantsAnEmergencyThatWasDroppedWhileItsAgentWasDeadToldWhenItIsBack) {
  const auto broken = [](Mode comes_back_in) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.mode = Mode::kEmergency});
    told.post(31'000, "e", emergency_of("pod-0", "IDLE", 3'631));
    told.answer(31'005, "e", 503);
    told.dead(41'500, 0);
    told.until(331'005);
    told.oracle().dropped(331'005, 0, AlertType::kEmergencyMode, DropCause::kExpired);
    told.beat(340'000, 0, {.mode = comes_back_in});
    told.until(402'000);
    told.finish({true, false, false, false});
    return std::ranges::count(told.broken(), "L2");
  };
  EXPECT_EQ(broken(Mode::kIdle), 0);
  EXPECT_EQ(broken(Mode::kEmergency), 1);
}

TEST(L2, WantsADeathToWaitForNoneThatFailed) {
  ToldOracle told = prompt();
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.mode = Mode::kEmergency});
  told.post(31'000, "e", emergency_of("pod-0", "IDLE", 3'631));
  told.answer(31'005, "e", 503);
  told.dead(41'500, 0);
  told.until(43'500);
  EXPECT_THAT(told.broken(), IsEmpty());
  told.until(45'500);
  EXPECT_THAT(told.broken(), ElementsAre("L2"));
}

TEST(S7, WantsAnAgentsAlertsToLeaveInTheirOrder) {
  const auto broken = [](bool fails) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.mode = Mode::kEmergency});
    told.post(31'000, "e", emergency_of("pod-0", "IDLE", 3'631));
    told.answer(31'005, "e", fails ? 503 : 200);
    told.beat(36'000, 0, {.mode = Mode::kEmergency, .uptime = 0, .restart = true});
    auto restart = restart_of("pod-0", 3'631, 0);
    restart["details"]["mode"] = "EMERGENCY";
    told.post(36'000, "r", restart);
    return told.broken();
  };
  EXPECT_THAT(broken(false), IsEmpty());
  EXPECT_THAT(broken(true), ElementsAre("S7"));
}

TEST(S7, KnowsAPauseByItsFiveFailures) {
  const auto broken = [](bool fifth) {
    ToldOracle told;
    all_fail(told);
    if (fifth) {
      told.post(66'000, "k0", death_of("pod-0", 1'000));
      told.answer(66'005, "k0", 503);
    }
    told.oracle().station_away(66'005, true);
    return told.broken();
  };
  EXPECT_THAT(broken(false), ElementsAre("S7"));
  EXPECT_THAT(broken(true), IsEmpty());
}

TEST(S7, AllowsOneProbeAtATime) {
  const auto broken = [](bool answered) {
    ToldOracle told;
    pause(told);
    told.post(70'000, "k0", death_of("pod-0", 1'000));
    if (answered) told.answer(70'005, "k0", 503);
    told.post(75'000, "k1", death_of("pod-1", 1'000));
    return told.broken();
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("S7"));
}

TEST(S12, WantsTheDeadForgottenAfterTheirRetention) {
  const auto broken = [](WorldTime forgotten_at) {
    ToldOracle told("collector: {agent_retention_ms: 1m}\n");
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(64'000, "k", death_of("pod-0", 1'000));
    told.answer(64'005, "k", 200);
    told.until(forgotten_at);
    told.oracle().forgotten(forgotten_at, 0, false);
    return told.broken();
  };
  EXPECT_THAT(broken(126'505), IsEmpty());
  EXPECT_THAT(broken(126'506), ElementsAre("S12"));
}

TEST(S13, WantsTheDeadShownAsUnhealthy) {
  const auto broken = [](bool healthy) {
    ToldOracle told;
    told.oracle().ask_collector([healthy](AgentNumber) { return healthy; });
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(false), IsEmpty());
  EXPECT_THAT(broken(true), ElementsAre("S13"));
}

}  // namespace
}  // namespace pap::sim
