// SPDX-License-Identifier: MIT
// L4 to L7, S6, S9 and S12: agents that come, come back and are forgotten, what is held back, what
// waits for the Station, how long a shutdown takes, and what the metrics say.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Told dead: the last beat, the death and the answer to the post.
void die(ToldOracle& told, AgentNumber agent, WorldTime heard, const char* key) {
  const std::string id = "pod-" + std::to_string(agent);
  told.dead(heard + 63'000, agent);
  told.post(heard + 63'000, key, death_of(id.c_str(), heard));
  told.answer(heard + 63'005, key, 200);
}

// --- S12 ---

TEST(S12, LetsTheToldDeadBeForgottenAfterTheirRetention) {
  const auto broken = [](WorldTime at) {
    ToldOracle told("collector: {agent_retention_ms: 1h}\n");
    told.first_beat(1'000, 0);
    die(told, 0, 1'000, "k");
    told.until(at);
    told.oracle().forgotten(at, 0, false);
    return told.broken();
  };
  EXPECT_THAT(broken(3'664'005), IsEmpty());
  EXPECT_THAT(broken(3'664'004), ElementsAre("S12"));
}

TEST(S12, ObjectsWhenALivingAgentIsForgotten) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().forgotten(2'000, 0, false);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
  EXPECT_THAT(told.what(), HasSubstr("not decided dead; last heard at 1000 ms"));
}

TEST(S12, ObjectsWhenADeathIsForgottenBeforeItIsTold) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.oracle().forgotten(65'000, 0, true);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
  EXPECT_THAT(told.what(), HasSubstr("before its death was told"));
}

TEST(S12, ObjectsWhenSomebodyIsForgottenWithoutAWord) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.first_beat(31'000, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, WantsTheLongestDeadToMakeRoom) {
  const auto broken = [](AgentNumber who) {
    ToldOracle told("collector: {max_agents: 2}\n");
    told.first_beat(1'000, 0);
    told.first_beat(2'000, 1);
    die(told, 0, 1'000, "a");
    die(told, 1, 2'000, "b");
    told.oracle().forgotten(70'000, who, true);
    return told.broken();
  };
  EXPECT_THAT(broken(0), IsEmpty());
  EXPECT_THAT(broken(1), ElementsAre("S12"));
}

TEST(S12, WantsNobodyToMakeRoomInATableThatIsNotFull) {
  ToldOracle told("collector: {max_agents: 2}\n");
  told.first_beat(1'000, 0);
  die(told, 0, 1'000, "a");
  told.oracle().forgotten(70'000, 0, true);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, ObjectsToARefusalWhileSomebodyCouldMakeRoom) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {1, Mode::kIdle, 5});
  EXPECT_THAT(told.broken(), IsEmpty());
  die(told, 0, 1'000, "a");
  told.oracle().refused(70'000, {1, Mode::kIdle, 5});
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
  EXPECT_THAT(told.what(), HasSubstr("pod-0 is told dead"));
}

TEST(S12, WantsNobodyToComeIntoAFullTable) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.first_beat(2'000, 1);
  EXPECT_THAT(told.broken(), ElementsAre("S12"));
}

TEST(S12, ForgetsARefusalNeitherWhenTheDeadComeBackToLife) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  die(told, 0, 1'000, "a");
  told.beat(70'000, 0);  // who lives again makes no room
  told.oracle().refused(71'000, {1, Mode::kIdle, 5});
  EXPECT_THAT(told.broken(), IsEmpty());
}

// --- L4 ---

TEST(L4, WantsWhoCanBeHeardKnownWithinItsInterval) {
  // 30 s, a beat at the Station that gets no answer, and a second.
  const auto broken = [](WorldTime at, WorldTime away_until) {
    ToldOracle told;
    told.oracle().ask([away_until](AgentNumber) { return Oracle::Truth{true, {}, away_until}; });
    told.until(10'000);
    told.oracle().started(10'000);
    told.first_beat(at, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(46'000, 0), IsEmpty());
  EXPECT_THAT(broken(46'001, 0), ElementsAre("L4"));
  EXPECT_THAT(broken(136'000, 100'000), IsEmpty());
  EXPECT_THAT(broken(136'001, 100'000), ElementsAre("L4"));
}

TEST(L4, CountsFromARefusal) {
  ToldOracle told;
  told.oracle().refused(50'000, {0, Mode::kIdle, -1});
  told.first_beat(86'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
}

TEST(L4, HasNothingToSayOfWhoWasKnownAndRemoved) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().removed(2'000, 0);
  told.first_beat(500'000, 0);
  EXPECT_THAT(told.broken(), IsEmpty());
}

TEST(L4, ExcusesWhoWasRefusedByAFullTable) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {1, Mode::kIdle, 5});
  told.beat(31'000, 0);
  told.finish({true, true, false, false});
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
  EXPECT_THAT(told.oracle().turned_away(), ElementsAre(1U));
}

TEST(L4, ExcusesNobodyWhoWasRefusedLongAgo) {
  ToldOracle told("collector: {max_agents: 1}\n");
  told.first_beat(1'000, 0);
  told.oracle().refused(2'000, {1, Mode::kIdle, 5});
  for (WorldTime at = 31'000; at < 300'000; at += 30'000) told.beat(at, 0);
  told.finish({true, true, false, false});
  EXPECT_THAT(told.broken(), ElementsAre("L4"));
  EXPECT_THAT(told.oracle().turned_away(), IsEmpty());
}

// --- L5 ---

TEST(L5, WantsTheRevivedHealthyWithTheirFirstBeat) {
  const auto broken = [](std::optional<bool> shown) {
    ToldOracle told;
    told.oracle().ask_collector(
        [&](AgentNumber) { return told.now() < 70'000 ? std::optional(false) : shown; });
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.beat(70'000, 0);
    return told.broken();
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("L5"));
  EXPECT_THAT(broken(std::nullopt), ElementsAre("L5"));
}

TEST(L5, AsksOnlyAboutThoseWhoWereUnhealthy) {
  std::size_t asked = 0;
  ToldOracle told;
  told.oracle().ask_collector([&asked](AgentNumber) {
    ++asked;
    return true;
  });
  told.first_beat(1'000, 0);
  told.beat(31'000, 0);
  told.beat(90'999, 0);
  EXPECT_EQ(asked, 0U);
  told.beat(150'999, 0);  // two intervals: unhealthy, and within the slack
  EXPECT_EQ(asked, 1U);
}

// --- S9 ---

// Two deaths within a minute; the second one is held back until 134 s, and over at `back`.
ToldOracle& with_a_death_held_back(ToldOracle& told, std::optional<WorldTime> back) {
  told.beat(1'000, 0, {.mode = Mode::kEmergency, .is_new = true});
  told.dead(11'500, 0);
  told.post(
      11'500, "a",
      alert_of("AGENT_DEATH", "pod-0", {{"mode", "EMERGENCY"}, {"uptime_before_death", 3'601.0}}));
  told.answer(74'000, "a", 200);
  told.beat(75'000, 0, {.mode = Mode::kEmergency});
  told.dead(85'500, 0);
  if (back) told.beat(*back, 0, {.mode = Mode::kEmergency});
  return told;
}

// With a collector in which nothing waits, and where nothing was dropped. Its metrics are others
// (S6), which is not what these are about.
void stop(ToldOracle& told) {
  core::CollectorSettings settings;
  settings.cluster = {"papsim", "papsim"};
  const core::Collector idle(settings, told.instant());
  told.oracle().stopped(told.now(), idle);
}

bool s9_is_broken(const ToldOracle& told) {
  const auto broken = told.broken();
  return std::find(broken.begin(), broken.end(), "S9") != broken.end();
}

bool is_broken_after(std::optional<WorldTime> back) {
  ToldOracle told;
  with_a_death_held_back(told, back);
  told.until(200'000);
  stop(told);
  return s9_is_broken(told);
}

TEST(S9, LetsLapseWhatIsOverWhenItsWindowEnds) {
  EXPECT_FALSE(is_broken_after(120'000));
  EXPECT_FALSE(is_broken_after(134'000));
}

TEST(S9, ObjectsWhenWhatOutlivedItsWindowIsNeverTold) {
  EXPECT_TRUE(is_broken_after(136'501));
  EXPECT_TRUE(is_broken_after(190'000));
}

TEST(S9, IsContentWhenItIsToldAtTheEndOfItsWindow) {
  ToldOracle told;
  with_a_death_held_back(told, {});
  told.post(
      134'000, "b",
      alert_of("AGENT_DEATH", "pod-0", {{"mode", "EMERGENCY"}, {"uptime_before_death", 3'675.0}}));
  told.answer(134'005, "b", 200);
  told.beat(190'000, 0, {.mode = Mode::kEmergency});
  stop(told);
  EXPECT_FALSE(s9_is_broken(told)) << told.what();
}

TEST(S9, DoesNotObjectToWhatMayHaveBeenDropped) {
  ToldOracle told;
  with_a_death_held_back(told, 190'000);
  told.until(200'000);
  // Its alerts wait, since nobody fetches them.
  ASSERT_GT(told.core().alerts().outbox().waiting(), 0U);
  told.oracle().stopped(told.now(), told.core());
  EXPECT_FALSE(s9_is_broken(told));
}

TEST(S9, LetsTheLatestBeToldInThePlaceOfAnEarlierOne) {
  ToldOracle told;
  with_a_death_held_back(told, 90'000);
  told.dead(100'500, 0);
  told.post(
      134'000, "b",
      alert_of("AGENT_DEATH", "pod-0", {{"mode", "EMERGENCY"}, {"uptime_before_death", 3'690.0}}));
  told.answer(134'005, "b", 200);
  stop(told);
  EXPECT_FALSE(s9_is_broken(told)) << told.what();
}

// Found by a swarm: contract, "told when that ends if it is still true then (… alive and in
// EMERGENCY)". Who is dead then, and comes back in EMERGENCY, did not change its mode.
TEST(S9, WantsNothingOfAnEmergencyWhoseAgentWasDeadWhenItsWindowEnded) {
  const auto is_broken = [](WorldTime back) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
    told.post(31'000, "k", emergency_of("pod-0", "IDLE", 3'631));
    told.answer(31'005, "k", 200);
    told.beat(36'000, 0);
    told.beat(41'000, 0, {.mode = Mode::kEmergency});  // held until 91.005 s
    told.dead(51'500, 0);
    told.beat(back, 0, {.mode = Mode::kEmergency});
    told.until(100'000);
    told.finish({true, false, false, false});
    return s9_is_broken(told);
  };
  EXPECT_FALSE(is_broken(95'000));
  EXPECT_TRUE(is_broken(90'000));
}

// Found by a swarm: the second restart's alert waits for the Station when the third comes, and what
// is posted then may be either's where they say the same.
TEST(S9, TakesAnAlertForTheOneThatWaitedWhereTwoSayTheSame) {
  const auto is_broken = [](double third_uptime) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    const auto restart = [&told](WorldTime at, double uptime) {
      told.beat(at, 0, {.uptime = uptime, .restart = true});
    };
    const auto post = [&told](WorldTime at, const char* key, double before, double after) {
      told.post(at, key, restart_of("pod-0", before, after));
    };
    restart(40'000, 0);
    post(40'000, "a", 3'601, 0);
    told.answer(40'005, "a", 200);
    restart(80'000, 0);  // held until 100.005 s
    restart(110'000, third_uptime);
    post(115'000, "b", 0, third_uptime);
    told.answer(115'005, "b", 200);
    stop(told);
    return s9_is_broken(told);
  };
  EXPECT_FALSE(is_broken(0));
  EXPECT_TRUE(is_broken(3));
}

// --- L6 ---

// A death whose post was answered 429 at 64.005 s, come back in a minute; posted again at `at`.
std::vector<std::string> broken_by_a_post_at(WorldTime at, bool revived = false) {
  ToldOracle told("", true);
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.post(64'000, "k", death_of("pod-0", 1'000));
  told.answer(64'005, "k", 429, 60'000);
  auto body = death_of("pod-0", 1'000);
  if (revived) {
    told.beat(65'000, 0);
    body["details"]["recovered_at"] = "2026-11-24T14:30:13.042Z";
  }
  told.post(at, "k", body);
  return told.broken();
}

TEST(L6, WantsThePostsToGoOnOnceTheStationHasHadItsTime) {
  EXPECT_THAT(broken_by_a_post_at(124'004), ElementsAre("L6"));
  EXPECT_THAT(broken_by_a_post_at(124'005), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(126'005), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(128'005), ElementsAre("L6"));
}

TEST(L6, WantsThemToGoOnWithWhatIsOverAsWell) {
  EXPECT_THAT(broken_by_a_post_at(124'005, true), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(128'005, true), ElementsAre("L6"));
}

// --- S6 ---

TEST(S6, WantsTheMetricsToSayWhatWasSeen) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  die(told, 0, 1'000, "k");
  // The core decided that death too, but nobody fetched it and so nothing was delivered.
  told.oracle().stopped(told.now(), told.core());
  EXPECT_THAT(told.broken(), ElementsAre("S6", "S6"));
  EXPECT_THAT(told.what(), HasSubstr("AGENT_DEATH delivered: 0 by the metrics"));
  EXPECT_THAT(told.what(), HasSubstr("1 alerts were left"));
  EXPECT_EQ(told.oracle().violations()[0].bound, "1");
}

// --- L7 ---

TEST(L7, GivesAShutdownItsDrainItsGraceAndASecond) {
  const auto broken = [](WorldTime at) {
    ToldOracle told("collector: {drain_ms: 5s, shutdown_grace_ms: 8s}\n");
    told.until(10'000);
    told.oracle().draining(10'000);
    told.oracle().stopped(at, told.core());
    return told.broken();
  };
  EXPECT_THAT(broken(24'000), IsEmpty());
  EXPECT_THAT(broken(24'001), ElementsAre("L7"));
}

TEST(L7, LetsACollectorBeKilledAtAnyTime) {
  ToldOracle told;
  told.until(100'000);
  told.oracle().stopped(100'000, told.core());
  EXPECT_THAT(told.broken(), IsEmpty());
}

}  // namespace
}  // namespace pap::sim
