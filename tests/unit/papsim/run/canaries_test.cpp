// SPDX-License-Identifier: MIT
// The negative stories: one at least for each rule, and for each lie of the harness.
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "papsim/commands/loading.hpp"
#include "papsim/scenario/names.hpp"
#include "tests/unit/papsim/run/run_story.hpp"

namespace pap::sim {
namespace {

std::vector<Scenario> negative_stories() {
  std::vector<std::string> paths;
  EXPECT_TRUE(gather_files({PAP_SOURCE_DIR "/scenarios/negative"}, paths));
  std::vector<Scenario> stories;
  for (const std::string& path : paths) {
    const auto file = load_scenario(path);
    if (file) stories.push_back(file->as_written());
  }
  return stories;
}

TEST(Canaries, AreThereForEveryRule) {
  std::set<Rule> caught;
  for (const Scenario& story : negative_stories()) caught.insert(story.fails.front());
  for (const RuleName& rule : kRules) EXPECT_TRUE(caught.contains(rule.rule)) << rule.name;
}

TEST(Canaries, AreThereForEveryLie) {
  std::set<Sabotage> told;
  for (const Scenario& story : negative_stories()) {
    if (story.sabotage) told.insert(*story.sabotage);
  }
  for (const SabotageName& lie : kSabotages) EXPECT_TRUE(told.contains(lie.sabotage)) << lie.name;
}

TEST(Canaries, NameTheRuleThatTheTableOfLiesNames) {
  for (const Scenario& story : negative_stories()) {
    if (!story.sabotage) continue;
    const std::string_view about = kSabotages[static_cast<std::size_t>(*story.sabotage)].about;
    const std::string rule = '(' + std::string{to_string(story.fails.front())} + ')';
    EXPECT_TRUE(about.ends_with(rule)) << story.name << ": " << about;
  }
}

TEST(Canaries, AreBittenByASleepingDetectorInWhateverMode) {
  for (const char* mode : {"EMERGENCY", "IDLE", "SLEEP"}) {
    const SeedResult result =
        result_of({.head = "fails: L1\nsabotage: stop_ticks\n",
                   .run = "{for: 1h}",
                   .fleet = std::string{"  pods: {count: 10, mode: "} + mode + "}\n",
                   .timeline = "  - {id: cut, at: 20m, who: {group: pods, pick: 3}, do: die}\n"});
    EXPECT_EQ(result.verdict, Verdict::kPassed) << mode << failures_of(result);
  }
}

}  // namespace
}  // namespace pap::sim
