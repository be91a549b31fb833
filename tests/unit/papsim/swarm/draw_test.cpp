// SPDX-License-Identifier: MIT
#include "papsim/swarm/draw.hpp"

#include <set>

#include <gtest/gtest.h>

#include "papsim/scenario/expand.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "support/build_kind.hpp"

namespace pap::sim {
namespace {

constexpr std::uint64_t kSeeds = test::kSanitized ? 60 : 3'000;

std::string problems_of(const ScenarioFile& file) {
  std::string text;
  for (const Problem& problem : file.problems()) text += problem.message + '\n';
  return text;
}

TEST(Draw, GivesScenariosThatReadBackAsTheyAre) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario drawn = draw_scenario(seed);
    const ScenarioFile file = ScenarioFile::from_text("drawn.yaml", to_yaml(drawn));
    ASSERT_TRUE(file.good()) << "seed " << seed << ": " << problems_of(file);
    ASSERT_EQ(file.as_written(), drawn) << "seed " << seed;
  }
}

TEST(Draw, GivesScenariosThatCanBePlanned) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    std::vector<PlanError> errors;
    make_plan(draw_scenario(seed), seed, errors);
    ASSERT_TRUE(errors.empty()) << "seed " << seed << ": " << errors.front().message;
  }
}

TEST(Draw, GivesTheSameForASeed) {
  EXPECT_EQ(draw_scenario(7), draw_scenario(7));
  EXPECT_FALSE(draw_scenario(7) == draw_scenario(8));
}

TEST(Draw, UsesEveryVerb) {
  std::set<std::size_t> verbs;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const Entry& entry : draw_scenario(seed).timeline) verbs.insert(entry.action.index());
  }
  EXPECT_EQ(verbs.size(), std::variant_size_v<Action>);
}

TEST(Draw, VariesAScenarioIntoAnotherThatReadsBack) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Scenario drawn = draw_scenario(seed);
    const Scenario varied = vary_scenario(drawn, seed + kSeeds);
    const ScenarioFile file = ScenarioFile::from_text("varied.yaml", to_yaml(varied));
    ASSERT_TRUE(file.good()) << "seed " << seed << ": " << problems_of(file);
    ASSERT_EQ(file.as_written(), varied) << "seed " << seed;
    ASSERT_FALSE(varied == drawn) << "seed " << seed;
  }
}

}  // namespace
}  // namespace pap::sim
