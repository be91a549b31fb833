// SPDX-License-Identifier: MIT
// Requests that do not just arrive, and a collector that does not just take them.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/world/recorded_world.hpp"

namespace pap::sim {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;

TEST(Request, ThatIsDelayedArrivesLaterAndIsAnsweredThen) {
  RecordedWorld run(story_of(
      kOne, "  - {id: slow, during: [20s, 80s], who: pod, do: {net: {delay: 700ms..700ms}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'701, 61'402, 91'403, 121'404));
  EXPECT_EQ(run.world().bites(0), 2U);
}

TEST(Request, KeepsWhatItSaidWhenItWasSent) {
  const RecordedWorld run(story_of(
      kOne, "  - {id: slow, during: [20s, 80s], who: pod, do: {net: {delay: 700ms..700ms}}}\n"));
  EXPECT_EQ(run.uptimes(0)[1], 3'630.001);
}

TEST(Request, WhoseAnswerIsLostIsHeardAndFailsTheAgent) {
  RecordedWorld run(
      story_of(kOne, "  - {id: deaf, during: [1m, 61s], who: pod, do: {net: {cut: from}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 60'002, 125'012));
  EXPECT_EQ(run.fleet().beats_failed(), 1U);
  EXPECT_GE(run.world().bites(0), 1U);
}

TEST(Request, IsDoubledAndTheSecondComesWithinFiveSeconds) {
  const RecordedWorld run(
      story_of(kSteadyOne, "  - {id: twice, at: 20s, who: pod, do: {net: {duplicate: 100%}}}\n"));
  const auto heard = run.heard(0);
  ASSERT_EQ(heard.size(), 9U);
  for (std::size_t beat = 1; beat <= 4; ++beat) {
    EXPECT_EQ(heard[2 * beat - 1], static_cast<WorldTime>(beat) * 30'000);
    EXPECT_THAT(heard[2 * beat] - heard[2 * beat - 1], AllOf(Ge(0), Le(5'000)));
  }
  EXPECT_EQ(run.figures().beats_sent, 5U);
  EXPECT_EQ(run.figures().beats_accepted, 9U);
}

TEST(Request, IsUpToFiveSecondsLateWhereTheyAreReordered) {
  RecordedWorld run(
      story_of("  pods: {count: 200, id: \"pod-{i}\", phase: aligned, retry: steady}\n",
               "  - {id: mixed, at: 1s, who: pods, do: {net: {reorder: 50%}}}\n"));
  WorldTime latest = 0;
  int late = 0;
  for (AgentNumber agent = 0; agent < 200; ++agent) {
    const WorldTime behind = run.heard(agent)[1] - 30'000;
    ASSERT_THAT(behind, AllOf(Ge(0), Le(4'999)));
    late += behind > 0 ? 1 : 0;
    latest = std::max(latest, behind);
  }
  EXPECT_NEAR(late, 100, 30);
  EXPECT_GT(latest, 4'500);
}

TEST(Request, IsOvertakenByALaterOneThatWasFaster) {
  const RecordedWorld run(
      story_of("  pods: {count: 10, mode: EMERGENCY, retry: steady, uptime: 1h}\n",
               "  - {id: wild, at: 1s, who: pods, do: {net: {delay: 0ms..9s}}}\n"));
  int overtaken = 0;
  for (AgentNumber agent = 0; agent < 10; ++agent) {
    const auto uptimes = run.uptimes(agent);
    for (std::size_t i = 1; i < uptimes.size(); ++i)
      overtaken += uptimes[i] < uptimes[i - 1] ? 1 : 0;
  }
  EXPECT_GT(overtaken, 20);
}

TEST(Requests, AreLostAsOftenAsTheyAreToBe) {
  RecordedWorld run(story_of("  pods: {count: 500, mode: EMERGENCY, retry: steady}\n",
                             "  - {id: lossy, at: 0s, who: pods, do: {net: {loss: 20%}}}\n",
                             "{for: 100s, settle: 0s}"));
  const auto sent = static_cast<double>(run.figures().beats_sent);
  EXPECT_NEAR(static_cast<double>(run.world().bites(0)) / sent, 0.2, 0.02);
  EXPECT_NEAR(static_cast<double>(run.figures().beats_accepted) / sent, 0.8, 0.02);
}

TEST(Requests, OfOthersAreNotChangedByAFaultThatIsNotTheirs) {
  const Parts with{.run = "{for: 20m, settle: 0s}",
                   .fleet = "  lossy: {count: 20, jitter: 10%}\n  rest: {count: 20, jitter: 10%}\n",
                   .timeline =
                       "  - {id: cut, at: 1m, who: lossy, do: {net: {loss: 50%}}}\n"
                       "  - {id: end, at: 10m, who: {group: lossy, pick: 10}, do: die}\n"};
  Parts without = with;
  without.timeline.clear();
  const RecordedWorld troubled(with);
  const RecordedWorld calm(without);
  EXPECT_NE(troubled.heard(0), calm.heard(0));
  for (AgentNumber agent = 20; agent < 40; ++agent) {
    ASSERT_EQ(troubled.heard(agent), calm.heard(agent));
  }
}

// --- while the collector stands still ---

TEST(Collector, ThatIsPausedHearsWhatWaitedWhenItGoesOn) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: p, during: [59s, 63s], do: {collector: {pause: true}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 63'000, 93'001, 123'002));
  EXPECT_EQ(run.uptimes(0)[2], 3'660.002);
  EXPECT_THAT(run.seen().catch_ups, ElementsAre(63'000));
  EXPECT_EQ(run.fleet().beats_failed(), 0U);
}

TEST(Collector, ThatIsPausedForLongHearsBeatsThatWereGivenUp) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: p, during: [59s, 80s], do: {collector: {pause: true}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 80'000, 125'012));
  EXPECT_EQ(run.fleet().beats_failed(), 1U);
  EXPECT_EQ(run.figures().beats_accepted, 4U);
}

TEST(Collector, DoesNothingWhileItIsPaused) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: p, during: [40s, 50s], do: {collector: {pause: true}}}\n"));
  for (const WorldTime call : run.seen().calls) {
    EXPECT_FALSE(call > 40'000 && call < 50'000) << call;
  }
}

TEST(Collector, TicksAtLeastEachSecond) {
  const RecordedWorld run(story_of(kOne, ""));
  WorldTime last = 0;
  for (const WorldTime call : run.seen().calls) {
    ASSERT_LE(call - last, 1'000);
    last = call;
  }
  EXPECT_GE(last, 149'000);
}

TEST(Collector, ThatIsStarvedDoesNotRunForItsShareOfEachSecond) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: s, during: [10s, 20s], do: {collector: {starve: 60%}}}\n"));
  for (const WorldTime call : run.seen().calls) {
    if (call <= 10'000 || call >= 20'000) continue;
    EXPECT_GE(call % 1'000, 600) << call;
  }
}

TEST(Collector, ThatRestartsDrainsForAWhileAndComesBackKnowingNobody) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: r, at: 50s, do: {collector: {restart: {down: 2s}}}}\n"));
  EXPECT_THAT(run.seen().drains, ElementsAre(50'000));
  EXPECT_THAT(run.seen().stops, ElementsAre(55'000));
  EXPECT_THAT(run.seen().starts, ElementsAre(0, 57'000));
  const auto beats = run.beats_of(0);
  EXPECT_EQ(beats[2].at, 60'002);
  EXPECT_TRUE(beats[2].is_new);
  EXPECT_FALSE(beats[3].is_new);
}

TEST(Collector, ThatIsKilledIsGoneAtOnce) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: r, at: 50s, do: {collector: {restart: {how: kill, down: 2s}}}}\n"));
  EXPECT_THAT(run.seen().drains, IsEmpty());
  EXPECT_THAT(run.seen().stops, ElementsAre(50'000));
  EXPECT_THAT(run.seen().starts, ElementsAre(0, 52'000));
}

TEST(Collector, ThatIsKilledInAPauseRefusesWhatWaited) {
  const RecordedWorld run(
      story_of(kOne,
               "  - {id: p, during: [59s, 90s], do: {collector: {pause: true}}}\n"
               "  - {id: r, at: 61s, do: {collector: {restart: {how: kill, down: 2s}}}}\n"));
  EXPECT_THAT(run.seen().stops, ElementsAre(61'000));
  // Refused at 61 s instead of given up at 65.002 s, and away for a minute.
  ASSERT_THAT(run.heard(0), ElementsAre(0, 30'001, 121'010));
}

TEST(Collector, SeesItsWallClockJumpAndItsListeningTimeGoOn) {
  const char* jump = "  - {id: w, at: 50s, do: {collector: {clock: {wall: {step: 1h}}}}}\n";
  const RecordedWorld jumped(story_of(kOne, jump));
  const RecordedWorld calm(story_of(kOne, ""));
  EXPECT_EQ(jumped.seen().calls, calm.seen().calls);
  EXPECT_EQ(jumped.heard(0), calm.heard(0));
}

TEST(Collector, TellsOfItsMonotonicTimeAsItsClockHasIt) {
  const RecordedWorld run(
      story_of(kOne, "  - {id: m, at: 50s, do: {collector: {clock: {monotonic: {step: 1h}}}}}\n"));
  EXPECT_THAT(run.heard(0), ElementsAre(0, 30'001, 3'660'002, 3'690'003, 3'720'004));
}

// --- alerts on their way ---

TEST(Alert, IsPostedAndAnsweredFiveMillisecondsLater) {
  const RecordedWorld run(story_of(kOne, "  - {id: cut, at: 50s, who: pod, do: die}\n"));
  ASSERT_EQ(run.seen().posts.size(), 1U);
  EXPECT_EQ(run.seen().posts[0].at, 93'001);
  EXPECT_EQ(run.seen().posts[0].type, "AGENT_DEATH");
  EXPECT_EQ(run.seen().posts[0].agent, "pod");
  ASSERT_EQ(run.seen().answers.size(), 1U);
  EXPECT_EQ(run.seen().answers[0].at, 93'006);
  EXPECT_EQ(run.seen().answers[0].status, 200);
  EXPECT_EQ(run.seen().answers[0].key, run.seen().posts[0].key);
}

TEST(Alert, IsLostOnTheCollectorsOwnLinkAndComesAgainUnderTheSameKey) {
  RecordedWorld run(
      story_of(kOne,
               "  - {id: cut, at: 50s, who: pod, do: die}\n"
               "  - {id: own, during: [90s, 100s], who: collector, do: {net: {cut: to}}}\n"));
  ASSERT_GE(run.seen().posts.size(), 2U);
  EXPECT_EQ(run.seen().answers[0].at, 103'001);
  EXPECT_EQ(run.seen().answers[0].status, std::nullopt);
  EXPECT_EQ(run.seen().posts[1].key, run.seen().posts[0].key);
  EXPECT_EQ(run.world().bites(1), 1U);
  EXPECT_EQ(run.world().host().stored(), 1U);
}

TEST(Alert, IsStoredTwiceWhereItsAnswerIsLost) {
  const RecordedWorld run(
      story_of(kOne,
               "  - {id: cut, at: 50s, who: pod, do: die}\n"
               "  - {id: own, during: [90s, 100s], who: collector, do: {net: {cut: from}}}\n"));
  ASSERT_EQ(run.seen().posts.size(), 2U);
  EXPECT_EQ(run.seen().posts[1].key, run.seen().posts[0].key);
}

TEST(Alert, OfAnotherLifeIsNotAnswered) {
  const RecordedWorld run(
      story_of(kOne,
               "  - {id: cut, at: 50s, who: pod, do: die}\n"
               "  - {id: hang, during: [90s, 2m], do: {station: hang}}\n"
               "  - {id: r, at: 95s, do: {collector: {restart: {how: kill, down: 1s}}}}\n"));
  EXPECT_EQ(run.seen().posts.size(), 1U);
  EXPECT_THAT(run.seen().answers, IsEmpty());
}

}  // namespace
}  // namespace pap::sim
