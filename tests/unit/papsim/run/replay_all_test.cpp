// SPDX-License-Identifier: MIT
#include "papsim/run/replay_all.hpp"

#include <new>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

ScenarioFile file(const char* name, const Parts& parts) {
  auto out = ScenarioFile::from_text(name, text_of(parts));
  EXPECT_TRUE(out.good()) << name;
  return out;
}

Parts death(const char* seeds) {
  return {.head = std::string{"seeds: {ci: "} + seeds + "}\n",
          .run = "{for: 3m}",
          .fleet = "  pods: {count: 10, jitter: 10%}\n",
          .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n",
          .expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 1}}}"};
}

const auto kGoOn = [](const ReplayProgress&) { return true; };

TEST(ReplayAll, ComesToTheSameWithOneJobAndWithSeveral) {
  const std::vector<ScenarioFile> files{file("a.yaml", death("1..6")),
                                        file("b.yaml", death("3..4"))};
  const std::string one = to_json(replay_all(files, {}, 1, kGoOn)).dump();
  EXPECT_EQ(to_json(replay_all(files, {}, 2, kGoOn)).dump(), one);
  EXPECT_EQ(to_json(replay_all(files, {}, 16, kGoOn)).dump(), one);
}

TEST(ReplayAll, KeepsTheOrderOfFilesAndSeeds) {
  const std::vector<ScenarioFile> files{file("b.yaml", death("3..4")),
                                        file("a.yaml", death("1..3"))};
  const auto results = replay_all(files, {}, 2, kGoOn);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].file, "b.yaml");
  EXPECT_EQ(results[1].file, "a.yaml");
  ASSERT_EQ(results[0].seeds.size(), 2U);
  EXPECT_EQ(results[0].seeds[0].seed, 3U);
  EXPECT_EQ(results[0].seeds[1].seed, 4U);
  ASSERT_EQ(results[1].seeds.size(), 3U);
  EXPECT_EQ(results[1].seeds[0].seed, 1U);
}

TEST(ReplayAll, TakesTheSeedsThatItIsGivenForAll) {
  const std::vector<ScenarioFile> files{file("a.yaml", death("1..3"))};
  const auto results = replay_all(files, SeedRange{8, 9}, 1, kGoOn);
  ASSERT_EQ(results[0].seeds.size(), 2U);
  EXPECT_EQ(results[0].seeds[0].seed, 8U);
  EXPECT_EQ(results[0].seeds[1].seed, 9U);
}

TEST(ReplayAll, DrawsWhatEachSeedVaries) {
  Parts parts = death("1..8");
  parts.head += "vary: {fleet.pods.count: 10..1000}\n";
  const auto results = replay_all({file("a.yaml", parts)}, {}, 1, kGoOn);
  ASSERT_EQ(results[0].seeds.size(), 8U);
  std::set<std::uint64_t> heartbeats;
  for (const SeedResult& seed : results[0].seeds) heartbeats.insert(seed.heartbeats);
  EXPECT_EQ(heartbeats.size(), 8U);
  EXPECT_GT(2 * *heartbeats.rbegin(), 3 * *heartbeats.begin());
}

TEST(ReplayAll, TellsHowFarItIs) {
  ReplayProgress last;
  replay_all({file("a.yaml", death("1..3"))}, {}, 2, [&](const ReplayProgress& progress) {
    EXPECT_EQ(progress.seeds_done + progress.seeds_left, 3U);
    EXPECT_GE(progress.seeds_done, last.seeds_done);
    last = progress;
    return true;
  });
  EXPECT_EQ(last.seeds_done, 3U);
  EXPECT_GT(last.heartbeats, 0U);
}

TEST(ReplayAll, GivesWhatThereIsSoFarWhenItIsStopped) {
  // The second would take hours.
  Parts endless = death("1");
  endless.run = "{for: 3650d}";
  endless.fleet = "  pods: {count: 1000, jitter: 10%}\n";
  const std::vector<ScenarioFile> files{file("a.yaml", death("1")), file("b.yaml", endless),
                                        file("c.yaml", death("1"))};
  const auto results = replay_all(
      files, {}, 1, [](const ReplayProgress& progress) { return progress.seeds_done == 0; });
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].file, "a.yaml");
  EXPECT_EQ(results[0].not_run, 0U);
  EXPECT_EQ(verdict_of(results[0]), Verdict::kPassed);
  EXPECT_FALSE(results[0].seeds[0].interrupted);
  EXPECT_EQ(results[1].file, "b.yaml");
  EXPECT_TRUE(results[1].seeds[0].interrupted);
  EXPECT_EQ(verdict_of(results[1]), Verdict::kUntested);
  EXPECT_EQ(results[2].file, "c.yaml");
  EXPECT_TRUE(results[2].seeds.empty());
  EXPECT_EQ(results[2].not_run, 1U);
}

TEST(ReplayAll, ThrowsOnWhatARunThrows) {
  const SeedRunner broken = [](const Scenario&, std::uint64_t seed, RunProgress&) -> SeedResult {
    if (seed == 2) throw std::bad_alloc();
    return {};
  };
  EXPECT_THROW(replay_all({file("a.yaml", death("1..3"))}, {}, 2, kGoOn, broken), std::bad_alloc);
}

// --- what is recorded ---

// The seeds whose runs were recorded.
std::set<std::uint64_t> recorded(const std::vector<ScenarioFile>& files, unsigned jobs = 2) {
  std::set<std::uint64_t> seeds;
  for (const ScenarioResult& result : replay_recorded(files, {}, jobs, kGoOn)) {
    for (const SeedResult& seed : result.seeds) {
      if (seed.recording) seeds.insert(seed.seed);
    }
  }
  return seeds;
}

TEST(ReplayAll, RecordsTheFirstSeedWhereAllPass) {
  EXPECT_EQ(recorded({file("a.yaml", death("1..6"))}), (std::set<std::uint64_t>{1}));
  const auto judged = replay_all({file("a.yaml", death("1..2"))}, {}, 1, kGoOn);
  for (const SeedResult& seed : judged[0].seeds) EXPECT_FALSE(seed.recording);
}

TEST(ReplayAll, RecordsTheFirstOnesThatFailWhateverTheNumberOfJobs) {
  Parts wrong = death("3..9");
  wrong.expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 2}}}";
  const std::vector<ScenarioFile> files{file("a.yaml", wrong)};
  EXPECT_EQ(recorded(files, 1), (std::set<std::uint64_t>{3, 4, 5}));
  EXPECT_EQ(recorded(files, 5), (std::set<std::uint64_t>{3, 4, 5}));
}

TEST(ReplayAll, RecordsWhatFailedBeforeWhatTestedNothing) {
  // `quiet` bites nobody, which is unknown; where the fleet is larger the figure fails as well.
  Parts parts = death("1..4");
  parts.head += "vary: {fleet.pods.count: [10, 10, 11]}\n";
  parts.timeline += "  - {id: quiet, during: [1s, 2s], do: {station: down}}\n";
  parts.expect = "{alerts: {\"*\": any}, agents: {total: 10}}";
  const std::vector<ScenarioFile> files{file("a.yaml", parts)};
  const auto judged = replay_all(files, {}, 1, kGoOn);
  ASSERT_EQ(judged[0].seeds[2].verdict, Verdict::kUntested);
  ASSERT_EQ(judged[0].seeds[3].verdict, Verdict::kFailed);
  EXPECT_EQ(recorded(files, 1), (std::set<std::uint64_t>{1, 2, 4}));
  EXPECT_EQ(recorded(files, 5), (std::set<std::uint64_t>{1, 2, 4}));
}

TEST(ReplayAll, QuotesTheLineThatACheckStandsOn) {
  const auto results = replay_all({file("a.yaml", death("1"))}, {}, 1, kGoOn);
  for (const Check& check : results[0].seeds[0].checks) {
    if (check.rule == "fault") {
      EXPECT_EQ(check.source.substr(0, 10), "- {id: cut");
    } else if (check.place.line == 0) {
      EXPECT_EQ(check.source, "");
    }
  }
}

}  // namespace
}  // namespace pap::sim
