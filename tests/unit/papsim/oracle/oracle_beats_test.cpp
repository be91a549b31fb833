// SPDX-License-Identifier: MIT
// S4, S5 and S12: what a heartbeat may come to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::ElementsAre;
using testing::IsEmpty;

// --- S4: restarts ---

// A second beat, 30 s after the first, which said 3601 s.
std::vector<std::string> broken_by(double uptime, bool restart) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.uptime = uptime, .restart = restart});
  return told.broken();
}

TEST(S4, WantsARestartWhereUptimeDecreasedAndTheStartIsLaterByMoreThanFiveSeconds) {
  // It started at -3600 s. Said now: a start at 31 s less the uptime.
  EXPECT_THAT(broken_by(3'600.9, true), IsEmpty());
  EXPECT_THAT(broken_by(3'600.9, false), ElementsAre("S4"));
  EXPECT_THAT(broken_by(0, true), IsEmpty());
  EXPECT_THAT(broken_by(0, false), ElementsAre("S4"));
}

TEST(S4, WantsNoRestartOfAnUptimeThatGrew) {
  EXPECT_THAT(broken_by(3'601.0, false), IsEmpty());
  EXPECT_THAT(broken_by(3'601.0, true), ElementsAre("S4"));
  EXPECT_THAT(broken_by(9'999.0, true), ElementsAre("S4"));
}

TEST(S4, WantsNoRestartWithinAnAgentsTimeOut) {
  const auto broken = [](double uptime, bool restart) {
    ToldOracle told;
    told.beat(1'000, 0, {.uptime = 100, .is_new = true});  // started at -99 s
    told.beat(5'000, 0, {.uptime = uptime, .restart = restart});
    return told.broken();
  };
  EXPECT_THAT(broken(99.0, false), IsEmpty());  // started at -94 s: by 5 s later, not by more
  EXPECT_THAT(broken(99.0, true), ElementsAre("S4"));
  EXPECT_THAT(broken(98.999, true), IsEmpty());
  EXPECT_THAT(broken(98.999, false), ElementsAre("S4"));
}

TEST(S4, WantsARestartOfAStartThatLiesTenSecondsAfterTheLastBeat) {
  const auto broken = [](double uptime, bool restart) {
    ToldOracle told;
    told.beat(1'000, 0, {.uptime = 5, .is_new = true});
    told.beat(31'000, 0, {.uptime = uptime, .restart = restart});
    return told.broken();
  };
  EXPECT_THAT(broken(20.0, false), IsEmpty());  // began at 11 s
  EXPECT_THAT(broken(20.0, true), ElementsAre("S4"));
  EXPECT_THAT(broken(19.999, true), IsEmpty());
  EXPECT_THAT(broken(19.999, false), ElementsAre("S4"));
}

TEST(S4, AddsWhatTheCollectorLostToBothOfThem) {
  const auto broken = [](double uptime, bool restart) {
    ToldOracle told;
    told.beat(1'000, 0, {.uptime = 5, .is_new = true});
    told.skip_to(4'000);  // 2 s of it are lost
    told.oracle().caught_up(4'000);
    told.beat(31'000, 0, {.uptime = uptime, .restart = restart});
    return told.broken();
  };
  EXPECT_THAT(broken(18.0, false), IsEmpty());  // began at 13 s
  EXPECT_THAT(broken(17.999, true), IsEmpty());
  EXPECT_THAT(broken(17.999, false), ElementsAre("S4"));
}

TEST(S4, TakesTwoPodsOfOneIdForOneRestart) {
  ToldOracle told;
  told.beat(1'000, 0, {.uptime = 1'000, .is_new = true});
  told.beat(11'000, 0, {.uptime = 0, .restart = true});
  told.beat(31'000, 0, {.uptime = 1'030});
  told.beat(41'000, 0, {.uptime = 30});  // the start that is kept never moves back
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
}

TEST(S5, WantsAnOvertakenBeatAnsweredWithTheModeThatIsKept) {
  const auto broken = [](Mode answered) {
    ToldOracle told;
    told.beat(1'000, 0, {.mode = Mode::kEmergency, .uptime = 100, .is_new = true});
    told.beat(5'999, 0, {.mode = Mode::kIdle, .uptime = 99.999, .answered = answered});
    return told.broken();
  };
  EXPECT_THAT(broken(Mode::kEmergency), IsEmpty());
  EXPECT_THAT(broken(Mode::kIdle), ElementsAre("S5"));
}

TEST(S5, TakesAnyOtherBeatWhole) {
  // Two pods of one id: a lower uptime, and no restart, since that start is known already.
  const auto broken = [](WorldTime at, Mode answered) {
    ToldOracle told;
    told.beat(1'000, 0, {.uptime = 1'000, .is_new = true});
    told.beat(11'000, 0, {.uptime = 0, .restart = true});
    told.beat(31'000, 0, {.uptime = 1'030});
    told.beat(at, 0, {.mode = Mode::kSleep, .uptime = 20, .answered = answered});
    return told.broken();
  };
  EXPECT_THAT(broken(36'000, Mode::kSleep), IsEmpty());
  EXPECT_THAT(broken(36'000, Mode::kIdle), ElementsAre("S5"));
  // Within five seconds it was overtaken.
  EXPECT_THAT(broken(35'999, Mode::kIdle), IsEmpty());
}

TEST(Oracle, MarksWhatItSawOfBeats) {
  ToldOracle told;
  told.beat(1'000, 0, {.uptime = 5, .is_new = true});
  told.beat(31'000, 0, {.uptime = 6, .restart = true});
  EXPECT_EQ(told.oracle().marked(Mark::kRestartByGap), 1U);
  told.beat(91'000, 0, {.uptime = 66});
  EXPECT_EQ(told.oracle().marked(Mark::kDeathCancelledInSlack), 1U);
  told.beat(150'999, 0, {.uptime = 126});
  EXPECT_EQ(told.oracle().marked(Mark::kDeathCancelledInSlack), 1U);
}

// --- S5: who is known ---

TEST(S5, ObjectsToTheRefusalOfAnAgentThatIsKnown) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {1, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), IsEmpty());
  told.oracle().refused(2'000, {0, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), ElementsAre("S5"));
}

TEST(S5, AllowsTheRefusalOfAnUptimeBelowZero) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {0, Mode::kIdle, -0.001});
  EXPECT_THAT(told.broken(), IsEmpty());
}

TEST(S5, ObjectsWhereARefusedBeatHasMadeAnAgentKnown) {
  ToldOracle told;
  told.oracle().refused(1'000, {0, Mode::kIdle, -1});
  told.beat(31'000, 0);  // and is not new
  EXPECT_THAT(told.broken(), ElementsAre("S5"));
}

TEST(S5, ObjectsToTheRemovalOfWhoIsNotKnown) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().removed(2'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
  told.oracle().removed(3'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S5"));
}

TEST(S5, TakesWhoBeatsAgainAfterHisRemovalForNew) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().removed(2'000, 0);
  told.first_beat(31'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
}

// --- S12: the table ---

TEST(S12, ObjectsToARefusalWhileThereIsRoom) {
  ToldOracle told("collector: {max_agents: 2}\n");
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {2, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, AllowsARefusalWhenTheTableIsFull) {
  ToldOracle told("collector: {max_agents: 2}\n");
  told.first_beat(1'000, 0);
  told.first_beat(1'000, 1);
  told.oracle().refused(2'000, {2, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), IsEmpty());
  EXPECT_EQ(told.oracle().marked(Mark::kTableFull), 1U);
}

TEST(S12, ObjectsWhereALivingAgentWasForgotten) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.first_beat(31'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, ObjectsWhereADeadAgentWasForgottenBeforeItWasTold) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.post(64'000, "k", death_of("pod-0", 1'000));
  told.oracle().forgotten(64'001, 0, true);
  EXPECT_THAT(told.broken(), testing::Contains("S12"));
}

TEST(S12, ObjectsToForgettingBeforeTheRetentionIsOver) {
  const auto broken = [](WorldTime at, bool to_make_room) {
    ToldOracle told("collector: {agent_retention_ms: 10000, max_agents: 1}\n");
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(64'000, "k", death_of("pod-0", 1'000));
    told.answer(64'005, "k", 200);
    told.until(at);
    told.oracle().forgotten(at, 0, to_make_room);
    return told.broken();
  };
  EXPECT_THAT(broken(74'005, false), IsEmpty());
  EXPECT_THAT(broken(74'004, false), ElementsAre("S12"));
  EXPECT_THAT(broken(74'004, true), IsEmpty());
}

TEST(S12, AllowsNoForgettingWithoutARetention) {
  ToldOracle told("collector: {agent_retention_ms: 0}\n");
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.post(64'000, "k", death_of("pod-0", 1'000));
  told.answer(64'005, "k", 200);
  told.until(700'000);
  told.oracle().forgotten(700'000, 0, false);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, ObjectsToForgettingAStranger) {
  ToldOracle told;
  told.oracle().forgotten(1'000, 0, true);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, ObjectsToMakingRoomWhileThereIsSome) {
  ToldOracle told("collector: {max_agents: 2}\n");
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.post(64'000, "k", death_of("pod-0", 1'000));
  told.answer(64'005, "k", 200);
  told.oracle().forgotten(65'000, 0, true);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, WantsTheFirstOfThoseDeadAtOnceToMakeRoom) {
  const auto broken = [](AgentNumber first) {
    ToldOracle told("collector: {max_agents: 2}\n");
    told.first_beat(1'000, 0);
    told.first_beat(1'000, 1);
    told.dead(64'000, 0);
    told.dead(64'000, 1);
    told.post(64'000, "k0", death_of("pod-0", 1'000));
    told.post(64'000, "k1", death_of("pod-1", 1'000));
    told.answer(64'005, "k0", 200);
    told.answer(64'006, "k1", 200);
    told.oracle().forgotten(65'000, first, true);
    return told.broken();
  };
  EXPECT_THAT(broken(0), IsEmpty());
  EXPECT_THAT(broken(1), ElementsAre("S12"));
}

TEST(S12, ObjectsToARefusalWhileOneIsToldDeadWhoCouldMakeRoom) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.oracle().refused(64'001, {1, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), IsEmpty());
  told.post(64'001, "k", death_of("pod-0", 1'000));
  told.answer(64'005, "k", 200);
  told.oracle().refused(64'006, {1, Mode::kIdle, 1});
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

}  // namespace
}  // namespace pap::sim
