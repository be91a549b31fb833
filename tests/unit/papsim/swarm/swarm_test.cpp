// SPDX-License-Identifier: MIT
#include "papsim/swarm/swarm.hpp"

#include <gtest/gtest.h>

#include "papsim/scenario/expand.hpp"
#include "support/build_kind.hpp"

namespace pap::sim {
namespace {

// Under a sanitizer a run takes seconds.
constexpr std::uint64_t kRuns = test::kSanitized ? 4 : 64;
// What one batch keeps is varied in the next.
constexpr std::uint64_t kBatch = kRuns / 4;

SwarmReport swarm_of(std::uint64_t seed, unsigned jobs) {
  return swarm(
      seed, jobs, [](SwarmReport& report) { return report.runs < kRuns; }, kBatch);
}

TEST(Swarm, FindsNothing) {
  const SwarmReport report = swarm_of(1, 2);
  EXPECT_GE(report.runs, kRuns);
  EXPECT_GT(report.kept, 0U);
  for (const SwarmFailure& failure : report.failures) {
    ADD_FAILURE() << "seed " << failure.seed << '\n' << to_yaml(failure.scenario);
  }
}

TEST(Swarm, IsTheSameHoweverManyRunSideBySide) {
  const SwarmReport one = swarm_of(1, 1);
  const SwarmReport four = swarm_of(1, 4);
  EXPECT_EQ(one.next_seed, four.next_seed);
  EXPECT_EQ(one.heartbeats, four.heartbeats);
  EXPECT_EQ(one.virtual_ms, four.virtual_ms);
  EXPECT_EQ(one.marks, four.marks);
  EXPECT_EQ(one.kept, four.kept);
}

}  // namespace
}  // namespace pap::sim
