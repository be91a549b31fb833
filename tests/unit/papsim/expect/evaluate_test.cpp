// SPDX-License-Identifier: MIT
// Faults, rules and excuses: what every run is held to.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/expect/judged_run.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;

constexpr auto kAny = "{alerts: {'*': any}, reach: death_decided}";

// --- faults ---

TEST(Faults, AreUnknownWhereTheyBitNobody) {
  JudgedRun run(Parts{.run = "{for: 3m}",
                      .fleet = "  pods: {count: 2, id: \"pod-{i}\", phase: aligned}\n",
                      .timeline =
                          "  - {id: hit, during: [55s, 65s], who: pods, do: {net: {loss: 100%}}}\n"
                          "  - {id: miss, during: [40s, 50s], who: pods, do: {net: {loss: 100%}}}\n"
                          "  - {id: quiet, during: [10s, 20s], do: {station: down}}\n"
                          "  - {id: still, at: 30s, do: {collector: {pause: 3s}}}\n"
                          "  - {id: uuids, at: 30s, do: {station: {ids: uuid}}}\n"});
  const Check hit = run.check(kAny, "fault", "hit");
  EXPECT_EQ(hit.verdict, Verdict::kPassed);
  EXPECT_EQ(hit.population, 2U);
  EXPECT_EQ(hit.value, "2 bites");
  const Check miss = run.check(kAny, "fault", "miss");
  EXPECT_EQ(miss.verdict, Verdict::kUntested);
  EXPECT_EQ(miss.population, 0U);
  EXPECT_EQ(run.verdict(kAny, "fault", "quiet"), Verdict::kUntested);
  EXPECT_EQ(run.verdict(kAny, "fault", "still"), Verdict::kPassed);
  // What only says how the Station is need not bite.
  EXPECT_EQ(run.verdict(kAny, "fault", "uuids"), Verdict::kPassed);
}

TEST(Faults, OfTheStationBiteAgentsThatBeatThere) {
  JudgedRun run(Parts{.run = "{for: 4m}",
                      .fleet = "  pods: {count: 2, id: \"pod-{i}\", phase: aligned}\n",
                      .timeline =
                          "  - {id: hit, during: [55s, 65s], who: pods, do: {net: {loss: 100%}}}\n"
                          "  - {id: dark, during: [64s, 90s], do: {station: {status: 503}}}\n"});
  EXPECT_EQ(run.verdict(kAny, "fault", "dark"), Verdict::kPassed);
}

TEST(Faults, OfAgentsAreAsManyAsWerePicked) {
  JudgedRun run(
      Parts{.run = "{for: 3m}",
            .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 3}, do: die}\n"});
  const Check cut = run.check(kAny, "fault", "cut");
  EXPECT_EQ(cut.verdict, Verdict::kPassed);
  EXPECT_EQ(cut.value, "3 agents");
  JudgedRun one(
      Parts{.run = "{for: 3m}",
            .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n"});
  EXPECT_EQ(one.check(kAny, "fault", "cut").value, "1 agent");
}

// --- rules ---

TEST(Rules, AreKeptByAsManyAsThereWereBeats) {
  JudgedRun run(Parts{.run = "{for: 1m}", .fleet = "  pods: {count: 3, phase: aligned}\n"});
  const Check kept = run.check(kAny, "rules");
  EXPECT_EQ(kept.verdict, Verdict::kPassed);
  EXPECT_GE(kept.population, 6U);
}

TEST(Rules, AreUnknownWhereNobodyBeat) {
  const Scenario scenario = read(Parts{});
  const Plan plan = plan_of(scenario);
  Oracle oracle(scenario, plan);
  World world(scenario, plan, oracle);  // and is never run
  std::vector<Check> checks;
  const VirtualEvidence evidence(world, oracle);
  check_rules({scenario, plan, evidence}, checks);
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].verdict, Verdict::kUntested);
  EXPECT_EQ(checks[0].population, 0U);
}

TEST(Rules, HaveARowForEachThatIsBroken) {
  JudgedRun run(Parts{.run = "{for: 1m}", .fleet = "  pods: {count: 3, id: \"pod-{i}\"}\n"});
  run.oracle().decided_dead(60'000, 1);
  run.oracle().decided_dead(60'000, 2);
  run.oracle().decided_dead(60'000, 99);
  const auto checks = run.checks(kAny);
  const auto rows = [&](const char* rule) {
    return std::count_if(checks.begin(), checks.end(),
                         [rule](const Check& check) { return check.rule == rule; });
  };
  EXPECT_EQ(rows("rules"), 0);
  EXPECT_EQ(rows("S1"), 1);
  EXPECT_EQ(rows("S3"), 1);
  const Check first = run.check(kAny, "S1");
  EXPECT_EQ(first.verdict, Verdict::kFailed);
  EXPECT_EQ(first.at, 60'000);
  EXPECT_THAT(first.value, HasSubstr("pod-1"));
  EXPECT_GT(first.population, 0U);
}

// --- excuses ---

// Two of two agents die where only one alert may wait, and are told when the Station is back; but
// the restart of a third is dropped and over.
JudgedRun dropping() {
  return JudgedRun(Parts{.head = "collector: {alert_queue_max_size: 1, alert_queue_ttl_ms: 20s}\n",
                         .run = "{for: 10m}",
                         .fleet = "  pods: {count: 6, id: \"pod-{i}\", phase: aligned}\n",
                         .timeline =
                             "  - {id: dark, during: [60s, 5m], do: {station: down}}\n"
                             "  - {id: blink, at: 80s, who: pods, do: {restart: {down: 1s}}}\n"});
}

TEST(Excuses, AreNeededForAlertsThatWereDroppedAndNeverTold) {
  JudgedRun run = dropping();
  const Figures figures = run.world().read_figures();
  ASSERT_GT(figure(figures, Metric::kOutboxDropped), 0);
  const Check lost = run.check(kAny, "L2");
  EXPECT_EQ(lost.verdict, Verdict::kFailed);
  EXPECT_GT(lost.population, 0U);
}

TEST(Excuses, AreGrantedAndCounted) {
  JudgedRun run = dropping();
  const std::string allow =
      "{reach: dropped_full, allow: {queue_full: \"<= 6\", ttl_expired: any}}";
  const auto checks = run.checks(allow);
  EXPECT_TRUE(std::none_of(checks.begin(), checks.end(),
                           [](const Check& check) { return check.rule == "L2"; }));
  const Check full = run.check(allow, "allow", "queue_full");
  EXPECT_EQ(full.verdict, Verdict::kPassed);
  EXPECT_EQ(static_cast<std::int64_t>(full.population),
            figure(run.world().read_figures(), Metric::kOutboxDroppedFull));
  EXPECT_EQ(full.bound, "<= 6");
}

TEST(Excuses, FailWhereTheyAreNeededMoreOftenThanAllowed) {
  JudgedRun run = dropping();
  const auto dropped = figure(run.world().read_figures(), Metric::kOutboxDroppedFull);
  ASSERT_GT(dropped, 0);
  const auto allow = [](std::int64_t at_most) {
    return "{alerts: {'*': any}, reach: dropped_full, allow: {queue_full: \"<= " +
           std::to_string(at_most) + "\"}}";
  };
  EXPECT_EQ(run.verdict(allow(dropped), "allow"), Verdict::kPassed);
  EXPECT_EQ(run.verdict(allow(dropped - 1), "allow"), Verdict::kFailed);
}

TEST(Excuses, AreNeededForAlertsThatAreLeftWhenTheCollectorEnds) {
  JudgedRun run(Parts{
      .run = "{for: 5m}",
      .fleet = "  pods: {count: 2, id: \"pod-{i}\", phase: aligned}\n",
      .timeline = "  - {id: dark, during: [60s, 3m], do: {station: down}}\n"
                  "  - {id: alarm, at: 80s, who: {group: pods, pick: 1}, do: {mode: EMERGENCY}}\n"
                  "  - {id: kill, at: 100s, do: {collector: {restart: {how: kill}}}}\n"});
  EXPECT_EQ(run.verdict(kAny, "L7"), Verdict::kFailed);
  EXPECT_EQ(run.verdict("{reach: death_decided, allow: state_lost}", "L7"), Verdict::kVoid);
  EXPECT_EQ(run.check("{reach: death_decided, allow: state_lost}", "allow").population, 1U);
}

TEST(Excuse, IsNoneForADeathOfWhoIsNotLiving) {
  JudgedRun run(
      Parts{.run = "{for: 3m}",
            .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n"});
  const Scenario scenario = read(Parts{.expect = "{reach: death_decided, allow: agent_away}"});
  const Plan plan = plan_of(scenario);
  const VirtualEvidence evidence(run.world(), run.oracle());
  const FinishedRun finished{scenario, plan, evidence};
  EXPECT_TRUE(excused(finished, {0, 0, 0, {}, true, Excuse::kAgentAway}));
  EXPECT_FALSE(excused(finished, {0, 0, 0, {}, false, Excuse::kAgentAway}));
  EXPECT_FALSE(excused(finished, {0, 0, 0, {}, true, Excuse::kPausedTwice}));
  EXPECT_FALSE(excused(finished, {0, 0, 0, {}, true, std::nullopt}));
}

// --- verdicts ---

TEST(Verdicts, PrevailInTheOrderFailInvalidUnknownPass) {
  using V = Verdict;
  EXPECT_EQ(worse(V::kPassed, V::kUntested), V::kUntested);
  EXPECT_EQ(worse(V::kVoid, V::kUntested), V::kVoid);
  EXPECT_EQ(worse(V::kVoid, V::kFailed), V::kFailed);
  EXPECT_EQ(worse(V::kPassed, V::kPassed), V::kPassed);
}

TEST(Verdicts, EndThePapsimWithTheirOwnStatus) {
  EXPECT_EQ(exit_code(Verdict::kPassed), 0);
  EXPECT_EQ(exit_code(Verdict::kFailed), 1);
  EXPECT_EQ(exit_code(Verdict::kUntested), 2);
  EXPECT_EQ(exit_code(Verdict::kVoid), 3);
}

}  // namespace
}  // namespace pap::sim
