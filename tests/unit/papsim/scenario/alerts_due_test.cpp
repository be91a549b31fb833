// SPDX-License-Identifier: MIT
#include "papsim/scenario/alerts_due.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/scenario/plan_text.hpp"
#include "papsim/scenario/quantities.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> due(const Parts& parts) {
  const Scenario s = read(parts);
  std::vector<std::string> out;
  for (const AlertsDue& row : alerts_due(s, plan_of(s))) {
    out.push_back(std::string(to_string(row.type)) + ' ' + std::to_string(row.count) + ' ' +
                  to_word(row.earliest) + ' ' + to_word(row.latest) + (row.certain ? "" : " ?"));
  }
  return out;
}

constexpr auto kIdle = "  pods: {count: 2, jitter: 10%}\n";

TEST(AlertsDue, AreDeathsBetweenTheLastPossibleBeatAndTheSlack) {
  // The last beat came in (167s, 200s], so the death is decided in (227s, 263s].
  EXPECT_THAT(due({.fleet = kIdle, .timeline = "  - {id: cut, at: 200s, who: pods, do: die}\n"}),
              ElementsAre("AGENT_DEATH 2 227s 263s"));
}

TEST(AlertsDue, AreNoDeathsOfWhoIsBackInTime) {
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: cut, at: 200s, who: pods, do: {restart: {down: 20s}}}\n"}),
              ElementsAre("RESTART_DETECTED 2 220s 220s"));
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: cut, at: 200s, who: pods, do: {restart: {down: 40s}}}\n"}),
              ElementsAre("AGENT_DEATH 2 227s 4m ?", "RESTART_DETECTED 2 4m 4m"));
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: cut, at: 200s, who: pods, do: {restart: {down: 64s}}}\n"}),
              ElementsAre("AGENT_DEATH 2 227s 263s", "RESTART_DETECTED 2 264s 264s"));
}

TEST(AlertsDue, AreEmergenciesAtOnce) {
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: e, during: [200s, 300s], who: pods, do: {mode: "
                               "EMERGENCY}}\n"}),
              ElementsAre("EMERGENCY_MODE 2 200s 200s"));
}

TEST(AlertsDue, AreEmergenciesAtFirstSightOfTheYoung) {
  EXPECT_THAT(
      due({.fleet = "  old: {count: 1, mode: EMERGENCY}\n"
                    "  young: {count: 1, mode: EMERGENCY, join: {from: 10s}}\n"
                    "  late: {count: 1, mode: EMERGENCY, join: {from: 80s}, uptime: 1d}\n"}),
      ElementsAre("EMERGENCY_MODE 1 10s 10s", "EMERGENCY_MODE 1 80s 80s"));
}

TEST(AlertsDue, AreNoneOfWhoWasNeverHeardOrLeft) {
  EXPECT_THAT(due({.fleet = "  pods: {count: 2, mode: SLEEP}\n",
                   .timeline = "  - {id: cut, at: 60s, who: {group: pods, pick: 1, order: id}, do: "
                               "leave}\n"
                               "  - {id: b, at: 70s, who: pods, do: die}\n"}),
              IsEmpty());
}

TEST(AlertsDue, AreDeathsOfWhoIsFrozenTooLong) {
  EXPECT_THAT(
      due({.fleet = kIdle, .timeline = "  - {id: f, at: 200s, who: pods, do: {freeze: 70s}}\n"}),
      ElementsAre("AGENT_DEATH 2 227s 263s"));
}

// --- agents that beat before their planned first beat ---

TEST(AlertsDue, AreDeathsOfWhoWasRestartedBeforeItsFirstBeat) {
  // The second's first beat was to be at 150s.
  EXPECT_THAT(due({.fleet = "  pods: {count: 2, mode: SLEEP}\n",
                   .timeline = "  - {id: again, at: 60s, who: pods, do: {restart: {down: 1s}}}\n"
                               "  - {id: cut, at: 2m, who: pods, do: die}\n"}),
              ElementsAre("RESTART_DETECTED 1 61s 61s", "AGENT_DEATH 2 1861s 1868500ms"));
}

TEST(AlertsDue, AreDeathsOfWhoChangedItsModeBeforeItsFirstBeat) {
  EXPECT_THAT(due({.fleet = "  pods: {count: 2, mode: SLEEP}\n",
                   .timeline = "  - {id: up, at: 60s, who: pods, do: {mode: IDLE}}\n"
                               "  - {id: cut, at: 70s, who: pods, do: die}\n"}),
              ElementsAre("AGENT_DEATH 2 2m 123s"));
}

TEST(AlertsDue, AreNoneOfWhoSpeaksBeforeItsProcessBegan) {
  // Of the second, which says an uptime of 0 with its first beat at 150s.
  EXPECT_THAT(due({.fleet = "  pods: {count: 2, mode: SLEEP, uptime: 0s}\n",
                   .timeline = "  - {id: up, at: 60s, who: pods, do: {mode: EMERGENCY}}\n"
                               "  - {id: cut, at: 70s, who: pods, do: die}\n"}),
              ElementsAre("EMERGENCY_MODE 1 1m 1m", "AGENT_DEATH 1 75s 80500ms"));
}

// --- who comes back ---

constexpr auto kOneInEmergency = "  a: {count: 1, mode: EMERGENCY, join: {from: 90s}}\n";

TEST(AlertsDue, AreEmergenciesAnewOfWhoLeftAndCameBack) {
  EXPECT_THAT(due({.fleet = kOneInEmergency,
                   .timeline = "  - {id: off, at: 2m, who: a, do: leave}\n"
                               "  - {id: back, at: 4m, who: a, do: revive}\n"}),
              ElementsAre("EMERGENCY_MODE 1 90s 90s", "EMERGENCY_MODE 1 4m 4m"));
}

TEST(AlertsDue, AreEmergenciesOnceOfWhoNeverLeft) {
  EXPECT_THAT(due({.fleet = kOneInEmergency,
                   .timeline = "  - {id: again, at: 2m, who: a, do: {restart: {down: 1s}}}\n"}),
              ElementsAre("EMERGENCY_MODE 1 90s 90s", "RESTART_DETECTED 1 121s 121s"));
}

TEST(AlertsDue, AreNoRestartsWithinTheMarginOfTheRule) {
  const auto of_uptime = [](const std::string& uptime) {
    return due({.fleet = "  pods: {count: 1, uptime: " + uptime + "}\n",
                .timeline = "  - {id: again, at: 9s, who: pods, do: {restart: {down: 0s}}}\n"});
  };
  EXPECT_THAT(of_uptime("1s"), ElementsAre("RESTART_DETECTED 1 9s 9s"));
  // Its only beat said 0, which is not more than what the new process says.
  EXPECT_THAT(of_uptime("0s"), IsEmpty());
  EXPECT_THAT(due({.fleet = "  pods: {count: 1, uptime: 0s}\n",
                   .timeline = "  - {id: again, at: 40s, who: pods, do: {restart: {down: 1s}}}\n"}),
              ElementsAre("RESTART_DETECTED 1 41s 41s"));
}

// --- who is frozen ---

TEST(AlertsDue, AreDeathsReckonedFromTheFreezeOfWhoDiesInIt) {
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: f, at: 200s, who: pods, do: {freeze: 50s}}\n"
                               "  - {id: cut, at: 210s, who: pods, do: die}\n"}),
              ElementsAre("AGENT_DEATH 2 227s 263s"));
}

TEST(AlertsDue, AreEmergenciesAfterTheFreezeThatHidThem) {
  EXPECT_THAT(due({.fleet = kIdle,
                   .timeline = "  - {id: f, at: 200s, who: pods, do: {freeze: 10s}}\n"
                               "  - {id: e, at: 205s, who: pods, do: {mode: EMERGENCY}}\n"}),
              ElementsAre("EMERGENCY_MODE 2 210s 210s"));
}

TEST(PlanText, TellsTheStory) {
  const Scenario s = read(Parts{
      .fleet = "  pods: {count: 6, id: \"pod-{i}\"}\n  one: {count: 1, id: me, mode: SLEEP}\n",
      .timeline = "  - {id: cut, at: 70s, who: pods, do: die}\n"
                  "  - {id: off, during: [80s, 90s], do: {collector: pause}}\n"});
  EXPECT_EQ(plan_text(s, plan_of(s), false),
            R"(story, seed 1
  A story.
  runs for 10m, settles for 30s or as long as liveness takes

fleet
  pods  6 IDLE; first beats 0s .. 25s; pod-0 .. pod-5
  one   1 SLEEP; first beats 0s .. 0s; me

timeline
  1m10s         cut  stop            6: pod-0, pod-1, pod-2, … pod-5
  1m20s         off  collector
  1m30s         off  collector ends
  10m           all faults are healed

alerts due
  1m40s .. 2m13s  AGENT_DEATH       6 by cut
  (in a world without the faults of net, collector and clocks above)
)");
}

}  // namespace
}  // namespace pap::sim
