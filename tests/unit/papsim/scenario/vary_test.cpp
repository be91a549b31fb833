// SPDX-License-Identifier: MIT
#include "papsim/scenario/vary.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kCut = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n";

Scenario drawn(const std::string& vary, std::uint64_t seed) {
  const auto file =
      ScenarioFile::from_text("f", text_of({.head = "vary: {" + vary + "}\n", .timeline = kCut}));
  EXPECT_TRUE(file.good());
  std::vector<Problem> problems;
  const auto scenario = file.scenario(seed, problems);
  for (const Problem& problem_varying : problems) ADD_FAILURE() << to_string("f", problem_varying);
  return scenario.value_or(Scenario{});
}
std::string problem_varying(const std::string& vary) {
  return problem_of({.head = "vary: {" + vary + "}\n", .timeline = kCut});
}

TEST(Vary, DrawsFromARangeForEachSeed) {
  std::set<std::uint32_t> counts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto count = drawn("fleet.pods.count: 1..3", seed).fleet[0].count;
    EXPECT_GE(count, 1U);
    EXPECT_LE(count, 3U);
    counts.insert(count);
  }
  EXPECT_EQ(counts.size(), 3U);
  EXPECT_EQ(drawn("fleet.pods.count: 1..3", 7), drawn("fleet.pods.count: 1..3", 7));
}

TEST(Vary, DrawsDurationsSharesAndWords) {
  const Scenario s = drawn(
      "timeline.cut.at: 60s..90s, fleet.pods.jitter: 1%..2%, "
      "fleet.pods.retry: [real, steady]",
      3);
  const Millis at = std::get<At>(s.timeline[0].when).time;
  EXPECT_GE(at, 60s);
  EXPECT_LE(at, 90s);
  EXPECT_GE(s.fleet[0].jitter, 10'000U);
  EXPECT_LE(s.fleet[0].jitter, 20'000U);
}

TEST(Vary, MayDrawWhatIsNotWritten) {
  EXPECT_LE(drawn("collector.alert_queue_max_size: 1..5", 1).collector.alert_queue_max_size, 5U);
}

TEST(Vary, DrawsEachPathFromAStreamOfItsOwn) {
  const auto both = drawn("fleet.pods.count: 1..1000, timeline.cut.at: 1s..500s", 4);
  const auto one = drawn("timeline.cut.at: 1s..500s", 4);
  EXPECT_EQ(both.timeline, one.timeline);
}

TEST(Vary, LeavesNoTraceInWhatIsRun) {
  EXPECT_TRUE(drawn("fleet.pods.count: 1..3", 1).vary.empty());
  const auto file = ScenarioFile::from_text(
      "f", text_of({.head = "vary: {fleet.pods.count: 1..3}\n", .timeline = kCut}));
  ASSERT_EQ(file.as_written().vary.size(), 1U);
  EXPECT_EQ(file.as_written().vary[0].path, "fleet.pods.count");
  EXPECT_EQ(file.as_written().fleet[0].count, 10U);
}

TEST(Vary, IsCheckedAtBothEnds) {
  EXPECT_EQ(problem_varying("fleet.pods.count: 0..3"), "count must be at least 1, not 0");
  EXPECT_EQ(problem_varying("timeline.cut.at: 1m..10m"),
            "timeline.cut: 10m is not within the run, which ends at 10m");
}

TEST(Vary, SaysWhatIsWrong) {
  EXPECT_EQ(problem_varying("fleet.pds.count: 1..3"),
            "vary: there is no 'pds' in fleet; did you mean "
            "'pods'?");
  EXPECT_EQ(problem_varying("timeline.cat.at: 1s..3s"),
            "vary: there is no 'cat' in timeline; did you "
            "mean 'cut'?");
  EXPECT_EQ(problem_varying("name: [a, b]"),
            "vary: 'name' is not varied; there are run, collector, fleet "
            "and timeline");
  EXPECT_EQ(problem_varying("fleet.pods.count: 3"),
            "vary: '3' is not a range, like 10..100 or 60s..90s, "
            "nor a list");
  EXPECT_EQ(problem_varying("fleet.pods.count: 3..1"), "vary: '3..1' ends before it begins");
  EXPECT_EQ(problem_varying("fleet.pods: 1..3"), "'fleet.pods' is a map, not one value");
  EXPECT_EQ(problem_varying("fleet.pods.cuont: 1..3"),
            "unknown key 'cuont' in fleet.pods; did you mean 'count'?");
}

}  // namespace
}  // namespace pap::sim
