// SPDX-License-Identifier: MIT
// S2, S3, S4, S7, S8, S9, L6: what the Station may hear.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/oracle/told_oracle.hpp"

namespace pap::sim {
namespace {

using nlohmann::json;
using protocol::Mode;
using testing::ElementsAre;
using testing::IsEmpty;

// pod-0, heard at 1 s and decided dead at 64 s.
ToldOracle& with_a_death(ToldOracle& told) {
  told.first_beat(1'000, 0);
  told.dead(64'000, 0);
  return told;
}

const json kDeathOfPod0 = death_of("pod-0", 1'000);

TEST(S3, ObjectsToAnAlertOfNobody) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", death_of("nobody", 1'000));
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(S3, ObjectsToAnAlertOfATypeThatThereIsNot) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", alert_of("AGENT_SLOW", "pod-0", json::object()));
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(S3, ObjectsToAnAlertOfWhoWasNeverAccepted) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", death_of("pod-1", 1'000));
  EXPECT_THAT(told.broken(), ElementsAre("S3"));
}

TEST(S4, ObjectsToAnAlertOfWhatDidNotHappen) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", restart_of("pod-0", 3'601, 0));
  EXPECT_THAT(told.broken(), ElementsAre("S4"));
}

TEST(S4, WantsTheDetailsOfADeathAsTheyWere) {
  {
    ToldOracle told;
    with_a_death(told).post(64'000, "k", kDeathOfPod0);
    EXPECT_THAT(told.broken(), IsEmpty());
  }
  json mode = kDeathOfPod0;
  mode["details"]["mode"] = "SLEEP";
  json uptime = kDeathOfPod0;
  uptime["details"]["uptime_before_death"] = 3'602;
  json over = kDeathOfPod0;
  over["details"]["recovered_at"] = "2026-11-24T14:30:13.042Z";
  for (const json& wrong : {mode, uptime, over}) {
    ToldOracle told;
    with_a_death(told).post(64'000, "k", wrong);
    EXPECT_THAT(told.broken(), ElementsAre("S4")) << wrong.dump();
  }
}

TEST(S4, WantsADeathThatIsOverToSaySo) {
  json over = kDeathOfPod0;
  over["details"]["recovered_at"] = "2026-11-24T14:30:13.042Z";
  const auto broken = [](const json& body) {
    ToldOracle told;
    with_a_death(told).beat(70'000, 0);
    told.post(71'000, "k", body);
    EXPECT_EQ(told.oracle().marked(Mark::kRecoveredAt), 1U);
    return told.broken();
  };
  EXPECT_THAT(broken(over), IsEmpty());
  EXPECT_THAT(broken(kDeathOfPod0), ElementsAre("S4"));
}

TEST(S4, WantsTheDetailsOfARestartAsTheyWere) {
  const auto broken = [](const json& body) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.uptime = 2.5, .restart = true});
    told.post(31'000, "k", body);
    return told.broken();
  };
  EXPECT_THAT(broken(restart_of("pod-0", 3'601, 2.5)), IsEmpty());
  EXPECT_THAT(broken(restart_of("pod-0", 3'600, 2.5)), ElementsAre("S4"));
  EXPECT_THAT(broken(restart_of("pod-0", 3'601, 2)), ElementsAre("S4"));
}

TEST(S4, WantsAnEmergencyWhereTheModeBecameSo) {
  const auto broken = [](const json& body) {
    ToldOracle told;
    told.first_beat(1'000, 0);
    told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
    told.post(31'000, "k", body);
    return told.broken();
  };
  EXPECT_THAT(broken(emergency_of("pod-0", "IDLE", 3'631)), IsEmpty());
  EXPECT_THAT(broken(emergency_of("pod-0", nullptr, 3'631)), ElementsAre("S4"));
  EXPECT_THAT(broken(emergency_of("pod-0", "SLEEP", 3'631)), ElementsAre("S4"));
  EXPECT_THAT(broken(emergency_of("pod-0", "IDLE", 3'601)), ElementsAre("S4"));
}

TEST(S4, WantsNoEmergencyWhereItGoesOn) {
  ToldOracle told;
  told.until(80'000);
  told.oracle().started(80'000);
  told.beat(81'000, 0, {.mode = Mode::kEmergency, .uptime = 0, .is_new = true});
  told.post(81'000, "k", emergency_of("pod-0", nullptr, 0));
  told.answer(81'005, "k", 200);
  told.beat(86'000, 0, {.mode = Mode::kEmergency, .uptime = 5});
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
  told.post(150'000, "k2", emergency_of("pod-0", "EMERGENCY", 5));
  EXPECT_THAT(told.broken(), testing::Contains("S4").Times(1));
}

TEST(S4, TakesAnOlderEmergencyAsToldWithin75SecondsOfTheStart) {
  const auto broken = [](WorldTime at, double uptime) {
    ToldOracle told;
    told.oracle().ask([](AgentNumber) {  // it was away until then
      return Oracle::Truth{.living = true, .excuse = std::nullopt, .away_until = 75'000};
    });
    told.beat(at, 0, {.mode = Mode::kEmergency, .uptime = uptime, .is_new = true});
    told.post(at, "k", emergency_of("pod-0", nullptr, uptime));
    return told.broken();
  };
  EXPECT_THAT(broken(74'999, 100), ElementsAre("S4"));
  EXPECT_THAT(broken(75'000, 100), IsEmpty());
  // The younger is told at any time; as old as the collector is no younger.
  EXPECT_THAT(broken(10'000, 9.999), IsEmpty());
  EXPECT_THAT(broken(10'000, 10), ElementsAre("S4"));
}

TEST(S4, ObjectsToARetryThatSaysSomethingElse) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", 503);
  json other = kDeathOfPod0;
  other["details"]["uptime_before_death"] = 1;
  told.post(70'000, "k", other);
  EXPECT_THAT(told.broken(), ElementsAre("S4"));
}

TEST(S2, ObjectsToOneDeathUnderTwoKeys) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", std::nullopt);
  told.post(70'000, "k2", kDeathOfPod0);
  EXPECT_THAT(told.broken(), ElementsAre("S2"));
}

TEST(S8, ObjectsToOneRestartUnderTwoKeys) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.uptime = 0, .restart = true});
  told.post(31'000, "k", restart_of("pod-0", 3'601, 0));
  told.answer(31'005, "k", 503);
  told.post(40'000, "k2", restart_of("pod-0", 3'601, 0));
  EXPECT_THAT(told.broken(), ElementsAre("S8"));
}

class AnsweredWith : public testing::TestWithParam<std::optional<std::uint16_t>> {};

using Final = AnsweredWith;
TEST_P(Final, IsNotPostedAgain) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", GetParam());
  told.post(70'000, "k", kDeathOfPod0);
  EXPECT_THAT(told.broken(), ElementsAre("S8"));
}
INSTANTIATE_TEST_SUITE_P(S8, Final, testing::Values(200, 202, 204, 400, 413, 422));

using NotFinal = AnsweredWith;
TEST_P(NotFinal, MayBePostedAgainUnderItsKey) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", GetParam());
  told.post(70'000, "k", kDeathOfPod0);
  EXPECT_THAT(told.broken(), IsEmpty());
  EXPECT_EQ(told.oracle().told().size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(S8, NotFinal,
                         testing::Values(std::nullopt, 302, 401, 403, 404, 408, 429, 500, 503));

TEST(S7, AllowsOneAlertInFlightAnAgent) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.first_beat(1'000, 1);
  told.dead(64'000, 0);
  told.dead(64'000, 1);
  told.post(64'000, "k", kDeathOfPod0);
  told.post(64'000, "k1", death_of("pod-1", 1'000));
  EXPECT_THAT(told.broken(), IsEmpty());
  told.beat(66'000, 0, {.uptime = 0, .restart = true});
  told.post(66'000, "k2", restart_of("pod-0", 3'601, 0));
  EXPECT_THAT(told.broken(), ElementsAre("S7"));
}

// Failed first at 31.005 s; its time is five minutes.
std::vector<std::string> broken_by_a_retry_at(WorldTime at) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.uptime = 0, .restart = true});
  told.post(31'000, "k", restart_of("pod-0", 3'601, 0));
  told.answer(31'005, "k", 503);
  told.post(at, "k", restart_of("pod-0", 3'601, 0));
  return told.broken();
}

TEST(S7, AllowsNoPostAfterItsTime) {
  EXPECT_THAT(broken_by_a_retry_at(331'005), IsEmpty());
  EXPECT_THAT(broken_by_a_retry_at(331'006), ElementsAre("S7"));
}

// Failed first at 64.005 s, dropped five minutes later.
std::vector<std::string> broken_by_a_post_after_the_drop(bool retold) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", 503);
  told.until(364'005);
  told.oracle().dropped(364'005, 0, protocol::AlertType::kAgentDeath, DropCause::kExpired);
  told.until(424'005);
  if (retold) told.oracle().retold(424'005, 0, protocol::AlertType::kAgentDeath);
  told.post(600'000, "k", kDeathOfPod0);
  return told.broken();
}

TEST(S7, AllowsThatWhatWasDroppedIsToldAfreshOnlyWhereItIsSaid) {
  EXPECT_THAT(broken_by_a_post_after_the_drop(true), IsEmpty());
  EXPECT_THAT(broken_by_a_post_after_the_drop(false), ElementsAre("S7"));
}

TEST(S7, CountsTheTimeFromTheFirstFailure) {
  ToldOracle told("collector: {alert_queue_ttl_ms: 10000}\n");
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.uptime = 0, .restart = true});
  for (const WorldTime at : {31'000, 36'000, 41'005, 41'007}) {
    told.post(at, "k", restart_of("pod-0", 3'601, 0));
    told.answer(at, "k", 503);
  }
  EXPECT_THAT(told.broken(), ElementsAre("S7", "S7"));
}

// The first is told at 64.005 s; the second death comes after the beat at 70 s.
std::vector<std::string> broken_by_telling_again_at(WorldTime at) {
  ToldOracle told;
  told.first_beat(1'000, 0);
  told.beat(31'000, 0, {.mode = Mode::kEmergency, .uptime = 3'631});
  told.post(31'000, "k", emergency_of("pod-0", "IDLE", 3'631));
  told.answer(31'005, "k", 200);
  told.beat(32'000, 0, {.uptime = 3'632});
  told.beat(33'000, 0, {.mode = Mode::kEmergency, .uptime = 3'633});
  for (WorldTime next = 43'000; next <= 83'000; next += 10'000) {
    told.beat(next, 0,
              {.mode = Mode::kEmergency, .uptime = 3'600 + static_cast<double>(next) / 1000});
  }
  told.post(at, "k2", emergency_of("pod-0", "IDLE", 3'633));
  return told.broken();
}

TEST(S9, HoldsASecondAlertBackForSixtySeconds) {
  EXPECT_THAT(broken_by_telling_again_at(91'005), IsEmpty());
  EXPECT_THAT(broken_by_telling_again_at(91'004), ElementsAre("S9"));
}

TEST(Oracle, MarksAHeldAlertThatWasReleased) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  EXPECT_EQ(told.oracle().marked(Mark::kReleased), 0U);
}

// --- L6: Retry-After ---

std::vector<std::string> broken_by_a_post_at(WorldTime at, std::uint16_t status,
                                             std::optional<WorldTime> retry_after) {
  ToldOracle told("collector: {alert_queue_ttl_ms: 1h}\n");
  told.first_beat(1'000, 0);
  told.first_beat(1'000, 1);
  told.dead(64'000, 0);
  told.dead(64'000, 1);
  told.post(64'000, "k", kDeathOfPod0);
  told.post(64'000, "k1", death_of("pod-1", 1'000));
  told.answer(64'005, "k1", 503);
  told.answer(65'000, "k", status, retry_after);
  told.post(at, "k1", death_of("pod-1", 1'000));  // it is kept by all
  return told.broken();
}

TEST(L6, KeepsRetryAfterForAllAlerts) {
  EXPECT_THAT(broken_by_a_post_at(95'000, 503, 30'000), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(94'999, 503, 30'000), ElementsAre("L6"));
  EXPECT_THAT(broken_by_a_post_at(94'999, 429, 30'000), ElementsAre("L6"));
}

TEST(L6, TakesA429WithoutOneForFiveSeconds) {
  EXPECT_THAT(broken_by_a_post_at(70'000, 429, std::nullopt), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(69'999, 429, std::nullopt), ElementsAre("L6"));
  EXPECT_THAT(broken_by_a_post_at(65'000, 503, std::nullopt), IsEmpty());
}

TEST(L6, WaitsFiveMinutesAtMost) {
  EXPECT_THAT(broken_by_a_post_at(365'000, 503, 900'000), IsEmpty());
  EXPECT_THAT(broken_by_a_post_at(364'999, 503, 900'000), ElementsAre("L6"));
}

TEST(L6, MindsNoRetryAfterOfAFinalAnswer) {
  EXPECT_THAT(broken_by_a_post_at(65'000, 200, 30'000), IsEmpty());
}

// --- agents that were removed ---

TEST(S6, ObjectsToAnAlertThatDeleteTookBack) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.answer(64'005, "k", 503);
  told.oracle().removed(65'000, 0);
  told.post(70'000, "k", kDeathOfPod0);
  EXPECT_THAT(told.broken(), ElementsAre("S6"));
}

TEST(Oracle, TakesTheAnswerToAnAlertWhoseAgentWasRemovedMeanwhile) {
  ToldOracle told;
  with_a_death(told).post(64'000, "k", kDeathOfPod0);
  told.oracle().removed(64'001, 0);
  told.answer(64'005, "k", 200);
  told.oracle().ask([](AgentNumber) {  // it was away until then
    return Oracle::Truth{.living = true, .excuse = std::nullopt, .away_until = 69'000};
  });
  told.first_beat(70'000, 0);
  told.dead(133'000, 0);
  told.post(133'000, "k2", death_of("pod-0", 70'000));
  told.answer(133'005, "k2", 200);
  EXPECT_THAT(told.broken(), IsEmpty()) << told.what();
}

}  // namespace
}  // namespace pap::sim
