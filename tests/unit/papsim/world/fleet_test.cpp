// SPDX-License-Identifier: MIT
// How virtual agents behave, seen from the collector (contract: How real agents behave).
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/world/recorded_world.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;

std::vector<WorldTime> gaps(const std::vector<WorldTime>& times) {
  std::vector<WorldTime> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
  return gaps;
}

// --- the pace ---

TEST(RealAgent, CountsItsIntervalFromTheEndOfTheLastBeat) {
  // A round trip takes a millisecond.
  const RecordedWorld run(story_of(kOne));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 60'002, 90'003, 120'004));
}

TEST(SteadyAgent, CountsItsIntervalFromThePlannedMoment) {
  const RecordedWorld run(story_of(kSteadyOne));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'000, 60'000, 90'000, 120'000));
}

TEST(Agents, SpreadTheirFirstBeatsOverAnInterval) {
  const RecordedWorld run(story_of("  pods: {count: 3}\n", "", "{for: 25s, settle: 0s}"));
  EXPECT_THAT(run.heard(0), ElementsAre(0));
  EXPECT_THAT(run.heard(1), ElementsAre(10'000));
  EXPECT_THAT(run.heard(2), ElementsAre(20'000));
}

TEST(Agents, BeatInTheIntervalOfTheirMode) {
  const RecordedWorld run(
      story_of("  busy: {count: 1, mode: EMERGENCY}\n"
               "  asleep: {count: 1, mode: SLEEP}\n",
               "", "{for: 31m, settle: 0s}"));
  EXPECT_THAT(gaps(run.heard(0)), Each(5'001));
  EXPECT_THAT(run.heard(1), ElementsAre(0, 900'001, 1'800'002));
}

TEST(Agents, DrawEachGapWithinTheirJitter) {
  const RecordedWorld run(
      story_of("  pods: {count: 20, jitter: 10%}\n", "", "{for: 1h, settle: 0s}"));
  WorldTime least = 1'000'000;
  WorldTime most = 0;
  for (AgentNumber agent = 0; agent < 20; ++agent) {
    const auto between = gaps(run.heard(agent));
    ASSERT_THAT(between, Each(AllOf(Ge(30'001), Le(33'001))));
    least = std::min(least, *std::min_element(between.begin(), between.end()));
    most = std::max(most, *std::max_element(between.begin(), between.end()));
  }
  EXPECT_LT(least, 30'050);
  EXPECT_GT(most, 32'950);
}

TEST(Agents, SayForHowLongTheyHaveBeenThere) {
  const RecordedWorld run(story_of("  pod: {count: 1, uptime: 7s}\n"));
  EXPECT_THAT(run.uptimes(0), ElementsAre(7.0, 37.001, 67.002, 97.003, 127.004));
}

TEST(Agents, SayAnotherModeAtOnceAndKeepItsPace) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: alarm, during: [40s, 52s], who: pod, do: {mode: EMERGENCY}}\n"));
  EXPECT_THAT(run.heard(0),
              ElementsAre(0, 30'001, 40'000, 45'001, 50'002, 52'000, 82'001, 112'002, 142'003));
  const auto beats = run.beats_of(0);
  EXPECT_EQ(beats[1].mode, Mode::kIdle);
  EXPECT_EQ(beats[2].mode, Mode::kEmergency);
  EXPECT_EQ(beats[4].mode, Mode::kEmergency);
  EXPECT_EQ(beats[5].mode, Mode::kIdle);
}

// --- processes ---

TEST(Process, ThatEndsIsNotHeardAgain) {
  const RecordedWorld run(story_of(kOne, "  - {id: cut, at: 50s, who: pod, do: die}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001));
  EXPECT_THAT(run.seen().deaths, ElementsAre(std::make_pair(93'001, 0)));
}

TEST(Process, ThatComesBackIsANewOneAndBeatsAtOnce) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: cut, at: 50s, who: pod, do: {restart: {down: 3s}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 53'000, 83'001, 113'002, 143'003));
  EXPECT_EQ(run.uptimes(0)[2], 0);
  EXPECT_EQ(run.uptimes(0)[3], 30.001);
}

TEST(Process, ThatComesBackAsAnotherLeavesTheFirstToDie) {
  const RecordedWorld run(
      story_of("  pod: {count: 1}\n",
               "  - {id: cut, at: 50s, who: pod, do: {restart: {down: 3s, identity: new}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001));
  EXPECT_THAT(run.heard(1), ElementsAre(53'000, 83'001, 113'002, 143'003));
  EXPECT_THAT(run.seen().deaths, ElementsAre(std::make_pair(93'001, 0)));
}

TEST(Process, ThatIsFrozenBeatsLateAndIsTheSame) {
  const RecordedWorld run(story_of(kOne, "  - {id: f, at: 50s, who: pod, do: {freeze: 20s}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 70'000, 100'001, 130'002));
  EXPECT_EQ(run.uptimes(0)[2], 3'600 + 70.0);
}

TEST(Process, ThatIsFrozenBetweenTwoBeatsMissesNone) {
  const RecordedWorld run(story_of(kOne, "  - {id: f, at: 35s, who: pod, do: {freeze: 20s}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 60'002, 90'003, 120'004));
}

TEST(Process, ThatLeavesBeatsOnceMoreIsRemovedAndIsSilent) {
  const RecordedWorld run(story_of(kOne, "  - {id: bye, at: 50s, who: pod, do: leave}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 50'000));
  EXPECT_THAT(run.seen().removals, ElementsAre(std::make_pair(50'000, 0)));
  EXPECT_THAT(run.seen().deaths, IsEmpty());
}

TEST(Processes, OfOneIdAreOneAgent) {
  const RecordedWorld run(
      story_of("  pod: {count: 1, id: pod, phase: aligned}\n"
               "  twin: {count: 1, ids_of: pod, join: {from: 10s}, uptime: 1h}\n",
               "", "{for: 45s, settle: 0s}"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 10'000, 30'001, 40'001));
  EXPECT_THAT(run.heard(1), IsEmpty());
}

// --- clocks ---

TEST(AgentsClock, StepsAndItsUptimeWithIt) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: c, during: [40s, 100s], who: pod, do: {clock: {step: -10m}}}\n"));
  EXPECT_THAT(run.uptimes(0), ElementsAre(3'600, 3'630.001, 3'060.002, 3'090.003, 3'720.004));
}

TEST(AgentsClock, DriftsAndKeepsWhatItDrifted) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: c, during: [30s, 50s], who: pod, do: {clock: {drift: 10%}}}\n"));
  EXPECT_THAT(run.uptimes(0), ElementsAre(3'600, 3'630.001, 3'662.002, 3'692.003, 3'722.004));
}

TEST(AgentsClock, ThatStandsStillShowsOneTimeUntilItGoesOn) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: c, during: [50s, 100s], who: pod, do: {clock: {freeze: true}}}\n"));
  EXPECT_THAT(run.uptimes(0), ElementsAre(3'600, 3'630.001, 3'650, 3'650, 3'720.004));
}

TEST(AgentsClock, ThatPutsItsStartIntoTheFutureHasItsBeatsRefused) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: c, at: 40s, who: pod, do: {clock: {step: -2h}}}\n"));
  const auto beats = run.beats_of(0);
  ASSERT_EQ(beats.size(), 4U);  // and from then on it is away
  EXPECT_TRUE(beats[1].accepted);
  EXPECT_EQ(beats[2].at, 60'002);
  EXPECT_FALSE(beats[2].accepted);
  EXPECT_EQ(beats[2].uptime, -3'540 + 0.002);
}

// --- beats that fail ---

constexpr auto kCutAtOneMinute =
    "  - {id: cut, during: [1m, 61s], who: pod, do: {net: {cut: to}}}\n";

TEST(RealAgent, GivesABeatUpAfterFiveSecondsAndIsAwayForOverAMinute) {
  // Lost at 60.002 s, given up at 65.002 s; until 125.003 s it beats at the Station, 30 s after the
  // end of each, and comes back with the first beat after that.
  const RecordedWorld run(story_of(kOne, kCutAtOneMinute));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 125'012));
  EXPECT_EQ(run.figures().beats_sent, 4U);
  EXPECT_EQ(run.figures().beats_accepted, 3U);
  EXPECT_EQ(run.fleet().beats_failed(), 1U);
  EXPECT_EQ(run.fleet().beats_at_station(), 2U);
}

TEST(SteadyAgent, GoesOnWhateverComesBack) {
  const RecordedWorld run(
      story_of(kSteadyOne, "  - {id: cut, during: [59s, 61s], who: pod, do: {net: {cut: to}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'000, 90'000, 120'000));
  EXPECT_EQ(run.fleet().beats_at_station(), 0U);
}

TEST(RealAgent, GoesIntoEmergencyAfterThreeFailuresAtTheStationToo) {
  const RecordedWorld run(
      story_of(kOne,
               "  - {id: cut, during: [1m, 61s], who: pod, do: {net: {cut: to}}}\n"
               "  - {id: dark, during: [1m, 2m], do: {station: down}}\n",
               "{for: 3m, settle: 0s}"));
  // Fails at 65.002, 95.003 and 125.004 s, but at that moment it is no longer away.
  const auto beats = run.beats_of(0);
  ASSERT_GE(beats.size(), 3U);
  EXPECT_EQ(beats[2].at, 125'004);
  EXPECT_EQ(beats[2].mode, Mode::kIdle);

  const RecordedWorld longer(
      story_of(kOne,
               "  - {id: cut, during: [1m, 130s], who: pod, do: {net: {cut: to}}}\n"
               "  - {id: dark, during: [1m, 200s], do: {station: down}}\n",
               "{for: 6m, settle: 0s}"));
  // The third failure follows on the second beat that is lost. EMERGENCY, until it is heard.
  const auto later = longer.beats_of(0);
  ASSERT_GE(later.size(), 4U);
  EXPECT_EQ(later[1].at, 30'001);
  EXPECT_EQ(later[2].at, 190'016);
  EXPECT_EQ(later[2].mode, Mode::kEmergency);
  EXPECT_EQ(later[3].mode, Mode::kIdle);
  EXPECT_EQ(later[3].at - later[2].at, 5'001);
  EXPECT_EQ(longer.fleet().beats_at_station(), 14U);  // from the third failure on each 5 s
}

TEST(Agent, WhoseConnectionIsRefusedFailsAtOnce) {
  const RecordedWorld run(story_of(
      kOne, "  - {id: kill, at: 59s, do: {collector: {restart: {how: kill, down: 10s}}}}\n"));
  // Refused at 60.002 s, away until 120.004 s.
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 120'012));
  EXPECT_EQ(run.fleet().beats_failed(), 1U);
}

TEST(Agent, ThatDiesWhileItsBeatIsUnderWayDoesNotComeBack) {
  const RecordedWorld run(
      story_of(kOne,
               "  - {id: cut, during: [1m, 61s], who: pod, do: {net: {cut: to}}}\n"
               "  - {id: end, at: 62s, who: pod, do: die}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001));
  EXPECT_EQ(run.fleet().beats_failed(), 0U);
}

}  // namespace
}  // namespace pap::sim
