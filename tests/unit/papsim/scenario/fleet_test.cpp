// SPDX-License-Identifier: MIT
// What a fleet may not be; messages letter for letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::IsEmpty;

std::string problem_of_fleet(std::string fleet) { return problem_of({.fleet = std::move(fleet)}); }

TEST(Fleet, HasAnAgent) {
  EXPECT_EQ(problem_of_fleet("  a: {count: 0}\n"), "count must be at least 1, not 0");
  EXPECT_EQ(problem_of_fleet("  a: {count: -1}\n"), "count: '-1' is not a whole number");
  EXPECT_EQ(problem_of_fleet("  {}\n"), "the fleet has no group");
  EXPECT_EQ(problem_of_fleet("  []\n"), "fleet must be a map of groups, not a list");
}

TEST(Fleet, HasAtMostTenMillionAgents) {
  EXPECT_EQ(problem_of_fleet("  a: {count: 10000001}\n"),
            "count must be at most 10000000, not 10000001");
  EXPECT_EQ(problem_of_fleet("  a: {count: 6000000}\n  b: {count: 6000000}\n"),
            "the fleet has 12000000 agents; at most 10000000");
}

TEST(Fleet, SplitsModesThatSumToAll) {
  EXPECT_EQ(problem_of_fleet("  a: {count: 1, mode: {IDLE: 50%, SLEEP: 49.9%}}\n"),
            "the shares of mode sum to 99.9%, not to 100%");
  EXPECT_EQ(problem_of_fleet("  a: {count: 1, mode: {IDLE: 50%, SLEP: 50%}}\n"),
            "there is no mode 'SLEP'; did you mean 'SLEEP'?");
  EXPECT_EQ(problem_of_fleet("  a: {count: 1, mode: idle}\n"),
            "there is no mode 'idle'; did you mean 'IDLE'?");
  EXPECT_EQ(problem_of_fleet("  a: {count: 1, mode: {IDLE: 5}}\n"),
            "IDLE: '5' is not a share, like 10% or 0.4%");
}

TEST(Fleet, GivesEachAgentAnIdOfItsOwn) {
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, id: pod}\n"),
            "fleet.a: 2 agents would all be called 'pod'; put {i} or {uuid} into the id");
  EXPECT_THAT(problems_of(Parts{.fleet = "  a: {count: 1, id: pod}\n"}), IsEmpty());
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, id: \"pod-{n}\"}\n"),
            "fleet.a: id 'pod-{n}' has {n} is neither {uuid} nor {i} nor {i:04}");
  EXPECT_EQ(problem_of_fleet("  a: {count: 20, id: \"pod-{i}\"}\n"
                             "  b: {count: 2, id: \"pod-1{i}\"}\n"),
            "fleet.b: 'pod-10' is also an agent of 'a'; if that is meant, say ids_of: a");
  EXPECT_THAT(problems_of(Parts{.fleet = "  a: {count: 20, id: \"pod-{i}\"}\n"
                                         "  b: {count: 2, id: \"pod-x{i}\"}\n"}),
              IsEmpty());
  EXPECT_EQ(problem_of_fleet("  a: {count: 1, id: \"" + std::string(125, 'x') + "\"}\n"),
            "fleet.a: '" + std::string(125, 'x') +
                "' leaves no room for a later identity's number under 128 bytes");
}

TEST(Fleet, MayShareIdsWhereItSaysSo) {
  EXPECT_THAT(problems_of(Parts{.fleet = "  a: {count: 2}\n  b: {count: 2, ids_of: a}\n"}),
              IsEmpty());
  EXPECT_EQ(problem_of_fleet("  a: {count: 2}\n  b: {count: 3, ids_of: a}\n"),
            "fleet.b: 3 agents want ids of 'a', which has 2");
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, ids_of: a}\n"),
            "fleet.a: ids_of names the group itself");
  EXPECT_EQ(problem_of_fleet("  a: {count: 2}\n  b: {count: 2, ids_of: a}\n"
                             "  c: {count: 2, ids_of: b}\n"),
            "fleet.c: 'b' has its ids from 'a'; name that");
  EXPECT_EQ(problem_of_fleet("  apple: {count: 2}\n  b: {count: 2, ids_of: appel}\n"),
            "there is no group 'appel'; did you mean 'apple'?");
  EXPECT_EQ(problem_of_fleet("  a: {count: 2}\n  b: {count: 2, id: \"{uuid}\", ids_of: a}\n"),
            "'id' and 'ids_of' exclude each other");
}

TEST(Fleet, JoinsBeforeTheRunEnds) {
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, join: {from: 9m, over: 2m}}\n"),
            "fleet.a: the last one joins at 11m, after the run ends at 10m");
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, join: {over: 2m, by: steps}}\n"),
            "by: steps wants to know how many: 'steps' is missing");
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, join: {over: 2m, steps: 3}}\n"),
            "steps goes with by: steps alone");
}

TEST(Fleet, ReadsRangesOfUptime) {
  const Scenario s = read(Parts{.fleet = "  a: {count: 2, uptime: 1h..7d}\n"});
  EXPECT_EQ(s.fleet[0].uptime_from, std::chrono::hours{1});
  EXPECT_EQ(s.fleet[0].uptime_to, std::chrono::hours{24 * 7});
  EXPECT_EQ(problem_of_fleet("  a: {count: 2, uptime: 7d..1h}\n"),
            "uptime: '7d..1h' ends before it begins");
}

}  // namespace
}  // namespace pap::sim
