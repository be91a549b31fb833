// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pap/core/random.hpp"
#include "support/virtual_driver.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using test::World;

struct Page {
  std::vector<std::string> ids;
  std::string next_cursor;
};

Page page(World& world, const ListFilter& filter = {},
          std::optional<std::size_t> limit = std::nullopt, const std::string& cursor = "",
          std::size_t slice = kListSlice) {
  auto list = world.collector().begin_list(filter, limit, cursor);
  EXPECT_TRUE(list);
  if (!list) return {};
  std::string text = "[";
  while (!list->done) world.collector().continue_list(*list, text, world.now(), slice);
  Page result;
  for (const auto& agent : nlohmann::json::parse(text + ']')) {
    result.ids.push_back(agent.at("agent_uuid"));
  }
  result.next_cursor = list->next_cursor;
  return result;
}

std::vector<std::string> ids(World& world, const ListFilter& filter = {}) {
  return page(world, filter).ids;
}

using Ids = std::vector<std::string>;

class CollectorList : public testing::Test {
 protected:
  World world;

  void SetUp() override {
    world.beat("a", Mode::kEmergency, 0, "rack-7");
    world.beat("b", Mode::kIdle, 0, "rack-8");
    world.beat("c", Mode::kSleep, 0, "desk");
    world.beat("d", Mode::kIdle, 0);
  }
};

TEST_F(CollectorList, HasEverybodyOnce) {
  EXPECT_EQ(ids(world), (Ids{"a", "b", "c", "d"}));
  EXPECT_EQ(page(world).next_cursor, "");
}

TEST(CollectorEmptyList, IsDoneAtOnce) {
  World world;
  EXPECT_EQ(ids(world), Ids{});
  world.beat("a");
  world.remove("a");
  EXPECT_EQ(ids(world), Ids{});
}

TEST_F(CollectorList, FiltersByMode) {
  EXPECT_EQ(ids(world, {Mode::kIdle, std::nullopt, ""}), (Ids{"b", "d"}));
  EXPECT_EQ(ids(world, {Mode::kSleep, std::nullopt, ""}), Ids{"c"});
}

TEST_F(CollectorList, FiltersByHealthAtTheNanosecond) {
  world.run_for(10s - 1ns);
  EXPECT_EQ(ids(world, {std::nullopt, false, ""}), Ids{});
  world.run_for(1ns);
  EXPECT_EQ(ids(world, {std::nullopt, false, ""}), Ids{"a"});
  world.run_for(1h);
  EXPECT_EQ(ids(world, {std::nullopt, true, ""}), Ids{});
  EXPECT_EQ(ids(world, {std::nullopt, false, ""}).size(), 4u);
}

TEST_F(CollectorList, FiltersByAPartOfTheName) {
  EXPECT_EQ(ids(world, {std::nullopt, std::nullopt, "rack"}), (Ids{"a", "b"}));
  EXPECT_EQ(ids(world, {std::nullopt, std::nullopt, "8"}), Ids{"b"});
  EXPECT_EQ(ids(world, {std::nullopt, std::nullopt, "d"}), (Ids{"c", "d"}));  // d is its own name
  EXPECT_EQ(ids(world, {Mode::kIdle, true, "rack"}), Ids{"b"});
  EXPECT_EQ(ids(world, {std::nullopt, std::nullopt, "nobody"}), Ids{});
}

TEST_F(CollectorList, GoesOnFromACursor) {
  const Page first = page(world, {}, 2);
  EXPECT_EQ(first.ids, (Ids{"a", "b"}));
  ASSERT_NE(first.next_cursor, "");
  const Page second = page(world, {}, 2, first.next_cursor);
  EXPECT_EQ(second.ids, (Ids{"c", "d"}));
  EXPECT_EQ(second.next_cursor, "");  // the end, although the page was full
}

TEST_F(CollectorList, LimitsCountWhatMatches) {
  const ListFilter idle{Mode::kIdle, std::nullopt, ""};
  const Page first = page(world, idle, 1);
  EXPECT_EQ(first.ids, Ids{"b"});
  EXPECT_EQ(page(world, idle, 1, first.next_cursor).ids, Ids{"d"});
  EXPECT_EQ(page(world, idle, 2).next_cursor, "");
}

TEST_F(CollectorList, ALimitBeyondTheFleetIsNone) {
  EXPECT_EQ(page(world, {}, 4).next_cursor, "");
  EXPECT_EQ(page(world, {}, SIZE_MAX).ids.size(), 4u);
}

TEST_F(CollectorList, SlicesMakeNoDifference) {
  for (const std::size_t slice : {1u, 2u, 3u, 100u}) {
    EXPECT_EQ(page(world, {}, std::nullopt, "", slice).ids, (Ids{"a", "b", "c", "d"}));
    EXPECT_EQ(page(world, {}, 3, "", slice).ids, (Ids{"a", "b", "c"}));
  }
}

TEST_F(CollectorList, ASliceLooksAtNoMoreThanItsBudget) {
  auto list = world.collector().begin_list({Mode::kSleep, std::nullopt, ""}, std::nullopt, "");
  std::string text;
  world.collector().continue_list(*list, text, world.now(), 2);
  EXPECT_FALSE(list->done);
  EXPECT_EQ(text, "");
  world.collector().continue_list(*list, text, world.now(), 2);
  EXPECT_TRUE(list->done);
  EXPECT_NE(text, "");
}

TEST_F(CollectorList, RefusesACursorOfAnotherStart) {
  const std::string good = page(world, {}, 1).next_cursor;
  EXPECT_TRUE(world.collector().begin_list({}, 1, good));
  auto other_settings = test::usual_settings();
  other_settings.start_id = "other";
  World other{other_settings};
  EXPECT_FALSE(other.collector().begin_list({}, 1, good));
  for (const char* const bad : {"start", "start-", "start-x", "start-1x", "start--1", "start-+1",
                                "start- 1", "start-4294967296", "-1", "1", "start_1", "startx-1"}) {
    EXPECT_FALSE(world.collector().begin_list({}, 1, bad)) << bad;
  }
}

TEST_F(CollectorList, ACursorBeyondTheEndIsTheEnd) {
  EXPECT_EQ(page(world, {}, 1, "start-4000000000").ids, Ids{});
}

// Present throughout: exactly once. Come or gone meanwhile: once at the most.
TEST(CollectorListUnderChurn, WhoIsThereThroughoutAppearsExactlyOnce) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world;
    Random random{seed};
    std::set<std::string> stays;
    std::set<std::string> goes;
    for (int i = 0; i < 200; ++i) {
      const std::string id = "agent " + std::to_string(i);
      world.beat(id);
      (i % 2 == 0 ? stays : goes).insert(id);
    }
    std::map<std::string, int> seen;
    std::string cursor;
    int come = 0;
    do {
      auto list = world.collector().begin_list({}, 1 + random.next() % 20, cursor);
      ASSERT_TRUE(list);
      std::string text = "[";
      while (!list->done) {
        world.collector().continue_list(*list, text, world.now(), 1 + random.next() % 5);
        if (!goes.empty() && random.next() % 2 == 0) {
          auto leaving = goes.begin();
          std::advance(leaving, static_cast<std::ptrdiff_t>(random.next() % goes.size()));
          world.remove(*leaving);
          goes.erase(leaving);
        }
        if (random.next() % 2 == 0) world.beat("come " + std::to_string(come++));
      }
      for (const auto& agent : nlohmann::json::parse(text + ']')) ++seen[agent.at("agent_uuid")];
      cursor = list->next_cursor;
    } while (!cursor.empty());
    for (const std::string& id : stays) EXPECT_EQ(seen[id], 1) << id << ", seed " << seed;
    for (const auto& [id, times] : seen) EXPECT_LE(times, 1) << id << ", seed " << seed;
  }
}

TEST(CollectorAgent, IsNotFoundWhenNotKnown) {
  World world;
  world.beat("a");
  std::string text;
  EXPECT_FALSE(world.collector().append_agent(text, World::agent_id("b"), world.now()));
  EXPECT_EQ(text, "");
  EXPECT_TRUE(world.collector().append_agent(text, World::agent_id("a"), world.now()));
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("cluster_id"), "c1");
  EXPECT_EQ(json.at("cluster_name"), "Cluster One");
}

TEST(CollectorStats, AreBroughtUpToDateASliceAtATime) {
  World world;
  for (int i = 0; i < 10; ++i) world.beat(std::to_string(i), Mode::kSleep);
  world.run_for(1800s - 1ns);
  world.stall(1ns);
  EXPECT_FALSE(world.collector().settle_health(world.now(), 4));
  EXPECT_EQ(world.collector().stats().unhealthy, 4u);
  EXPECT_FALSE(world.collector().settle_health(world.now(), 4));
  EXPECT_TRUE(world.collector().settle_health(world.now(), 4));
  EXPECT_EQ(world.collector().stats().unhealthy, 10u);
  EXPECT_EQ(world.collector().stats().healthy, 0u);
}

}  // namespace
}  // namespace pap::core
