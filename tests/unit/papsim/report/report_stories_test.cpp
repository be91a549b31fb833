// SPDX-License-Identifier: MIT
// Failures as they are told: everything in the JSON, and the text drawn from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "papsim/report/report.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;

std::vector<ScenarioResult> a_failure() {
  Check check;
  check.verdict = Verdict::kFailed;
  check.rule = "S1";
  check.what = "no death is decided before 2 x interval of silence";
  check.place = {9, 3};
  check.value = "pod-1 was decided dead after 31000 ms of silence";
  check.bound = "2 x 30000 ms";
  check.population = 12;
  check.stories.push_back(
      {"pod-1", {{1'000, {}, "heartbeat accepted"}, {62'345, {9, 3}, "cut: its process ends"}}});
  SeedResult seed;
  seed.seed = 7;
  seed.verdict = Verdict::kFailed;
  seed.checks.push_back(check);
  return {{"fast/story.yaml", "story", "A story.", {seed}}};
}

TEST(Report, HoldsAStoryEventByEvent) {
  const auto json = to_json(a_failure());
  const auto& seed = json["scenarios"][0]["seeds"][0];
  EXPECT_EQ(seed["repeat"], "papsim replay fast/story.yaml --seed 7");
  const auto& story = seed["checks"][0]["stories"][0];
  EXPECT_EQ(story["agent"], "pod-1");
  EXPECT_EQ(story["events"][0].dump(), R"({"at_ms":1000,"what":"heartbeat accepted"})");
  EXPECT_EQ(story["events"][1]["line"], 9);
}

TEST(Report, TellsAStoryInOrderWithTimesAndLines) {
  const std::string text = to_text(to_json(a_failure()));
  EXPECT_THAT(text, HasSubstr("S1: no death is decided before 2 x interval of silence  "
                              "(fast/story.yaml:9)\n"
                              "            value pod-1 was decided dead after 31000 ms of silence, "
                              "bound 2 x 30000 ms, population 12\n"
                              "            story of pod-1\n"
                              "              1s           heartbeat accepted\n"
                              "              1m2.345s     cut: its process ends  "
                              "(fast/story.yaml:9)\n"
                              "    repeat: papsim replay fast/story.yaml --seed 7\n"));
}

TEST(Report, TellsWhatHappenedWhereTheStoryIsNobodysAlone) {
  auto results = a_failure();
  results[0].seeds[0].checks[0].stories[0].agent.clear();
  EXPECT_THAT(to_text(to_json(results)), HasSubstr("            what happened\n"));
}

}  // namespace
}  // namespace pap::sim
