// SPDX-License-Identifier: MIT
// A collector that is told to stop: it drains, tells what waits within its grace, and is gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/world/recorded_world.hpp"

namespace pap::sim {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

// Ten agents, of whom one dies at 1 m, and is decided dead at 1 m 33 s at the latest.
RecordedWorld stopped_at(const char* when, const char* station = "") {
  return RecordedWorld(
      {.head = "collector: {drain_ms: 5s, shutdown_grace_ms: 8s}\n",
       .run = "{for: 4m}",
       .timeline = std::string{"  - {id: cut, at: 1m, who: {group: pods, pick: 1, order: id}, "
                               "do: die}\n"} +
                   station + "  - {id: upgrade, at: " + when +
                   ", do: {collector: {restart: {down: 2s}}}}\n"});
}

TEST(Leaving, EndsWithItsDrainWhereNothingWaits) {
  RecordedWorld world = stopped_at("1m");
  EXPECT_THAT(world.seen().drains, ElementsAre(60'000));
  EXPECT_THAT(world.seen().stops, ElementsAre(65'000));
  EXPECT_THAT(world.seen().starts, ElementsAre(0, 67'000));
}

TEST(Leaving, TellsWhatWaitsBeforeItIsGone) {
  // Decided at 1 m 33 s, and on its way for 9 s.
  RecordedWorld world =
      stopped_at("94s", "  - {id: slow, during: [1m, 3m], do: {station: {slow: 9s}}}\n");
  ASSERT_EQ(world.seen().answers.size(), 1U);
  EXPECT_EQ(world.seen().answers[0].status, 200);
  EXPECT_GE(world.seen().stops[0], world.seen().answers[0].at);
  EXPECT_LE(world.seen().stops[0], world.seen().answers[0].at + 20);
}

TEST(Leaving, StaysNoLongerThanItsGrace) {
  RecordedWorld world =
      stopped_at("94s", "  - {id: dark, during: [1m, 3m], do: {station: down}}\n");
  EXPECT_THAT(world.seen().stops, ElementsAre(94'000 + 5'000 + 8'000));
}

TEST(Leaving, HearsNobodyAnyMore) {
  RecordedWorld world =
      stopped_at("94s", "  - {id: dark, during: [1m, 3m], do: {station: down}}\n");
  std::vector<WorldTime> heard;
  for (const Heard& beat : world.seen().beats) {
    if (beat.at > 99'000 && beat.at < 109'000) heard.push_back(beat.at);
  }
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_GT(world.fleet().beats_failed(), 0U);
}

TEST(Leaving, IsOverWhenItIsKilledMeanwhile) {
  RecordedWorld world(
      {.run = "{for: 4m}",
       .timeline = "  - {id: upgrade, at: 1m, do: {collector: {restart: {down: 1m}}}}\n"
                   "  - {id: kill, at: 62s, do: {collector: {restart: {down: 2s, how: kill}}}}\n"});
  EXPECT_THAT(world.seen().stops, ElementsAre(62'000));
  EXPECT_THAT(world.seen().starts, ElementsAre(0, 64'000));
}

}  // namespace
}  // namespace pap::sim
