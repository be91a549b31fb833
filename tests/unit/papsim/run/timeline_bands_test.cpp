// SPDX-License-Identifier: MIT
#include "papsim/run/timeline_bands.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

constexpr std::int64_t kEvery = 1'000;

// Each band as "id what whom: from-to agents, …".
std::vector<std::string> bands(const std::string& timeline, const std::string& run = "{for: 10m}") {
  const Scenario scenario = read({.run = run, .timeline = timeline});
  std::vector<std::string> out;
  for (const TimelineBand& band : timeline_bands(scenario, plan_of(scenario), kEvery)) {
    std::string text = band.id + ' ' + band.what + ' ' + band.whom + ':';
    for (const Stretch& stretch : band.stretches) {
      text += ' ' + std::to_string(stretch.from / 1'000);
      if (stretch.to != stretch.from) text += '-' + std::to_string(stretch.to / 1'000);
      if (stretch.agents > 0) text += '(' + std::to_string(stretch.agents) + ')';
    }
    out.push_back(text);
  }
  return out;
}

std::string band(const std::string& timeline) {
  const auto all = bands(timeline);
  return all.size() == 1 ? all.front() : std::to_string(all.size()) + " bands";
}

TEST(TimelineBands, ShowAFaultFromItsBeginToItsEnd) {
  EXPECT_EQ(band("  - {id: dark, during: [90s, 5m], do: {station: down}}\n"),
            "dark station down station: 90-300");
  EXPECT_EQ(band("  - {id: nap, at: 1m, do: {collector: {pause: 30s}}}\n"),
            "nap collector pause collector: 60-90");
}

TEST(TimelineBands, ShowARestartOfTheCollectorUntilTheNextOneListens) {
  EXPECT_EQ(band("  - {id: kill, at: 2m, do: {collector: {restart: {down: 20s, how: kill}}}}\n"),
            "kill collector restart collector: 120-140");
}

TEST(TimelineBands, ShowAMomentWhereNothingLasts) {
  EXPECT_EQ(band("  - {id: cut, at: 70s, who: {group: pods, pick: 3}, do: die}\n"),
            "cut die agents: 70(3)");
}

TEST(TimelineBands, ShowAgentsAwayFromTheFirstThatGoesToTheLastThatIsBack) {
  EXPECT_EQ(band("  - {id: cut, at: 2m, who: pods, do: {restart: {down: 1m}}}\n"),
            "cut restart agents: 120-180(10)");
}

TEST(TimelineBands, EndAFreezeWhenTheLastIsThawedOrTakenOutOfIt) {
  EXPECT_EQ(
      bands("  - {id: cold, at: 1m, who: pods, do: {freeze: 20s}}\n"
            "  - {id: boot, at: 70s, who: {group: pods, pick: 1, order: id}, do: {restart: "
            "{down: 1s}}}\n"),
      (std::vector<std::string>{"cold freeze agents: 60-80(10)", "boot restart agents: 70-71(1)"}));
  EXPECT_EQ(bands("  - {id: cold, at: 1m, who: pods, do: {freeze: 20s}}\n"
                  "  - {id: cut, at: 70s, who: pods, do: die}\n"),
            (std::vector<std::string>{"cold freeze agents: 60-70(10)", "cut die agents: 70(10)"}));
}

TEST(TimelineBands, CountAnAgentOnceHoweverOftenItIsMet) {
  const Scenario scenario = read(
      {.timeline = "  - {id: wob, every: {each: 20s, from: 1m, to: 5m, lasts: 5s}, who: pods, do: "
                   "{net: {loss: 30%}}}\n"});
  const auto fine = timeline_bands(scenario, plan_of(scenario), kEvery);
  EXPECT_EQ(fine[0].agents, 10U);
  EXPECT_EQ(fine[0].stretches.size(), 13U);
  const auto coarse = timeline_bands(scenario, plan_of(scenario), 60'000);
  ASSERT_EQ(coarse[0].stretches.size(), 1U);
  EXPECT_EQ(coarse[0].stretches[0].agents, 10U);
}

TEST(TimelineBands, PutTogetherWhatLiesCloserThanAPoint) {
  const std::string text =
      "  - {id: fade, at: 1m, who: pods, do: die, pace: {over: 5s, by: spread}}\n";
  EXPECT_EQ(band(text), "fade die agents: 60-64(10)");
}

TEST(TimelineBands, ShowEachTimeOfWhatHappensAgainAndAgain) {
  EXPECT_EQ(band("  - {id: dim, every: {each: 2m, from: 1m, to: 5m, lasts: 10s}, "
                 "do: {station: down}}\n"),
            "dim station down station: 60-70 180-190 300-310");
}

TEST(TimelineBands, CoarsenUntilThereAreFew) {
  const Scenario scenario = read({.run = "{for: 2h}",
                                  .timeline = "  - {id: dim, every: {each: 10s, from: 0s, to: 1h, "
                                              "lasts: 1s}, do: {station: down}}\n"});
  const auto all = timeline_bands(scenario, plan_of(scenario), kEvery);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_LE(all[0].stretches.size(), kMostStretches);
  EXPECT_EQ(all[0].stretches.front().from, 0);
  EXPECT_EQ(all[0].stretches.back().to, 3'601'000);
}

TEST(RunningProcesses, AreCountedAtTheBeginOfEachPoint) {
  const Scenario scenario =
      read({.fleet = "  pods: {count: 4, id: \"pod-{i}\", phase: aligned}\n",
            .timeline = "  - {id: cut, at: 1500ms, who: {group: pods, pick: 1}, do: die}\n"});
  EXPECT_EQ(running_processes(plan_of(scenario), kEvery, 4'000),
            (std::vector<std::int64_t>{4, 4, 3, 3}));
}

TEST(RunningProcesses, CountThoseThatHaveBegunAndAreNotStandingStill) {
  const Scenario scenario =
      read({.fleet = "  pods: {count: 4, id: \"pod-{i}\", join: {from: 2s}, phase: aligned}\n",
            .timeline = "  - {id: cut, at: 4s, who: {group: pods, pick: 1}, do: die}\n"
                        "  - {id: ice, at: 6s, who: {group: pods, pick: 1}, do: {freeze: 2s}}\n"
                        "  - {id: back, at: 9s, who: cut, do: revive}\n"});
  EXPECT_EQ(running_processes(plan_of(scenario), kEvery, 11'000),
            (std::vector<std::int64_t>{0, 0, 4, 4, 3, 3, 2, 2, 3, 4, 4}));
}

}  // namespace
}  // namespace pap::sim
