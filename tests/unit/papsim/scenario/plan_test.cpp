// SPDX-License-Identifier: MIT
#include "papsim/scenario/plan.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/scenario/plan_fleet.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using testing::ElementsAre;
using testing::IsEmpty;

Plan plan(const std::string& timeline, std::uint64_t seed = 1) {
  return plan_of(read(Parts{.timeline = timeline}), seed);
}

// "70s stop 0 1 2", one a step.
std::vector<std::string> steps_of(const Plan& plan) {
  constexpr std::array<const char*, 8> kKinds{"stop",  "start", "freeze", "thaw",
                                              "leave", "mode",  "begin",  "end"};
  std::vector<std::string> out;
  for (const Step& step : plan.steps) {
    std::string line =
        std::to_string(step.at.count()) + ' ' + kKinds[static_cast<std::size_t>(step.kind)];
    if (step.kind == StepKind::kMode) line += ' ' + std::string(to_string(step.mode));
    for (const AgentNumber agent : plan.who_of(step)) line += ' ' + std::to_string(agent);
    out.push_back(line);
  }
  return out;
}

std::vector<std::string> errors_of(const std::string& timeline) {
  std::vector<PlanError> errors;
  make_plan(read(Parts{.timeline = timeline}), 1, errors);
  std::vector<std::string> out;
  for (const PlanError& error : errors) out.push_back(error.message);
  return out;
}

// --- the fleet ---

TEST(LargestRemainder, SplitsExactly) {
  EXPECT_THAT(split_by_largest_remainder(10, {0, 900'000, 100'000}), ElementsAre(0, 9, 1));
  EXPECT_THAT(split_by_largest_remainder(3, {333'333, 333'333, 333'334}), ElementsAre(1, 1, 1));
  EXPECT_THAT(split_by_largest_remainder(1, {500'000, 500'000, 0}), ElementsAre(1, 0, 0));
  EXPECT_THAT(split_by_largest_remainder(7, {0, 500'000, 500'000}), ElementsAre(0, 4, 3));
  EXPECT_THAT(split_by_largest_remainder(10'000'000, {1, 999'999, 0}),
              ElementsAre(10, 9'999'990, 0));
}

TEST(PlannedFleet, IsNumberedThroughTheGroups) {
  const Plan p = plan_of(read(Parts{.fleet = "  a: {count: 2}\n  b: {count: 3}\n"}));
  ASSERT_EQ(p.agents.size(), 5U);
  EXPECT_EQ(p.agents[2].group, 1U);
  EXPECT_EQ(p.agents[2].index, 0U);
  EXPECT_EQ(p.agents[4].member, 4U);
  EXPECT_EQ(p.agents[4].same_id_as, 4U);
}

TEST(PlannedFleet, SpreadsFirstBeatsOverTheIntervalOfEachMode) {
  const Plan p = plan_of(read(Parts{.fleet = "  a: {count: 4, mode: {IDLE: 50%, SLEEP: 50%}}\n"}));
  std::vector<std::pair<Mode, std::int64_t>> beats;
  for (const PlannedAgent& agent : p.agents) {
    beats.emplace_back(agent.mode, agent.first_beat.count());
  }
  EXPECT_THAT(beats, ElementsAre(std::pair{Mode::kIdle, 0}, std::pair{Mode::kSleep, 0},
                                 std::pair{Mode::kIdle, 15'000}, std::pair{Mode::kSleep, 450'000}));
}

TEST(PlannedFleet, MixesModesEvenlyAmongTheMembers) {
  const Plan p =
      plan_of(read(Parts{.fleet = "  a: {count: 100, mode: {IDLE: 90%, SLEEP: 10%}}\n"}));
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    std::size_t sleepers = 0;
    for (std::size_t i = 0; i < 10; ++i) {
      sleepers += p.agents[10 * tenth + i].mode == Mode::kSleep ? 1U : 0U;
    }
    EXPECT_EQ(sleepers, 1U) << tenth;
  }
}

TEST(PlannedFleet, JoinsAsItsRampSays) {
  const auto beats = [](const std::string& join) {
    const Plan p = plan_of(read(Parts{.fleet = "  a: {count: 4, join: " + join + "}\n"}));
    std::vector<std::int64_t> out;
    for (const PlannedAgent& agent : p.agents) out.push_back(agent.first_beat.count());
    return out;
  };
  EXPECT_THAT(beats("{from: 10s, over: 40s}"), ElementsAre(10'000, 20'000, 30'000, 40'000));
  EXPECT_THAT(beats("{over: 40s, by: steps, steps: 2}"), ElementsAre(0, 0, 20'000, 20'000));
  for (const std::int64_t beat : beats("{from: 10s, over: 40s, by: poisson}")) {
    EXPECT_GE(beat, 10'000);
    EXPECT_LT(beat, 50'000);
  }
}

TEST(PlannedFleet, DrawsUptimesWithinTheRange) {
  const Plan p = plan_of(read(Parts{.fleet = "  a: {count: 100, uptime: 1s..2s}\n"}));
  std::set<std::int64_t> seen;
  for (const PlannedAgent& agent : p.agents) {
    EXPECT_GE(agent.uptime, 1s);
    EXPECT_LE(agent.uptime, 2s);
    seen.insert(agent.uptime.count());
  }
  EXPECT_GT(seen.size(), 50U);
}

TEST(PlannedFleet, GivesTwinsTheIdsOfTheOthers) {
  const Scenario s = read(Parts{.fleet = "  a: {count: 2}\n  b: {count: 2, ids_of: a}\n"});
  const Plan p = plan_of(s);
  EXPECT_EQ(p.agents[3].same_id_as, 1U);
  EXPECT_EQ(id_of(s, p, 3), id_of(s, p, 1));
  EXPECT_NE(id_of(s, p, 0), id_of(s, p, 1));
}

TEST(PlannedFleet, HasIdsThatOtherGroupsDoNotChange) {
  const Scenario one = read(Parts{.fleet = "  a: {count: 2}\n"});
  const Scenario two = read(Parts{.fleet = "  z: {count: 7}\n  a: {count: 3}\n"});
  EXPECT_EQ(id_of(one, plan_of(one), 1), id_of(two, plan_of(two), 8));
  EXPECT_NE(id_of(one, plan_of(one, 1), 1), id_of(one, plan_of(one, 2), 1));
}

// --- the timeline ---

TEST(Plan, StopsAndStartsWhoDiesAndIsRevived) {
  EXPECT_THAT(steps_of(plan("  - {id: cut, at: 70s, who: {group: pods, pick: 3, order: id}, do: "
                            "die}\n"
                            "  - {id: back, at: 200s, who: cut, do: revive}\n")),
              ElementsAre("70000 stop 0 1 2", "200000 start 0 1 2"));
}

TEST(Plan, IsTheSameForTheSameSeed) {
  const auto timeline =
      "  - {id: cut, at: 70s, pace: {over: 60s, by: poisson}, who: {group: pods, "
      "pick: 50%}, do: die}\n";
  EXPECT_EQ(steps_of(plan(timeline, 7)), steps_of(plan(timeline, 7)));
  EXPECT_NE(steps_of(plan(timeline, 7)), steps_of(plan(timeline, 8)));
}

TEST(Plan, KeepsPicksWhenAnotherEntryIsTakenOut) {
  const std::string a = "  - {id: a, at: 1m, who: {group: pods, pick: 3}, do: restart}\n";
  const std::string b = "  - {id: b, at: 2m, who: {group: pods, pick: 3}, do: {freeze: 1s}}\n";
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(plan(a + b, seed).picked[1], plan(b, seed).picked[0]) << seed;
  }
}

TEST(Plan, PicksOnlyTheLiving) {
  const std::string timeline =
      "  - {id: first, at: 1m, who: {group: pods, pick: 6}, do: die}\n"
      "  - {id: second, at: 2m, who: {group: pods, pick: 4}, do: die}\n";
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Plan p = plan(timeline, seed);
    std::set<AgentNumber> all(p.picked[0].begin(), p.picked[0].end());
    all.insert(p.picked[1].begin(), p.picked[1].end());
    EXPECT_EQ(all.size(), 10U);
  }
}

TEST(Plan, RoundsSharesUp) {
  EXPECT_EQ(plan("  - {id: a, at: 1m, who: {group: pods, pick: 11%}, do: die}\n").picked[0].size(),
            2U);
  EXPECT_EQ(plan("  - {id: a, at: 1m, who: {group: pods, pick: 1ppm}, do: die}\n").picked[0].size(),
            1U);
}

TEST(Plan, RefusesAPickThatFindsTooFew) {
  EXPECT_THAT(errors_of("  - {id: a, at: 1m, who: {group: pods, pick: 7}, do: die}\n"
                        "  - {id: b, at: 2m, who: {group: pods, pick: 7}, do: die}\n"),
              ElementsAre("timeline.b: at 2m it picks 7 of 'pods', but 3 of 10 are alive"));
  EXPECT_THAT(errors_of("  - {id: a, at: 1m, who: {group: pods, pick: 1}, do: revive}\n"),
              ElementsAre("timeline.a: at 1m it picks 1 of 'pods', but 0 of 10 are dead"));
  EXPECT_THAT(errors_of("  - {id: a, at: 1m, who: pods, do: die}\n"
                        "  - {id: b, at: 2m, who: pods, do: die}\n"),
              ElementsAre("timeline.b: at 2m it meets nobody: none of them is alive"));
}

TEST(Plan, TellsOnceOfEachEntryThatFindsTooFew) {
  EXPECT_THAT(errors_of("  - {id: a, every: {each: 10s, from: 1m, to: 5m}, who: {group: pods, "
                        "pick: 4}, do: die}\n"),
              ElementsAre("timeline.a: at 80s it picks 4 of 'pods', but 2 of 10 are alive"));
}

TEST(Plan, LaysOutAPaceEvenlyOrAtRandomOrInLots) {
  const auto times = [](const std::string& by) {
    std::vector<std::int64_t> out;
    for (const Step& step :
         plan("  - {id: a, at: 1m, pace: {over: 100s, by: " + by + "}, who: pods, do: die}\n")
             .steps) {
      out.insert(out.end(), step.count, step.at.count());
    }
    return out;
  };
  EXPECT_THAT(times("spread"), ElementsAre(60'000, 70'000, 80'000, 90'000, 100'000, 110'000,
                                           120'000, 130'000, 140'000, 150'000));
  EXPECT_THAT(times("steps, steps: 2"), ElementsAre(60'000, 60'000, 60'000, 60'000, 60'000, 110'000,
                                                    110'000, 110'000, 110'000, 110'000));
  const auto poisson = times("poisson");
  EXPECT_EQ(poisson.size(), 10U);
  EXPECT_GE(poisson.front(), 60'000);
  EXPECT_LT(poisson.back(), 160'000);
}

TEST(Plan, PicksAnewEachTime) {
  const Plan p = plan(
      "  - {id: a, every: {each: 10s, from: 1m, to: 85s}, who: {group: pods, pick: "
      "1}, do: {restart: {down: 1s}}}\n",
      3);
  EXPECT_EQ(p.picked[0].size(), 3U);
  std::vector<std::int64_t> stops;
  for (const Step& step : p.steps) {
    if (step.kind == StepKind::kStop) stops.push_back(step.at.count());
  }
  EXPECT_THAT(stops, ElementsAre(60'000, 70'000, 80'000));
  std::set<AgentNumber> picked;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Plan q = plan(
        "  - {id: a, every: {each: 10s, from: 1m, to: 3m}, who: {group: pods, "
        "pick: 1}, do: restart}\n",
        seed);
    picked.insert(q.picked[0].begin(), q.picked[0].end());
  }
  EXPECT_EQ(picked.size(), 10U);
}

TEST(Plan, IncludesTheLastMomentOfEvery) {
  EXPECT_EQ(plan("  - {id: a, every: {each: 10s, from: 1m, to: 80s}, who: pods, do: restart}\n")
                .picked[0]
                .size(),
            30U);
}

TEST(Plan, RestartsUnderANewNumberWithANewIdentity) {
  const Scenario s = read(
      Parts{.fleet = "  pods: {count: 2, id: \"pod-{i}\"}\n",
            .timeline =
                "  - {id: a, at: 1m, who: pods, do: {restart: {down: 5s, identity: new}}}\n"
                "  - {id: b, at: 2m, who: {group: pods, pick: 1, order: id}, do: {restart: {down: "
                "5s, identity: new}}}\n"
                "  - {id: c, at: 3m, who: a, do: die}\n"});
  const Plan p = plan_of(s);
  EXPECT_THAT(steps_of(p), ElementsAre("60000 stop 0 1", "65000 start 2 3", "120000 stop 2",
                                       "125000 start 4", "180000 stop 4 3"));
  EXPECT_EQ(p.agents[4].member, 0U);
  EXPECT_EQ(p.agents[4].identity, 2U);
  EXPECT_EQ(p.agents[4].first_beat, 125s);
  EXPECT_EQ(p.agents[4].uptime, 0s);
  EXPECT_EQ(id_of(s, p, 2), "pod-0.1");
  EXPECT_EQ(id_of(s, p, 4), "pod-0.2");
  EXPECT_THAT(p.picked[0], ElementsAre(0, 1));
  EXPECT_THAT(agents_of(s, p, std::vector{AgentSet{AgentSet::Kind::kGroup, 0}}),
              ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(agents_of(s, p, std::vector{AgentSet{AgentSet::Kind::kEntry, 1}}), ElementsAre(2));
}

TEST(Plan, SwizzlesThroughTwoOrders) {
  const Plan p = plan("  - {id: a, at: 1m, who: pods, do: {swizzle: {over: 20s}}}\n", 5);
  ASSERT_EQ(p.steps.size(), 20U);
  std::vector<AgentNumber> stopped;
  std::vector<AgentNumber> started;
  for (const Step& step : p.steps) {
    ASSERT_EQ(step.count, 1U);
    auto& order = step.kind == StepKind::kStop ? stopped : started;
    EXPECT_EQ(step.at, 60s + (step.kind == StepKind::kStop ? 0s : 10s) +
                           1s * static_cast<int>(order.size()));
    order.push_back(p.who_of(step)[0]);
  }
  EXPECT_NE(stopped, started);
  std::sort(stopped.begin(), stopped.end());
  std::sort(started.begin(), started.end());
  EXPECT_EQ(stopped, started);
}

TEST(Plan, DoesNotBringBackASwizzledMemberThatDiedFirst) {
  const Plan p = plan(
      "  - {id: a, at: 1m, who: pods, do: {swizzle: {over: 20s}}}\n"
      "  - {id: b, at: 65500ms, who: pods, do: die}\n");
  std::size_t started = 0;
  for (const Step& step : p.steps) started += step.kind == StepKind::kStart ? step.count : 0;
  EXPECT_EQ(started, 6U);
  EXPECT_EQ(p.picked[1].size(), 4U);
}

TEST(Plan, FreezesAndThaws) {
  EXPECT_THAT(steps_of(plan("  - {id: a, at: 1m, who: {group: pods, pick: 2, order: id}, do: "
                            "{freeze: 30s}}\n"
                            "  - {id: b, at: 70s, who: {group: pods, pick: 1, order: id}, do: die}"
                            "\n")),
              ElementsAre("60000 freeze 0 1", "70000 stop 0", "90000 thaw 1"));
}

TEST(Plan, BringsBackTheFormerModeWhereStatesOverlap) {
  EXPECT_THAT(
      steps_of(plan("  - {id: low, during: [60s, 120s], who: {group: pods, pick: 1, order: id}, "
                    "do: {mode: EMERGENCY}}\n"
                    "  - {id: high, during: [90s, 150s], who: low, do: {mode: SLEEP}}\n"
                    "  - {id: base, at: 100s, who: low, do: {mode: EMERGENCY}}\n")),
      // Under `high` neither the end of `low` nor a new mode beneath shows.
      ElementsAre("60000 mode EMERGENCY 0", "90000 mode SLEEP 0", "150000 mode EMERGENCY 0"));
}

TEST(Plan, StepsOnlyThoseWhoseModeChanges) {
  EXPECT_THAT(steps_of(plan("  - {id: a, at: 1m, who: {group: pods, pick: 1, order: id}, do: "
                            "{mode: SLEEP}}\n"
                            "  - {id: b, at: 2m, who: {group: pods, pick: 2, order: id}, do: "
                            "{mode: SLEEP}}\n"
                            "  - {id: c, at: 3m, who: {group: pods, pick: 2, order: id}, do: "
                            "{mode: SLEEP}}\n")),
              ElementsAre("60000 mode SLEEP 0", "120000 mode SLEEP 1"));
}

TEST(Plan, StartsANewIdentityInTheModeOfItsMember) {
  const Plan p = plan(
      "  - {id: a, at: 1m, who: {group: pods, pick: 1, order: id}, do: {mode: "
      "SLEEP}}\n"
      "  - {id: b, at: 2m, who: a, do: {restart: {identity: new}}}\n");
  EXPECT_EQ(p.agents[10].mode, Mode::kSleep);
}

TEST(Plan, BeginsAndEndsStates) {
  EXPECT_THAT(steps_of(plan("  - {id: a, during: [60s, 90s], do: {station: down}}\n"
                            "  - {id: b, at: 2m, do: {collector: {pause: 5s}}}\n"
                            "  - {id: c, every: {each: 60s, from: 3m, to: 4m, lasts: 10s}, who: "
                            "{group: pods, pick: 1, order: id}, do: {net: {cut: both}}}\n"
                            "  - {id: d, at: 8m, do: {station: hang}}\n"
                            "  - {id: e, at: 9m, do: {collector: {clock: {wall: {step: 1h}}}}}\n")),
              ElementsAre("60000 begin", "90000 end", "120000 begin", "125000 end",
                          "180000 begin 0", "190000 end 0", "240000 begin 0", "250000 end 0",
                          "480000 begin", "540000 begin", "600000 end"));
}

TEST(Plan, EndsAStateBeforeItBeginsAnew) {
  EXPECT_THAT(steps_of(plan("  - {id: a, every: {each: 60s, from: 1m, to: 3m, lasts: 60s}, who: "
                            "{group: pods, pick: 1, order: id}, do: {mode: SLEEP}}\n")),
              ElementsAre("60000 mode SLEEP 0", "120000 mode IDLE 0", "120000 mode SLEEP 0",
                          "180000 mode IDLE 0", "180000 mode SLEEP 0", "240000 mode IDLE 0"));
}

TEST(Plan, TakesWhatHappensAtOneMomentInFileOrder) {
  EXPECT_THAT(steps_of(plan("  - {id: a, at: 1m, who: {group: pods, pick: 1, order: id}, do: "
                            "{restart: {down: 10s}}}\n"
                            "  - {id: b, at: 70s, who: a, do: die}\n")),
              ElementsAre("60000 stop 0", "70000 start 0", "70000 stop 0"));
}

TEST(Plan, LeavesWhoDiedBeforeHisTurn) {
  EXPECT_THAT(steps_of(plan("  - {id: a, at: 60s, pace: {over: 10s}, who: {group: pods, pick: 2, "
                            "order: id}, do: die}\n"
                            "  - {id: b, at: 62s, who: {group: pods, pick: 2, order: id}, do: "
                            "leave}\n")),
              ElementsAre("60000 stop 0", "62000 leave 1 2"));
  const Scenario s =
      read(Parts{.timeline = "  - {id: a, at: 60s, pace: {over: 10s}, who: {group: pods, pick: 2, "
                             "order: id}, do: die}\n"
                             "  - {id: b, at: 62s, who: pods, do: leave}\n"});
  const Plan p = plan_of(s);
  EXPECT_THAT(p.picked[0], ElementsAre(0, 1));
  EXPECT_THAT(agents_of(s, p, std::vector{AgentSet{AgentSet::Kind::kEntry, 0}}), ElementsAre(0));
}

TEST(Plan, PicksNobodyWhoHasNotJoinedYet) {
  std::vector<PlanError> errors;
  make_plan(read(Parts{.fleet = "  pods: {count: 4, join: {from: 1m, over: 40s}}\n",
                       .timeline = "  - {id: a, at: 75s, who: {group: pods, pick: 2}, do: die}\n"
                                   "  - {id: b, at: 76s, who: {group: pods, pick: 1}, do: die}\n"}),
            1, errors);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].message, "timeline.b: at 76s it picks 1 of 'pods', but 0 of 4 are alive");
}

TEST(Plan, MeetsLinksOfTheDeadToo) {
  EXPECT_THAT(steps_of(plan("  - {id: a, at: 1m, who: {group: pods, pick: 9, order: id}, do: die}\n"
                            "  - {id: b, during: [2m, 3m], who: a, do: {net: {cut: both}}}\n")),
              ElementsAre("60000 stop 0 1 2 3 4 5 6 7 8", "120000 begin 0 1 2 3 4 5 6 7 8",
                          "180000 end 0 1 2 3 4 5 6 7 8"));
}

}  // namespace
}  // namespace pap::sim
