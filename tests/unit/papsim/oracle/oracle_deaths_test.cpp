// SPDX-License-Identifier: MIT
// S1, S2, S3, L1, L3 and L7: when a death may be decided, and when it must.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// IDLE: 2I is 60 s, the slack 3 s.
std::vector<std::string> broken_by_a_death_at(WorldTime at) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.until(at - 1);  // it is called in this millisecond, too
  told.dead(at, 0);
  return told.broken();
}

TEST(S1, HoldsADeathBackForTwoIntervalsAndTheSlack) {
  EXPECT_THAT(broken_by_a_death_at(64'000), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(63'999), ElementsAre("S1"));
  EXPECT_THAT(broken_by_a_death_at(61'000), ElementsAre("S1"));
  // Within two intervals it objects to that as well.
  EXPECT_THAT(broken_by_a_death_at(60'999), ElementsAre("S1", "S1"));
}

TEST(S1, TakesIntervalAndSlackOfTheModeAtTheLastBeat) {
  const auto broken = [](Mode mode, WorldTime at) {
    ToldOracle told;
    told.beat(1'000, 0, {.mode = Mode::kIdle, .is_new = true});
    told.beat(2'000, 0, {.mode = mode});
    told.dead(at, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(Mode::kEmergency, 12'500), IsEmpty());
  EXPECT_THAT(broken(Mode::kEmergency, 12'499), ElementsAre("S1"));
  // Of SLEEP it is 3/4 of the check interval.
  EXPECT_THAT(broken(Mode::kSleep, 1'809'500), IsEmpty());
  EXPECT_THAT(broken(Mode::kSleep, 1'809'499), ElementsAre("S1"));
}

TEST(S1, CountsFromTheLastBeatThatWasAccepted) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0);
  told.dead(64'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S1", "S1"));
}

TEST(S1, CountsListeningTimeAlone) {
  const auto broken = [](WorldTime at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.until(11'000);
    told.skip_to(15'500);  // of 4.5 s, 3.5 s are lost, and nobody is excused
    told.oracle().caught_up(15'500);
    told.dead(at, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(67'500), IsEmpty());
  EXPECT_THAT(broken(67'499), ElementsAre("S1"));
}

TEST(L1, WantsADeathDecidedWhenTheSlackIsOver) {
  // A millisecond is the world's own.
  EXPECT_THAT(broken_by_a_death_at(64'001), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(64'002), ElementsAre("L1"));
}

TEST(L1, GivesACollectorThatStoodStillTimeUntilItGoesOn) {
  const auto broken = [](bool stood_still) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.until(63'500);
    told.skip_to(65'400);
    if (stood_still) told.oracle().goes_on(65'400);
    told.dead(65'400, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("L1"));
}

TEST(L1, ObjectsToABeatThatComesTooLateToWhoIsNotDead) {
  const auto broken = [](WorldTime at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(at, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(64'000), IsEmpty());
  EXPECT_THAT(broken(64'001), ElementsAre("L1"));
}

TEST(L1, ObjectsAtTheEndToWhoIsSilentAndNotDead) {
  const auto broken = [](WorldTime at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.until(at);
    told.finish();
    return told.broken();
  };
  EXPECT_THAT(broken(64'000), Not(Contains("L1")));
  EXPECT_THAT(broken(64'001), Contains("L1"));
}

TEST(L1, WantsNothingOfACollectorThatDrains) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().draining(2'000);
  told.beat(90'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
}

TEST(L7, ObjectsToADeathThatIsDecidedWhileDraining) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.until(63'000);
  told.oracle().draining(63'000);
  told.dead(64'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("L7"));
}

// Heard at 1 s, then a pause of 30 s, of which 29 are lost: R is at 12 s of listening time, and
// the silence excused until 60 s + I + slack after it, at 105 s, by the clock at 134 s.
std::vector<std::string> broken_after_a_pause(WorldTime at) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.until(11'000);
  told.skip_to(41'000);
  told.oracle().caught_up(41'000);
  told.until(at - 1);
  told.dead(at, 0);
  return told.broken();
}

TEST(L3, ExcusesASilenceThatMetAPause) {
  EXPECT_THAT(broken_after_a_pause(134'000), IsEmpty());
  EXPECT_THAT(broken_after_a_pause(133'999), ElementsAre("L3"));
  EXPECT_THAT(broken_after_a_pause(93'000), ElementsAre("L3"));
  EXPECT_THAT(broken_after_a_pause(92'999), ElementsAre("S1"));
}

TEST(L1, WantsADeathAfterAPauseWithinTheExtendedDeadline) {
  EXPECT_THAT(broken_after_a_pause(134'001), IsEmpty());
  EXPECT_THAT(broken_after_a_pause(134'002), ElementsAre("L1"));
}

TEST(L3, ExcusesNobodyWhoWasHeardAfterThePause) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.until(11'000);
  told.skip_to(41'000);
  told.oracle().caught_up(41'000);
  told.beat(42'000, 0);
  told.dead(105'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
  EXPECT_EQ(told.oracle().marked(Mark::kExtendedDeadline), 0U);
}

// Found by a swarm: 3/4 of 469 ms end within a millisecond, in which a beat may come first.
TEST(L1, RoundsASlackThatEndsWithinAMillisecondUp) {
  const auto broken = [](WorldTime beat_at) {
    ToldOracle told("collector: {zombie_check_interval_ms: 469}\n");
    told.beat(1'000, 0, {.mode = Mode::kEmergency, .is_new = true});
    told.beat(beat_at, 0, {.mode = Mode::kEmergency});
    return told.broken();
  };
  EXPECT_THAT(broken(11'352), IsEmpty());
  EXPECT_THAT(broken(11'353), ElementsAre("L1"));
}

// A beat that waited through the pause is heard before its end, in the same millisecond.
TEST(L3, ExcusesWhoseBeatWaitedThroughThePause) {
  const auto broken = [](bool waited, WorldTime dead_at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.until(11'000);
    told.skip_to(41'000);
    if (waited) told.beat(41'000, 0);
    told.oracle().caught_up(41'000);
    if (!waited) told.beat(41'000, 0);
    told.dead(dead_at, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(true, 104'000), ElementsAre("L3"));
  EXPECT_THAT(broken(true, 134'000), IsEmpty());
  EXPECT_THAT(broken(false, 104'000), IsEmpty());
  EXPECT_THAT(broken(false, 134'000), ElementsAre("L1"));
}

TEST(Oracle, SaysOfAFalseDeathThatItMetTwoPauses) {
  ToldOracle told;
  told.oracle().ask(
      [](AgentNumber) { return Oracle::Truth{.living = true, .excuse = std::nullopt}; });
  told.first_beat(1'000, 0);
  told.first_beat(1'000, 1);
  for (const WorldTime from : {11'000, 60'000}) {
    told.until(from);
    told.skip_to(from + 30'000);
    told.oracle().caught_up(told.now());
    if (from == 11'000) told.beat(told.now() + 2'000, 1);
  }
  told.dead(163'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
  ASSERT_EQ(told.oracle().deaths().size(), 1U);
  EXPECT_EQ(told.oracle().deaths()[0].excuse, Excuse::kPausedTwice);
  told.dead(203'000, 1);
  EXPECT_EQ(told.oracle().deaths()[1].excuse, std::nullopt);
}

TEST(S2, AllowsOneDeathASilence) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.dead(65'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S2"));
}

TEST(S2, AllowsASecondDeathAfterABeatBetween) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.beat(70'000, 0);
  told.dead(133'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
  EXPECT_EQ(told.oracle().deaths().size(), 2U);
}

TEST(S3, ObjectsToTheDeathOfWhoWasNeverHeard) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 1);
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(S3, ObjectsToTheDeathOfAStranger) {
  ToldOracle told;
  told.dead(64'000, 4);  // four agents are all there are
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(S3, ForgetsWhomTheFormerCollectorKnew) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().started(30'000);
  told.dead(64'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(Oracle, ToldOfTheTruthKeepsItWithTheDeath) {
  ToldOracle told;
  told.oracle().ask([](AgentNumber agent) {
    return agent == 0 ? Oracle::Truth{.living = true, .excuse = Excuse::kAgentAway}
                      : Oracle::Truth{};
  });
  told.first_beat(1'000, 0);
  told.first_beat(1'000, 1);
  told.dead(64'000, 0);
  told.dead(64'000, 1);
  ASSERT_EQ(told.oracle().deaths().size(), 2U);
  EXPECT_TRUE(told.oracle().deaths()[0].living);
  EXPECT_EQ(told.oracle().deaths()[0].excuse, Excuse::kAgentAway);
  EXPECT_EQ(told.oracle().deaths()[0].silence, 63'000);
  EXPECT_FALSE(told.oracle().deaths()[1].living);
}

TEST(Oracle, NamesAgentTimeAndFigures) {
  ToldOracle told;
  told.first_beat(1'000, 2);
  told.dead(63'999, 2);
  ASSERT_EQ(told.oracle().violations().size(), 1U);
  const Violation& violation = told.oracle().violations()[0];
  EXPECT_EQ(violation.agent, "pod-2");
  EXPECT_EQ(violation.at, 63'999);
}

TEST(Oracle, KeepsAHundredViolationsAndCountsTheRest) {
  ToldOracle told;
  for (int i = 0; i < 250; ++i) told.oracle().decided_dead(0, 0);
  EXPECT_EQ(told.oracle().violations().size(), 100U);
  EXPECT_EQ(told.oracle().violation_count(), 250U);
  EXPECT_THAT(told.broken(), Each("S3"));
}

TEST(Oracle, KeepsTheFirstViolationOfEachRule) {
  ToldOracle told;
  for (int i = 0; i < 250; ++i) told.oracle().decided_dead(0, 0);
  told.first_beat(1'000, 1);
  told.dead(2'000, 1);
  EXPECT_EQ(told.broken().back(), "S1");
  EXPECT_EQ(told.oracle().violation_count(Rule::kS3), 250U);
}

TEST(Oracle, SumsUpDecisionsAndWhenTheyCame) {
  const auto decisions = [](WorldTime at, AgentNumber agent) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.first_beat(1'000, 1);
    told.dead(at, agent);
    return told.oracle().decisions();
  };
  EXPECT_EQ(decisions(64'000, 0), decisions(64'000, 0));
  EXPECT_NE(decisions(64'000, 0), decisions(64'001, 0));
  EXPECT_NE(decisions(64'000, 0), decisions(64'000, 1));
}

}  // namespace
}  // namespace pap::sim
