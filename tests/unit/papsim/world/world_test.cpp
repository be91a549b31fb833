// SPDX-License-Identifier: MIT
#include "papsim/world/world.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/world/recorded_world.hpp"

namespace pap::sim {
namespace {

using testing::ElementsAre;

constexpr auto kFleet = "  pods: {count: 50, id: \"pod-{i}\", jitter: 10%}\n";
constexpr auto kTrouble =
    "  - {id: lossy, during: [1m, 4m], who: pods, do: {net: {loss: 20%, reorder: 10%}}}\n"
    "  - {id: cut, at: 2m, who: {group: pods, pick: 10%}, do: die}\n"
    "  - {id: dark, during: [2m, 5m], do: {station: {down: true, share: 50%}}}\n";

TEST(World, IsTheSameForASeedAndAnotherForAnother) {
  const Parts parts{.fleet = kFleet, .timeline = kTrouble};
  RecordedWorld one(parts, 7);
  RecordedWorld again(parts, 7);
  RecordedWorld other(parts, 8);
  EXPECT_EQ(one.world().digest(), again.world().digest());
  EXPECT_EQ(one.figures().events, again.figures().events);
  EXPECT_NE(one.world().digest(), other.world().digest());
}

TEST(World, HasAnotherDigestWhereOneBeatIsAnother) {
  const Parts parts{.fleet = kFleet};
  Parts less = parts;
  less.timeline = "  - {id: cut, at: 9m59s, who: {group: pods, pick: 1}, do: die}\n";
  RecordedWorld one(parts);
  RecordedWorld other(less);
  EXPECT_NE(one.world().digest(), other.world().digest());
}

TEST(World, HealsAllFaultsWhenItsTimeIsOver) {
  // Nothing here ends by itself. The settling is long enough for whoever is away to be back.
  RecordedWorld run(
      Parts{.run = "{for: 5m, settle: 5m}",
            .fleet = "  pods: {count: 4, id: \"pod-{i}\"}\n",
            .timeline = "  - {id: cut, at: 1m, who: pods, do: {net: {link: both, cut: both}}}\n"
                        "  - {id: dark, at: 1m, do: {station: down}}\n"
                        "  - {id: own, at: 1m, who: collector, do: {net: {loss: 100%}}}\n"
                        "  - {id: starved, at: 1m, do: {collector: {starve: 90%}}}\n"});
  for (const Posted& post : run.seen().posts) EXPECT_LT(post.at, 600'000);
  EXPECT_GE(run.world().host().stored(), 4U);  // their deaths, once the Station is back
  for (AgentNumber agent = 0; agent < 4; ++agent) {
    EXPECT_GT(run.heard(agent).back(), 560'000);
    EXPECT_TRUE(run.world().fleet().beating(agent));
  }
  EXPECT_EQ(run.world().now(), 600'000);
}

TEST(World, StopsWhenItIsAskedTo) {
  const Scenario scenario = read(Parts{.run = "{for: 1d}", .fleet = "  pods: {count: 200}\n"});
  const Plan plan = plan_of(scenario);
  SeenByWitness recorder;
  const auto world = std::make_unique<World>(scenario, plan, recorder);
  int asked = 0;
  world->run([&] { return ++asked == 2; });
  EXPECT_EQ(asked, 2);
  EXPECT_LT(world->now(), 86'400'000);
  EXPECT_EQ(world->figures().events, 2U << 16U);
}

TEST(World, KnowsWhoIsBeatingAndWhoIsAway) {
  RecordedWorld run(Parts{
      .run = "{for: 100s, settle: 0s}",
      .fleet = "  pods: {count: 3, id: \"pod-{i}\", phase: aligned}\n",
      .timeline =
          "  - {id: end, at: 1m, who: {group: pods, pick: 1, order: id}, do: die}\n"
          "  - {id: cut, at: 1m, who: {group: pods, pick: 1, order: id}, do: {net: {cut: to}}}\n"});
  World& world = run.world();
  EXPECT_FALSE(world.fleet().beating(0));
  EXPECT_TRUE(world.fleet().beating(1));
  EXPECT_TRUE(world.fleet().beating(2));
  EXPECT_TRUE(world.fleet().away(1));
  EXPECT_FALSE(world.fleet().away(2));
  EXPECT_EQ(world.bites(1), 1U);
  EXPECT_EQ(world.count_listed(), 3U);
}

TEST(World, SaysWhoseStartLiesInTheFuture) {
  RecordedWorld run(Parts{.run = "{for: 100s, settle: 0s}",
                          .fleet = "  pods: {count: 2, id: \"pod-{i}\", uptime: 1h}\n",
                          .timeline =
                              "  - {id: back, at: 1m, who: {group: pods, pick: 1, order: id}, "
                              "do: {clock: {step: -2h}}}\n"});
  EXPECT_TRUE(run.world().fleet().starts_in_future(0));
  EXPECT_FALSE(run.world().fleet().starts_in_future(1));
}

TEST(World, CountsForTheFiguresOfItsScenario) {
  RecordedWorld run(Parts{.run = "{for: 100s, settle: 0s}",
                          .fleet = "  pods: {count: 3, id: \"pod-{i}\"}\n",
                          .timeline = "  - {id: end, at: 25s, who: {group: pods, pick: 1, order: "
                                      "id}, do: die}\n"});
  const Figures figures = run.world().read_figures();
  EXPECT_EQ(figure(figures, Metric::kHeartbeatsSent), 7);
  EXPECT_EQ(figure(figures, Metric::kHeartbeatsAccepted), 7);
  EXPECT_EQ(figure(figures, Metric::kHeartbeatsRefused), 0);
  EXPECT_EQ(figure(figures, Metric::kStationPosts), 1);
  EXPECT_EQ(figure(figures, Metric::kStationStored), 1);
  EXPECT_EQ(figure(figures, Metric::kStationStoredTwice), 0);
  EXPECT_EQ(figure(figures, Metric::kAgentsDead), 1);
}

TEST(World, CountsNothingTwiceWhileTheCollectorIsDown) {
  RecordedWorld run(Parts{
      .run = "{for: 100s, settle: 0s}",
      .fleet = "  pods: {count: 3, id: \"pod-{i}\"}\n",
      .timeline = "  - {id: kill, at: 50s, do: {collector: {restart: {how: kill, down: 5s}}}}\n"
                  "  - {id: meanwhile, at: 52s, who: {group: pods, pick: 1}, do: die}\n"});
  const FigureBook::Stretch* meanwhile = run.world().book().of(1);
  ASSERT_NE(meanwhile, nullptr);
  EXPECT_EQ(figure(meanwhile->first, Metric::kAgentsNew), 3);
  EXPECT_EQ(figure(meanwhile->first, Metric::kAgentsTotal), 0);
  EXPECT_EQ(figure(meanwhile->last, Metric::kAgentsNew), 5);
}

}  // namespace
}  // namespace pap::sim
