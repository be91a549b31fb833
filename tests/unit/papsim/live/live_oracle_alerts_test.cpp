// SPDX-License-Identifier: MIT
// S1, S2, S3, S7, S8, L3 and L6: what may be posted to the Station, and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/told_live_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::AlertType;
using protocol::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using Told = ToldLiveOracle;

// --- S1: not before two intervals ---

// A beat sent at 1 s and answered at 1.5 s, and told dead then.
std::vector<std::string> broken_by_a_death_at(WorldTime at, WorldTime last_seen = 1'200,
                                              Mode mode = Mode::kIdle) {
  return broken_by([&](Told& told) {
    told.first({.sent = 1'000, .ended = 1'500, .mode = mode});
    told.death(at, last_seen);
  });
}

TEST(LiveS1, HoldsADeathBackForTwoIntervalsAfterTheBeatWasSent) {
  EXPECT_THAT(broken_by_a_death_at(61'000), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(60'999), ElementsAre("S1"));
  EXPECT_THAT(broken_by_a_death_at(11'000, 1'200, Mode::kEmergency), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(10'999, 1'200, Mode::kEmergency), ElementsAre("S1"));
  EXPECT_THAT(broken_by_a_death_at(1'801'000, 1'200, Mode::kSleep), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(1'800'999, 1'200, Mode::kSleep), ElementsAre("S1"));
}

TEST(LiveS1, WantsItLastSeenWhenThatBeatWasOnItsWay) {
  // Give or take a tenth of a second of the wall clock.
  EXPECT_THAT(broken_by_a_death_at(70'000, 900), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(70'000, 899), ElementsAre("S1"));
  EXPECT_THAT(broken_by_a_death_at(70'000, 1'600), IsEmpty());
  EXPECT_THAT(broken_by_a_death_at(70'000, 1'601), ElementsAre("S1"));
}

TEST(LiveS1, CountsFromTheLastBeatThatWasAccepted) {
  const auto broken = [](WorldTime at) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.beat(31'000);
      told.death(at, 31'000);
    });
  };
  EXPECT_THAT(broken(91'000), IsEmpty());
  EXPECT_THAT(broken(90'999), ElementsAre("S1"));
}

TEST(LiveS1, LetsASilenceThatIsOverBeToldIfItWasLongEnough) {
  const auto broken = [](WorldTime back) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.beat(back);
      told.death(back + 5'000, 1'000);
    });
  };
  EXPECT_THAT(broken(61'000), IsEmpty());
  EXPECT_THAT(broken(60'999), ElementsAre("S1"));
}

TEST(LiveS1, CountsNoTimeThatTheCollectorSurelyLost) {
  const auto broken = [](WorldTime pause, WorldTime at) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.oracle().stopped(10'000);
      told.oracle().went_on(10'000 + pause);
      told.death(at, 1'000);
    });
  };
  // A gap of up to 2 s is listening time; of a longer one all but a second is lost.
  EXPECT_THAT(broken(2'000, 61'000), IsEmpty());
  EXPECT_THAT(broken(2'001, 62'000), ElementsAre("S1"));
  EXPECT_THAT(broken(2'001, 62'001), IsEmpty());
  EXPECT_THAT(broken(4'000, 63'999), ElementsAre("S1"));
  EXPECT_THAT(broken(4'000, 64'000), IsEmpty());
}

TEST(LiveS1, LetsABeatWithoutAnAnswerBeTheLastOne) {
  const auto broken = [](WorldTime last_seen) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.unanswered({.sent = 31'000, .ended = 36'000});
      told.death(100'000, last_seen);
    });
  };
  EXPECT_THAT(broken(1'000), IsEmpty());
  EXPECT_THAT(broken(33'000), IsEmpty());
  EXPECT_THAT(broken(36'101), ElementsAre("S1"));
}

TEST(LiveS1, LetsTheModeOfABeatWithoutAnAnswerCount) {
  const auto broken = [](Mode mode, WorldTime at) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.unanswered({.sent = 2'000, .ended = 7'000, .mode = mode});
      told.death(at, 2'000);
    });
  };
  EXPECT_THAT(broken(Mode::kEmergency, 13'000), IsEmpty());
  EXPECT_THAT(broken(Mode::kEmergency, 10'000), ElementsAre("S1"));
  EXPECT_THAT(broken(Mode::kIdle, 13'000), ElementsAre("S1"));
  EXPECT_THAT(broken(Mode::kSleep, 61'000), IsEmpty());
}

TEST(LiveS1, LetsEachOfSeveralBeatsWithoutAnAnswerBeTheLastOne) {
  const auto broken = [](WorldTime last_seen) {
    return broken_by([&](Told& told) {
      told.unanswered({.sent = 1'000, .ended = 6'000});
      told.unanswered({.sent = 101'000, .ended = 106'000});
      told.death(200'000, last_seen);
    });
  };
  EXPECT_THAT(broken(1'001), IsEmpty());
  EXPECT_THAT(broken(101'001), IsEmpty());
  EXPECT_THAT(broken(899), ElementsAre("S1"));
}

TEST(LiveS1, HearsAfterAPauseWhatWaitedInTheSockets) {
  const auto broken = [](WorldTime last_seen) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.oracle().stopped(20'000);
      told.unanswered({.sent = 21'000, .ended = 26'000});
      told.oracle().went_on(40'000);
      told.death(200'000, last_seen);
    });
  };
  EXPECT_THAT(broken(45'000), IsEmpty());
  EXPECT_THAT(broken(45'101), ElementsAre("S1"));
}

TEST(LiveS1, CountsAnOvertakenBeatInTheModeThatIsKept) {
  const auto broken = broken_by([](Told& told) {
    told.first({.sent = 1'000, .mode = Mode::kEmergency, .uptime = 100});
    told.accepted({.sent = 1'001, .mode = Mode::kIdle, .uptime = 99}, {.next = 5'000});
    told.death(12'000, 1'001);
  });
  EXPECT_THAT(broken, IsEmpty());
}

// --- S2: once a silence ---

TEST(LiveS2, LetsASilenceBeToldDeadOnce) {
  const auto broken = [](bool beats_between) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.death(62'000, 1'000, "d1");
      if (beats_between) told.beat(70'000);
      told.death(140'000, beats_between ? 70'000 : 1'000, "d2");
    });
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("S2"));
}

TEST(LiveS2, LetsABeatWithoutAnAnswerLieBetween) {
  const auto broken = [](WorldTime last_seen) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.death(62'000, 1'000, "d1");
      told.unanswered({.sent = 70'000, .ended = 75'000});
      told.death(140'000, last_seen, "d2");
    });
  };
  EXPECT_THAT(broken(71'000), IsEmpty());
  EXPECT_THAT(broken(1'000), ElementsAre("S2"));
}

TEST(LiveS2, LetsEachOfTwoSilencesBeToldOfAndTheFirstLater) {
  const auto broken = broken_by([](Told& told) {
    told.first(1'000);
    told.beat(70'000);
    told.death(71'000, 1'000, "d1");
    told.death(140'000, 70'000, "d2");
  });
  EXPECT_THAT(broken, IsEmpty());
}

// --- S3: nobody who was never accepted ---

TEST(LiveS3, KnowsNobodyWhoWasNeverAccepted) {
  const auto broken = [](const std::function<void(Told&)>& before) {
    return broken_by([&](Told& told) {
      before(told);
      told.death(100'000, 1'000);
    });
  };
  EXPECT_THAT(broken([](Told&) {}), ElementsAre("S3"));
  EXPECT_THAT(broken([](Told& told) { told.first({.sent = 1'000, .agent = 1}); }),
              ElementsAre("S3"));
  EXPECT_THAT(broken([](Told& told) { told.first(1'000); }), IsEmpty());
  // It may have been accepted.
  EXPECT_THAT(broken([](Told& told) { told.unanswered({.sent = 1'000, .ended = 6'000}); }),
              IsEmpty());
}

TEST(LiveS3, LetsWhoWasRemovedBeToldOfWhatWasInFlight) {
  const auto broken = broken_by([](Told& told) {
    told.first(1'000);
    told.oracle().removed(61'500, 0);
    told.death(61'501, 1'000);
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveS3, KnowsNoAlertOfNobody) {
  const auto broken = [](const nlohmann::json& alert) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.post(2'000, "k", alert);
    });
  };
  EXPECT_THAT(broken(Told::alert("AGENT_DEATH", "stranger")), ElementsAre("S3"));
  EXPECT_THAT(broken(Told::alert("AGENT_BIRTH")), ElementsAre("S3"));
}

TEST(LiveS3, LetsACollectorThatWasThereBeforeKnowOthersAndTheDeadOfAnEarlierRun) {
  const auto broken = broken_by([](Told& told) {
    told.oracle().among_others();
    told.post(1'000, "k1", Told::alert("AGENT_DEATH", "stranger"));
    told.death(2'000, -70'000, "k2");
    told.post(2'001, "k3", Told::alert("EMERGENCY_MODE"));
    told.first(3'000);
    told.death(4'000, -70'000, "k4");
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveS13, WantsADeathToSayWhenItsAgentWasLastSeen) {
  for (const char* time : {"", "yesterday", "2026-09-21T14:13:21Z", "2026-09-21T14:13:21.000Z "}) {
    const auto broken = broken_by([time](Told& told) {
      told.first(1'000);
      nlohmann::json alert = Told::alert("AGENT_DEATH");
      alert["details"]["last_seen"] = time;
      told.post(70'000, "k", alert);
    });
    EXPECT_THAT(broken, ElementsAre("S13")) << time;
  }
}

TEST(LiveS13, WantsAlertsThatTheStationCanTake) {
  Told told;
  told.oracle().malformed(1'000, "severity is missing");
  EXPECT_THAT(told.broken(), ElementsAre("S13"));
  EXPECT_THAT(told.what(), HasSubstr("severity is missing"));
}

// --- S7 and S8: one at a time, and none again ---

// Two posts about one agent; the Station answers the first, or gives it up, after 2 s.
std::vector<std::string> broken_by_posts(const char* second_key, WorldTime after,
                                         std::optional<int> status) {
  return broken_by([&](Told& told) {
    told.first({.sent = 1'000, .mode = Mode::kEmergency});
    told.first({.sent = 1'000, .agent = 1, .mode = Mode::kEmergency});
    told.accepted({.sent = 2'000, .mode = Mode::kIdle});
    told.accepted({.sent = 3'000, .mode = Mode::kEmergency});
    told.oracle().posted(4'000, "k1", Told::alert("EMERGENCY_MODE"));
    told.oracle().answered(6'000, "k1", status, std::nullopt);
    told.oracle().posted(4'001, "other", Told::alert("EMERGENCY_MODE", "pod-1"));
    told.oracle().posted(4'000 + after, second_key, Told::alert("EMERGENCY_MODE"));
  });
}

TEST(LiveS7, LetsOneAlertOfAnAgentBeInFlight) {
  EXPECT_THAT(broken_by_posts("k2", 1'000, 200), ElementsAre("S7"));
  // The Station may see it a quarter of a second late.
  EXPECT_THAT(broken_by_posts("k2", 1'749, 200), ElementsAre("S7"));
  EXPECT_THAT(broken_by_posts("k2", 1'750, 200), IsEmpty());
}

TEST(LiveS8, LetsNoAlertBePostedAgainWhileItIsInFlight) {
  EXPECT_THAT(broken_by_posts("k1", 1'749, 503), ElementsAre("S8"));
  EXPECT_THAT(broken_by_posts("k1", 1'750, 503), IsEmpty());
  EXPECT_THAT(broken_by_posts("k1", 1'750, std::nullopt), IsEmpty());
}

TEST(LiveS8, LetsNoAlertBePostedAgainThatWasStored) {
  for (const int status : {200, 201, 204, 299}) {
    EXPECT_THAT(broken_by_posts("k1", 100'000, status), ElementsAre("S8")) << status;
  }
  for (const int status : {199, 300, 429, 500}) {
    EXPECT_THAT(broken_by_posts("k1", 100'000, status), IsEmpty()) << status;
  }
}

TEST(LiveS8, KnowsOneAlertByItsKeyAndTellsItOnce) {
  Told told;
  told.first({.sent = 1'000, .mode = Mode::kEmergency});
  told.oracle().posted(2'000, "k", Told::alert("EMERGENCY_MODE"));
  told.oracle().answered(2'000, "k", 500, std::nullopt);
  told.oracle().posted(7'000, "k", Told::alert("EMERGENCY_MODE"));
  EXPECT_THAT(told.broken(), IsEmpty());
  EXPECT_THAT(told.oracle().told(), ElementsAre(Pair(0U, AlertType::kEmergencyMode)));
}

TEST(LiveS7, ForgetsWhatWasInFlightWithTheCollector) {
  const auto broken = broken_by([](Told& told) {
    told.first({.sent = 1'000, .mode = Mode::kEmergency});
    told.oracle().posted(2'000, "k1", Told::alert("EMERGENCY_MODE"));
    told.oracle().answered(12'000, "k1", std::nullopt, std::nullopt);  // the Station hangs
    told.oracle().ended(3'000);
    told.first({.sent = 6'000, .mode = Mode::kEmergency});
    told.oracle().posted(6'001, "k2", Told::alert("EMERGENCY_MODE"));
  });
  EXPECT_THAT(broken, IsEmpty());
}

// --- L6: Retry-After ---

// The first post is answered at 10 s with a Retry-After; the second, of another agent, comes then.
std::vector<std::string> broken_after_a_retry_after(WorldTime retry_after, WorldTime second,
                                                    bool restarted = false) {
  return broken_by([&](Told& told) {
    for (AgentNumber agent : {0U, 1U}) {
      told.first({.sent = 1'000, .agent = agent, .mode = Mode::kEmergency});
    }
    told.oracle().posted(10'000, "k1", Told::alert("EMERGENCY_MODE"));
    told.oracle().answered(10'000, "k1", 429, retry_after);
    if (restarted) {
      told.oracle().ended(11'000);
      told.first({.sent = 11'500, .agent = 1, .mode = Mode::kEmergency});
    }
    told.oracle().posted(second, "k2", Told::alert("EMERGENCY_MODE", "pod-1"));
  });
}

TEST(LiveL6, HoldsAllAlertsForAsLongAsTheStationAsks) {
  EXPECT_THAT(broken_after_a_retry_after(30'000, 20'000), ElementsAre("L6"));
  EXPECT_THAT(broken_after_a_retry_after(30'000, 39'979), ElementsAre("L6"));
  EXPECT_THAT(broken_after_a_retry_after(30'000, 39'980), IsEmpty());  // timers, rounded
}

TEST(LiveL6, LetsThroughWhatWasOnItsWay) {
  EXPECT_THAT(broken_after_a_retry_after(30'000, 10'250), IsEmpty());
  EXPECT_THAT(broken_after_a_retry_after(30'000, 10'251), ElementsAre("L6"));
}

TEST(LiveL6, HoldsThemForFiveMinutesAtMost) {
  EXPECT_THAT(broken_after_a_retry_after(3'600'000, 309'979), ElementsAre("L6"));
  EXPECT_THAT(broken_after_a_retry_after(3'600'000, 309'980), IsEmpty());
}

TEST(LiveL6, IsForgottenWithTheCollectorThatWasAsked) {
  EXPECT_THAT(broken_after_a_retry_after(30'000, 12'000, true), IsEmpty());
}

// --- L3: a pause kills nobody ---

// Told dead at 100 s after one pause, or two, of this length; its process lives.
std::vector<std::string> broken_by_a_death_after(const std::vector<WorldTime>& pauses,
                                                 WorldTime away_until = 0, bool lives = true) {
  return broken_by([&](Told& told) {
    told.first(1'000);
    WorldTime at = 10'000;
    for (const WorldTime pause : pauses) {
      told.oracle().stopped(at);
      told.oracle().went_on(at + pause);
      at += pause + 10'000;
    }
    told.truths[0] = {.beating = lives, .lived_since = 0, .away_until = away_until};
    told.death(100'000, 1'000);
  });
}

TEST(LiveL3, LetsOnePauseKillNobodyWhoLives) {
  EXPECT_THAT(broken_by_a_death_after({8'000}), ElementsAre("L3"));
  EXPECT_THAT(broken_by_a_death_after({8'000}, 0, false), IsEmpty());
  EXPECT_THAT(broken_by_a_death_after({}), IsEmpty());  // its own affair
}

TEST(LiveL3, ExcusesWhoKeptAwayAndWhoMetTwoPauses) {
  EXPECT_THAT(broken_by_a_death_after({8'000}, 1'000), ElementsAre("L3"));
  EXPECT_THAT(broken_by_a_death_after({8'000}, 1'001), IsEmpty());
  EXPECT_THAT(broken_by_a_death_after({4'000, 4'000}), IsEmpty());
  EXPECT_THAT(broken_by_a_death_after({4'000, 3'999}), ElementsAre("L3"));
}

// --- what it hands on ---

TEST(LiveOracle, SaysOfEachDeathHowLongTheSilenceWasAndWhetherItsAgentLives) {
  Told told;
  told.first(1'000);
  told.first({.sent = 2'000, .agent = 1, .mode = Mode::kEmergency});
  told.truths[1] = {.beating = true, .lived_since = 0, .away_until = 3'000};
  told.death(62'000, 1'000, "d1");
  told.death(13'000, 2'000, "d2", "pod-1");
  const auto& deaths = told.oracle().deaths();
  ASSERT_EQ(deaths.size(), 2U);
  EXPECT_EQ(deaths[0].silence, 61'000);
  EXPECT_EQ(deaths[0].mode, Mode::kIdle);
  EXPECT_FALSE(deaths[0].living);
  EXPECT_TRUE(deaths[0].told);
  EXPECT_EQ(deaths[1].silence, 11'000);
  EXPECT_EQ(deaths[1].mode, Mode::kEmergency);
  EXPECT_TRUE(deaths[1].living);
  EXPECT_EQ(deaths[1].excuse, Excuse::kAgentAway);
}

}  // namespace
}  // namespace pap::sim
