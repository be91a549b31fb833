// SPDX-License-Identifier: MIT
// S4, S6, S12, S13, L2, L4 and L5: what must have come of it when all is healed and settled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(AtRest, NothingIsWrongWhereAllBeatAndAreKnown) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(2'000, 1, {.mode = Mode::kSleep, .is_new = true});
  told.beat(31'000, 0);
  told.finish({true, true, false, false});
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
}

TEST(L4, WantsWhoLivesKnown) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.finish({true, true, false, false});
  EXPECT_THAT(told.broken(), ElementsAre("L4"));
  EXPECT_EQ(told.oracle().violations()[0].agent, "pod-1");
}

TEST(L5, WantsWhoLivesNotDead) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), Contains("L5"));
}

TEST(L2, WantsADeathThatLastsTold) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.post(64'000, "k", death_of("pod-0", 1'000));
  told.answer(64'005, "k", 503);
  told.finish();
  EXPECT_THAT(told.broken(), Contains("L2"));
}

TEST(L2, IsContentWithADeathThatWasTold) {
  for (const int status : {200, 400}) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(64'000, "k", death_of("pod-0", 1'000));
    told.answer(64'005, "k", static_cast<std::uint16_t>(status));
    told.finish();
    EXPECT_THAT(told.broken(), Not(Contains("L2"))) << status;
  }
}

TEST(L2, WantsNothingOfADeathThatIsOver) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  told.beat(70'000, 0);
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), Not(Contains("L2")));
}

TEST(S9, WantsAHeldDeathToldWhenItsWindowEnds) {
  const auto broken = [](WorldTime at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.dead(64'000, 0);
    told.post(64'000, "k", death_of("pod-0", 1'000));
    told.beat(70'000, 0);
    told.answer(120'000, "k", 200);
    told.dead(133'000, 0);
    told.until(at);
    told.finish();
    return told.broken();
  };
  EXPECT_THAT(broken(179'999), Not(Contains("S9")));
  EXPECT_THAT(broken(180'000), Contains("S9"));
}

TEST(L2, IsNotAskedForWithoutAStation) {
  ToldOracle told("collector: {station: none}\n");
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  core::CollectorSettings settings;
  settings.cluster = {"papsim", "papsim"};
  settings.has_station = false;
  core::Collector core(settings, told.instant());
  told.oracle().finish(told.now(), core, {false, false, false, false}, 0);
  EXPECT_THAT(told.broken(), Not(Contains("L2")));
}

TEST(S4, WantsAnEmergencyThatLastsDecided) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.mode = Mode::kEmergency});
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), Contains("S4"));
}

TEST(L2, WantsAnEmergencyThatLastsTold) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
  told.post(31'000, "k", emergency_of("pod-0", "IDLE", 3'631));
  told.answer(31'005, "k", std::nullopt);
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), Contains("L2"));
  EXPECT_THAT(told.broken(), Not(Contains("S4")));
}

TEST(S6, WantsNoAlertInFlightForEver) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
  ASSERT_TRUE(told.core().next_delivery(told.instant()).has_value());
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), Contains("S6"));
}

// Found by a swarm: a run may end between a post and its answer.
TEST(S6, GivesAPostTenSecondsForItsAnswer) {
  const auto broken = [](WorldTime at) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
    EXPECT_TRUE(told.core().next_delivery(told.instant()).has_value());
    told.post(31'000, "k", emergency_of("pod-0", "IDLE", 3'631));
    told.until(at);
    told.finish({true, false, false, false});
    return told.broken();
  };
  EXPECT_THAT(broken(40'999), IsEmpty());
  EXPECT_THAT(broken(41'000), ElementsAre("L2", "S6"));
}

TEST(S12, WantsTheTableWithinItsCap) {
  ToldOracle told("collector: {max_agents: 1}\n");  // and the collector here has room
  told.first_beat(1'000, 0);
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), IsEmpty());
  told.first_beat(2'000, 1);
  told.finish({true, true, false, false});
  // When the second came, and at the end.
  EXPECT_THAT(told.broken(), ElementsAre("S12", "S12"));
}

TEST(S13, WantsAsManyInTheListAsInTheCounts) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.oracle().finish(told.now(), told.core(), {true, false, false, false}, 1);
  EXPECT_THAT(told.broken(), IsEmpty());
  told.oracle().finish(told.now(), told.core(), {true, false, false, false}, 0);
  EXPECT_THAT(told.broken(), ElementsAre("S13"));
}

TEST(S13, WantsTheCountsThatTheBeatsCameTo) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  // The collector hears of an agent that nobody told the oracle of.
  told.core().heartbeat(*protocol::AgentId::parse("pod-1"), {Mode::kIdle, 1, {}}, told.instant());
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), ElementsAre("S13"));
  EXPECT_THAT(told.what(), HasSubstr("agents: 2 shown, 1 by the heartbeats"));
}

TEST(S13, WantsEachModeCountedAsItWasSaid) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.core().heartbeat(*protocol::AgentId::parse("pod-0"), {Mode::kSleep, 3'602, {}},
                        told.instant());
  told.finish({true, false, false, false});
  EXPECT_THAT(told.broken(), ElementsAre("S13", "S13"));
  EXPECT_THAT(told.what(), HasSubstr("IDLE: 0 shown, 1 by the heartbeats"));
  EXPECT_THAT(told.what(), HasSubstr("SLEEP: 1 shown, 0 by the heartbeats"));
}

TEST(S13, CountsUnhealthyFromTwoIntervalsOn) {
  for (const WorldTime at : {60'999, 61'000}) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.until(at);
    told.finish();
    EXPECT_THAT(told.broken(), IsEmpty()) << at << ' ' << told.what();
    EXPECT_EQ(told.core().stats().unhealthy, at == 61'000 ? 1U : 0U);
  }
}

}  // namespace
}  // namespace pap::sim
