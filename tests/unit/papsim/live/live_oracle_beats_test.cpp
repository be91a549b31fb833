// SPDX-License-Identifier: MIT
// S4, S5 and S12: what agents hear, and how often that may be told; L7, the collector's end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/told_live_oracle.hpp"

namespace pap::sim {
namespace {

using protocol::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Told = ToldLiveOracle;

// --- S5: answers ---

TEST(LiveS5, WantsTheIntervalOfTheModeThatWasSent) {
  for (const Mode mode : protocol::kModes) {
    const auto broken = [mode](std::int64_t next) {
      return broken_by([&](Told& told) {
        told.accepted({.sent = 1, .mode = mode}, {.is_new = true, .next = next});
      });
    };
    const auto interval = protocol::interval_of(mode).count();
    EXPECT_THAT(broken(interval), IsEmpty());
    EXPECT_THAT(broken(interval + 1), ElementsAre("S5"));
    EXPECT_THAT(broken(0), ElementsAre("S5"));
  }
}

TEST(LiveS5, LetsAnOvertakenBeatBeAnsweredForTheModeThatIsKept) {
  const auto broken = [](double uptime, std::int64_t next) {
    return broken_by([&](Told& told) {
      told.first({.sent = 1'000, .mode = Mode::kEmergency, .uptime = 100});
      told.accepted({.sent = 1'001, .mode = Mode::kIdle, .uptime = uptime}, {.next = next});
    });
  };
  EXPECT_THAT(broken(99, 5'000), IsEmpty());
  EXPECT_THAT(broken(99, 30'000), IsEmpty());
  EXPECT_THAT(broken(99, 1), ElementsAre("S5"));
  EXPECT_THAT(broken(101, 5'000), ElementsAre("S5"));
}

TEST(LiveS5, WantsWhoIsHeardForTheFirstTimeToBeNew) {
  EXPECT_THAT(broken_by([](Told& told) { told.first(1'000); }), IsEmpty());
  EXPECT_THAT(broken_by([](Told& told) { told.beat(1'000); }), ElementsAre("S5"));
}

TEST(LiveS5, CannotTellWhoIsNewToACollectorThatWasThereBefore) {
  const auto broken = broken_by([](Told& told) {
    told.oracle().among_others();
    told.beat(1'000);
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveS5, CannotTellWhoIsNewAfterABeatWithoutAnAnswer) {
  for (const bool is_new : {false, true}) {
    const auto broken = broken_by([is_new](Told& told) {
      told.unanswered({.sent = 1'000, .ended = 6'000});
      told.accepted({.sent = 31'000}, {.is_new = is_new});
    });
    EXPECT_THAT(broken, IsEmpty());
  }
}

TEST(LiveS5, WantsWhoWasRemovedAndWhoBeatsAnotherCollectorToBeNew) {
  const auto broken = [](bool restarted, bool is_new) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      if (restarted) {
        told.oracle().ended(10'000);
      } else {
        told.oracle().removed(10'000, 0);
      }
      told.accepted({.sent = 31'000}, {.is_new = is_new});
    });
  };
  EXPECT_THAT(broken(false, true), IsEmpty());
  EXPECT_THAT(broken(true, true), IsEmpty());
  EXPECT_THAT(broken(false, false), ElementsAre("S5"));
  EXPECT_THAT(broken(true, false), ElementsAre("S5"));
}

TEST(LiveS5, WantsACorrectHeartbeatTaken) {
  const auto broken = [](double uptime, std::uint16_t status) {
    return broken_by([&](Told& told) {
      told.oracle().refused({{0, Mode::kIdle, uptime}, 1'000, 1'001}, status);
    });
  };
  EXPECT_THAT(broken(0, 400), ElementsAre("S5"));
  EXPECT_THAT(broken(0, 500), ElementsAre("S5"));
  EXPECT_THAT(broken(0, 503), IsEmpty());     // full, or leaving
  EXPECT_THAT(broken(-0.1, 400), IsEmpty());  // its agent's clock is wrong
}

TEST(LiveS5, WantsAnAnswerAsTheContractHasIt) {
  Told told;
  told.oracle().wrong({{0, Mode::kIdle, 1}, 1'000, 1'001}, "its answer is no JSON");
  EXPECT_THAT(told.broken(), ElementsAre("S5"));
  EXPECT_EQ(told.oracle().violations()[0].agent, "pod-0");
  EXPECT_THAT(told.what(), HasSubstr("is no JSON"));
}

// --- S12: nobody is forgotten in silence ---

TEST(LiveS12, LetsOnlyThoseBeNewAgainWhoWereToldDead) {
  const auto broken = [](bool told_dead) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      if (told_dead) told.death(70'000, 1'000);
      told.accepted({.sent = 200'000}, {.is_new = true});
    });
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("S12"));
}

TEST(LiveS12, CannotTellWhomACollectorWithoutAStationHasTold) {
  const auto broken = broken_by(
      [](Told& told) {
        told.first(1'000);
        told.accepted({.sent = 200'000}, {.is_new = true});
      },
      "collector: {station: none}\n");
  EXPECT_THAT(broken, IsEmpty());
}

// --- S4: restarts ---

// Heard at 30 s, in [30'000, 30'200], of a process that began at 0; then a beat in [sent, ended].
std::vector<std::string> broken_by_beat(WorldTime sent, WorldTime ended, double uptime,
                                        bool restart) {
  return broken_by([&](Told& told) {
    told.first({.sent = 30'000, .ended = 30'200, .uptime = 30});
    told.accepted({.sent = sent, .ended = ended, .uptime = uptime}, {.restart = restart});
  });
}

TEST(LiveS4, WantsARestartDetectedWhereTheUptimeFellAndTheStartIsFiveSecondsLater) {
  // The kept start is 0 to 0.2 s: from 5.2 s on it surely is later by more, up to 5 s surely not.
  EXPECT_THAT(broken_by_beat(35'300, 35'300, 30.1, true), ElementsAre("S4"));  // it did not fall
  EXPECT_THAT(broken_by_beat(35'150, 35'150, 29.94, false), ElementsAre("S4"));
  EXPECT_THAT(broken_by_beat(35'150, 35'150, 29.94, true), IsEmpty());
  EXPECT_THAT(broken_by_beat(34'900, 34'900, 29.91, true), ElementsAre("S4"));
  EXPECT_THAT(broken_by_beat(34'900, 34'900, 29.91, false), IsEmpty());
  // In between both are right.
  EXPECT_THAT(broken_by_beat(35'000, 35'000, 29.9, true), IsEmpty());
  EXPECT_THAT(broken_by_beat(35'000, 35'000, 29.9, false), IsEmpty());
}

TEST(LiveS4, WantsARestartDetectedOfAProcessThatBeganTenSecondsAfterTheLastBeat) {
  // Heard in 30 to 30.2 s, so from 40.2 s on it surely is one, up to 40 s surely not.
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 39.7, false), ElementsAre("S4"));
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 39.7, true), IsEmpty());
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 40.1, true), ElementsAre("S4"));
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 40.1, false), IsEmpty());
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 39.9, true), IsEmpty());
  EXPECT_THAT(broken_by_beat(80'000, 80'000, 39.9, false), IsEmpty());
  // A beat that was on its way for so long that it may have arrived late enough.
  EXPECT_THAT(broken_by_beat(80'000, 80'400, 40.1, true), IsEmpty());
}

TEST(LiveS4, CannotTellOfRestartsOverAPauseOrABeatWithoutAnAnswer) {
  for (const bool restart : {false, true}) {
    const auto paused = broken_by([restart](Told& told) {
      told.first({.sent = 30'000, .uptime = 30});
      told.oracle().stopped(31'000);
      told.oracle().went_on(39'000);
      told.accepted({.sent = 60'000, .uptime = 10}, {.restart = restart});
    });
    EXPECT_THAT(paused, IsEmpty());
    const auto unsure = broken_by([restart](Told& told) {
      told.first({.sent = 30'000, .uptime = 30});
      told.unanswered({.sent = 50'000, .ended = 55'000, .uptime = 1});
      told.accepted({.sent = 60'000, .uptime = 10}, {.restart = restart});
    });
    EXPECT_THAT(unsure, IsEmpty());
  }
}

TEST(LiveS4, KnowsNoRestartOfWhoWasNeverHeard) {
  const auto broken = broken_by(
      [](Told& told) { told.accepted({.sent = 1'000}, {.is_new = true, .restart = true}); });
  EXPECT_THAT(broken, ElementsAre("S4"));
}

// --- S4: how often it may be told ---

TEST(LiveS4, LetsARestartBeToldOnceForEachThatWasAnswered) {
  const auto broken = [](int told_times) {
    return broken_by([&](Told& told) {
      told.first({.sent = 30'000, .uptime = 30});
      told.accepted({.sent = 60'000, .uptime = 1}, {.restart = true});
      for (int i = 0; i < told_times; ++i) {
        told.post(60'010 + i, i == 0 ? "r0" : "r1", Told::alert("RESTART_DETECTED"));
      }
    });
  };
  EXPECT_THAT(broken(1), IsEmpty());
  EXPECT_THAT(broken(2), ElementsAre("S4"));
}

TEST(LiveS4, LetsARestartBeToldOfABeatWithoutAnAnswer) {
  const auto broken = broken_by([](Told& told) {
    told.first({.sent = 30'000, .uptime = 30});
    told.unanswered({.sent = 60'000, .ended = 65'000, .uptime = 1});
    told.post(60'010, "r0", Told::alert("RESTART_DETECTED"));
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveS4, LetsAnEmergencyBeToldOnceForEachTimeThatOneBegan) {
  const auto broken = [](std::vector<Mode> modes, int told_times) {
    return broken_by([&](Told& told) {
      WorldTime at = 1'000;
      for (const Mode mode : modes) {
        told.accepted({.sent = at, .mode = mode}, {.is_new = at == 1'000});
        at += 1'000;
      }
      for (int i = 0; i < told_times; ++i) {
        told.post(at + i, ("e" + std::to_string(i)).c_str(), Told::alert("EMERGENCY_MODE"));
      }
    });
  };
  EXPECT_THAT(broken({Mode::kIdle}, 1), ElementsAre("S4"));
  EXPECT_THAT(broken({Mode::kEmergency}, 1), IsEmpty());
  EXPECT_THAT(broken({Mode::kEmergency, Mode::kEmergency}, 2), ElementsAre("S4"));
  EXPECT_THAT(broken({Mode::kIdle, Mode::kEmergency}, 1), IsEmpty());
  EXPECT_THAT(broken({Mode::kEmergency, Mode::kIdle, Mode::kEmergency}, 2), IsEmpty());
  EXPECT_THAT(broken({Mode::kEmergency, Mode::kIdle, Mode::kEmergency}, 3), ElementsAre("S4"));
}

TEST(LiveS4, LetsAnEmergencyBeToldOfABeatWithoutAnAnswer) {
  const auto broken = broken_by([](Told& told) {
    told.first(1'000);
    told.unanswered({.sent = 31'000, .ended = 36'000, .mode = Mode::kEmergency});
    told.post(32'000, "e", Told::alert("EMERGENCY_MODE"));
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveS4, LetsAnotherCollectorTellOfAnEmergencyThatTheOneBeforeItKnew) {
  const auto broken = broken_by([](Told& told) {
    told.first({.sent = 1'000, .mode = Mode::kEmergency});
    told.post(1'010, "e1", Told::alert("EMERGENCY_MODE"));
    told.oracle().ended(2'000);
    told.unanswered({.sent = 6'000, .ended = 11'000, .mode = Mode::kEmergency});
    told.post(6'010, "e2", Told::alert("EMERGENCY_MODE"));
  });
  EXPECT_THAT(broken, IsEmpty());
}

// --- the collector's end ---

TEST(LiveOracle, TakesAnAnswerThatIsReadAfterTheEndForTheLifeThatIsOver) {
  const auto broken = [](WorldTime sent, bool is_new_after) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.oracle().ended(31'001);
      told.accepted({.sent = sent, .ended = 31'002}, {.is_new = sent > 31'001});
      told.accepted({.sent = 61'000}, {.is_new = is_new_after});
    });
  };
  EXPECT_THAT(broken(31'001, true), IsEmpty());
  EXPECT_THAT(broken(31'001, false), ElementsAre("S5"));
  EXPECT_THAT(broken(31'002, false), IsEmpty());
  EXPECT_THAT(broken(31'002, true), ElementsAre("S12"));
}

TEST(LiveL7, WantsTheEndWithinDrainAndGraceAndTwoSeconds) {
  const auto broken = [](WorldTime took) {
    return broken_by(
        [&](Told& told) {
          told.oracle().told_to_end(10'000);
          told.oracle().ended(10'000 + took);
        },
        "collector: {drain_ms: 1000, shutdown_grace_ms: 2000}\n");
  };
  EXPECT_THAT(broken(5'000), IsEmpty());
  EXPECT_THAT(broken(5'001), ElementsAre("L7"));
}

TEST(LiveL7, BoundsNoEndThatNobodyAskedFor) {
  const auto broken = broken_by([](Told& told) {
    told.oracle().told_to_end(10'000);
    told.oracle().ended(11'000);
    told.oracle().ended(1'000'000);
  });
  EXPECT_THAT(broken, IsEmpty());
}

TEST(LiveOracle, CountsWhatWasAccepted) {
  Told told;
  told.first(1'000);
  told.beat(31'000);
  told.unanswered({.sent = 61'000, .ended = 66'000});
  EXPECT_EQ(told.oracle().beats_accepted(), 2U);
}

TEST(LiveOracle, KeepsTheFirstOfEachRuleWhenThereAreTooMany) {
  Told told;
  for (int i = 0; i < 1'000; ++i) told.refused({.sent = i}, 400);
  told.oracle().malformed(1'000, "no type");
  EXPECT_EQ(told.oracle().violations().size(), LiveOracle::kMaxViolations + 1);
  EXPECT_EQ(told.oracle().violation_count(Rule::kS5), 1'000U);
  EXPECT_EQ(told.broken().back(), "S13");
}

}  // namespace
}  // namespace pap::sim
