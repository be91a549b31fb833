// SPDX-License-Identifier: MIT
// S12, S13, L1, L4 and L5: what GET /agents shows at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/told_live_oracle.hpp"

namespace pap::sim {
namespace {

using nlohmann::json;
using protocol::Mode;
using testing::ElementsAre;
using testing::IsEmpty;
using Told = ToldLiveOracle;

// A beat sent at 1 s and answered at 1.5 s; the list is asked for in [from, to].
std::vector<std::string> broken_by_list(WorldTime from, WorldTime to, const json& shown,
                                        WorldTime pause = 0) {
  return broken_by([&](Told& told) {
    told.first({.sent = 1'000, .ended = 1'500});
    if (pause > 0) {
      told.oracle().stopped(10'000);
      told.oracle().went_on(10'000 + pause);
    }
    told.oracle().listed(from, to, {{"agents", json::array({shown})}});
  });
}

TEST(LiveL1, ShowsNobodyHealthyAfterTwoIntervalsOfSilence) {
  const json healthy = Told::entry(true);
  EXPECT_THAT(broken_by_list(61'520, 63'000, healthy), IsEmpty());
  EXPECT_THAT(broken_by_list(61'521, 63'000, healthy), ElementsAre("L1"));
}

TEST(LiveL1, GrantsAllTimeThatTheCollectorMayHaveLost) {
  const json healthy = Told::entry(true);
  EXPECT_THAT(broken_by_list(66'520, 66'520, healthy, 5'000), IsEmpty());
  EXPECT_THAT(broken_by_list(66'521, 66'521, healthy, 5'000), ElementsAre("L1"));
  EXPECT_THAT(broken_by_list(61'521, 61'521, healthy, 1'000), ElementsAre("L1"));
  EXPECT_THAT(broken_by_list(62'521, 62'521, healthy, 1'001), IsEmpty());
}

TEST(LiveL5, ShowsNobodyUnhealthyWithinTwoIntervals) {
  const json unhealthy = Told::entry(false);
  EXPECT_THAT(broken_by_list(60'000, 61'000, unhealthy), IsEmpty());
  EXPECT_THAT(broken_by_list(60'000, 60'999, unhealthy), ElementsAre("L5"));
}

TEST(LiveL5, CountsNoTimeThatTheCollectorSurelyLost) {
  const json unhealthy = Told::entry(false);
  EXPECT_THAT(broken_by_list(65'000, 65'000, unhealthy, 5'000), IsEmpty());
  EXPECT_THAT(broken_by_list(64'999, 64'999, unhealthy, 5'000), ElementsAre("L5"));
}

TEST(LiveL5, ShowsARevivedAgentHealthyWithItsFirstBeat) {
  const auto broken = [](bool healthy) {
    return broken_by([healthy](Told& told) {
      told.first(1'000);
      told.death(62'000, 1'000);
      told.accepted({.sent = 90'000, .uptime = 1}, {.restart = true});
      told.listed(90'001, Told::entry(healthy));
    });
  };
  EXPECT_THAT(broken(true), IsEmpty());
  EXPECT_THAT(broken(false), ElementsAre("L5"));
}

TEST(LiveS13, ShowsTheModeThatWasHeardLast) {
  EXPECT_THAT(broken_by_list(2'000, 2'000, Told::entry(true, "IDLE")), IsEmpty());
  EXPECT_THAT(broken_by_list(2'000, 2'000, Told::entry(true, "SLEEP")), ElementsAre("S13"));
  EXPECT_THAT(broken_by_list(2'000, 2'000, {{"agent_uuid", "pod-0"}, {"healthy", true}}),
              ElementsAre("S13"));
}

TEST(LiveS13, ShowsAnAgentOnce) {
  Told told;
  told.first(1'000);
  const json one = Told::entry(true);
  told.oracle().listed(2'000, 2'000, {{"agents", json::array({one, one})}});
  EXPECT_THAT(told.broken(), ElementsAre("S13"));
}

TEST(LiveS13, ShowsNobodyWhoWasRemoved) {
  const auto broken = [](const json& shown) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.oracle().removed(2'000, 0);
      told.listed(3'000, shown);
    });
  };
  EXPECT_THAT(broken(nullptr), IsEmpty());
  EXPECT_THAT(broken(Told::entry(true)), ElementsAre("S13"));
}

TEST(LiveOracle, SaysNothingOfWhoMayHaveBeenHeardLater) {
  const auto broken = [](const json& shown) {
    return broken_by([&](Told& told) {
      told.first(1'000);
      told.unanswered({.sent = 31'000, .ended = 36'000, .mode = Mode::kEmergency});
      told.listed(70'000, shown);
    });
  };
  EXPECT_THAT(broken(Told::entry(true)), IsEmpty());
  EXPECT_THAT(broken(Told::entry(false, "EMERGENCY")), IsEmpty());
}

TEST(LiveOracle, SaysNothingOfStrangers) {
  Told told;
  told.listed(2'000, Told::entry(false, "SLEEP", "stranger"));
  EXPECT_THAT(told.broken(), IsEmpty());
}

TEST(LiveS12, ShowsNoMoreAgentsThanTheTableTakes) {
  const auto broken = [](AgentNumber count) {
    return broken_by(
        [count](Told& told) {
          json agents = json::array();
          for (AgentNumber agent = 0; agent < count; ++agent) {
            told.first({.sent = 1'000, .agent = agent});
            agents.push_back(Told::entry(true, "IDLE", ("pod-" + std::to_string(agent)).c_str()));
          }
          told.oracle().listed(2'000, 2'000, {{"agents", agents}});
        },
        "collector: {max_agents: 3}\n");
  };
  EXPECT_THAT(broken(3), IsEmpty());
  EXPECT_THAT(broken(4), ElementsAre("S12"));
}

TEST(LiveS12, ForgetsOnlyThoseWhoWereToldDead) {
  const auto broken = [](bool told_dead, const char* head) {
    return broken_by(
        [told_dead](Told& told) {
          told.first(1'000);
          if (told_dead) told.death(62'000, 1'000);
          told.listed(100'000, nullptr);
        },
        head);
  };
  EXPECT_THAT(broken(true, ""), IsEmpty());
  EXPECT_THAT(broken(false, ""), ElementsAre("S12"));
  // Of whom a collector without a Station has told, its log alone knows.
  EXPECT_THAT(broken(false, "collector: {station: none}\n"), IsEmpty());
}

// --- L4 ---

// Heard at 1 s; another collector from 10 s on, which does not show it.
std::vector<std::string> broken_by_an_unknown(WorldTime at, LiveOracle::Truth truth) {
  return broken_by([&](Told& told) {
    told.first(1'000);
    told.oracle().ended(10'000);
    told.truths[0] = truth;
    told.listed(at, nullptr);
  });
}

TEST(LiveL4, WantsWhoLivesKnownAgainInTwoIntervalsAndItsTimeAway) {
  EXPECT_THAT(broken_by_an_unknown(135'000, {.beating = true}), IsEmpty());
  EXPECT_THAT(broken_by_an_unknown(135'001, {.beating = true}), ElementsAre("L4"));
  EXPECT_THAT(broken_by_an_unknown(135'001, {.beating = false}), IsEmpty());
}

TEST(LiveL4, CountsFromWhenItLivesOrIsBack) {
  EXPECT_THAT(broken_by_an_unknown(145'000, {.beating = true, .lived_since = 20'000}), IsEmpty());
  EXPECT_THAT(broken_by_an_unknown(145'001, {.beating = true, .lived_since = 20'000}),
              ElementsAre("L4"));
  EXPECT_THAT(broken_by_an_unknown(155'000, {.beating = true, .away_until = 30'000}), IsEmpty());
  EXPECT_THAT(broken_by_an_unknown(155'001, {.beating = true, .away_until = 30'000}),
              ElementsAre("L4"));
}

TEST(LiveL4, WantsNobodyWhoNeverBeatOrWasRemoved) {
  EXPECT_THAT(broken_by([](Told& told) {
                told.truths[0] = {.beating = true};
                told.listed(500'000, nullptr);
              }),
              IsEmpty());
  EXPECT_THAT(broken_by([](Told& told) {
                told.first(1'000);
                told.oracle().removed(2'000, 0);
                told.truths[0] = {.beating = true};
                told.listed(500'000, nullptr);
              }),
              IsEmpty());
}

}  // namespace
}  // namespace pap::sim
