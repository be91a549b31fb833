// SPDX-License-Identifier: MIT
#include "pap/core/agent_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "pap/core/random.hpp"

namespace pap::core {
namespace {

using protocol::AgentId;
using protocol::UuidBytes;

AgentId named(std::string_view text) { return *AgentId::parse(text); }

AgentId uuid_of(std::uint64_t high, std::uint64_t low) {
  UuidBytes bytes{};
  std::memcpy(bytes.data(), &high, sizeof high);
  std::memcpy(bytes.data() + sizeof high, &low, sizeof low);
  return AgentId::from_uuid(bytes);
}

AgentId random_uuid(Random& random) {
  const std::uint64_t high = random.next();
  return uuid_of(high, random.next());
}

// From each record on, to the end of its bucket.
std::size_t longest_chain(const AgentTable& table) {
  std::size_t longest = 0;
  for (Slot slot = 0; slot < table.end(); ++slot) {
    if (!table.known(slot)) continue;
    std::size_t length = 0;
    for (Slot at = slot; at != kNone; at = table[at].hash_next) ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

TEST(AgentTable, KnowsNobodyAtFirst) {
  AgentTable table{1};
  EXPECT_EQ(table.find(named("a")), kNone);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(table.known(0));
}

TEST(AgentTable, FindsAgentsByUuidAndByText) {
  AgentTable table{1};
  const std::string uuid = "550e8400-e29b-41d4-a716-446655440000";
  const Slot a = table.insert(named(uuid));
  const Slot b = table.insert(named("test-agent-123"));
  EXPECT_EQ(table.find(named(uuid)), a);
  EXPECT_EQ(table.find(named("test-agent-123")), b);
  EXPECT_EQ(table.find(named("test-agent-124")), kNone);
  EXPECT_EQ(table[a].id().str(), uuid);
  EXPECT_EQ(table[b].id().str(), "test-agent-123");
}

TEST(AgentTable, OwnsTheTextOfAnId) {
  AgentTable table{1};
  std::string text = "test-agent-123";
  const Slot slot = table.insert(named(text));
  text.assign(text.size(), 'x');
  EXPECT_EQ(table[slot].id().str(), "test-agent-123");
}

TEST(AgentTable, AUuidInAnotherCaseIsAnotherAgent) {
  AgentTable table{1};
  table.insert(named("550e8400-e29b-41d4-a716-44665544000a"));
  EXPECT_EQ(table.find(named("550E8400-E29B-41D4-A716-44665544000A")), kNone);
}

TEST(AgentTable, TellsApartIdsThatDifferInOneByteOrInLength) {
  AgentTable table{1};
  std::set<Slot> slots;
  std::string text(128, 'a');
  slots.insert(table.insert(named(text)));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = 'b';
    EXPECT_EQ(table.find(named(other)), kNone);
    slots.insert(table.insert(named(other)));
  }
  for (std::size_t length = 1; length < text.size(); ++length) {
    EXPECT_EQ(table.find(named(std::string_view{text}.substr(0, length))), kNone);
    slots.insert(table.insert(named(std::string_view{text}.substr(0, length))));
  }
  EXPECT_EQ(slots.size(), 128u + 128u);
}

TEST(AgentTable, ASlotNamesTheSameAgentUntilItIsErased) {
  AgentTable table{1};
  Random random{5};
  std::vector<std::pair<AgentId, Slot>> agents;
  for (int i = 0; i < 20'000; ++i) {
    const AgentId id = random_uuid(random);
    agents.emplace_back(id, table.insert(id));
  }
  for (const auto& [id, slot] : agents) {
    ASSERT_EQ(table.find(id), slot);
    ASSERT_EQ(table[slot].id(), id);
  }
}

TEST(AgentTable, AnErasedAgentIsGoneAndItsSlotIsUsedAgain) {
  AgentTable table{1};
  const Slot a = table.insert(named("a"));
  table.rename(a, "Anna");
  table[a].heartbeats = 9;
  const Slot b = table.insert(named("b"));
  table.erase(a);
  EXPECT_EQ(table.find(named("a")), kNone);
  EXPECT_FALSE(table.known(a));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.find(named("b")), b);
  const Slot c = table.insert(named("c"));
  EXPECT_EQ(c, a);
  EXPECT_EQ(table[c].heartbeats, 0u);
  EXPECT_TRUE(table[c].name.empty());
}

TEST(AgentTable, ErasingFromAnywhereInABucketLeavesTheRest) {
  AgentTable table{1};
  Random random{6};
  std::vector<AgentId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(random_uuid(random));
  for (const AgentId& id : ids) table.insert(id);
  for (std::size_t i = 0; i < ids.size(); i += 3) table.erase(table.find(ids[i]));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(table.find(ids[i]) == kNone, i % 3 == 0);
  }
}

TEST(AgentTable, AnEmptyNameAndTheIdItselfCostNothing) {
  AgentTable table{1};
  const std::string uuid = "550e8400-e29b-41d4-a716-446655440000";
  const Slot a = table.insert(named(uuid));
  const Slot b = table.insert(named("short"));
  const std::size_t bytes = table.bytes();
  table.rename(a, "");
  table.rename(a, uuid);
  table.rename(b, "short");
  EXPECT_TRUE(table[a].name.empty());
  EXPECT_TRUE(table[b].name.empty());
  EXPECT_EQ(table.bytes(), bytes);
  table.rename(a, "550e8400-e29b-41d4-a716-446655440001");  // as long as the id, but another
  EXPECT_EQ(table[a].name.view(), "550e8400-e29b-41d4-a716-446655440001");
  EXPECT_GT(table.bytes(), bytes);
  table.rename(a, uuid);
  EXPECT_EQ(table.bytes(), bytes);
}

TEST(AgentTable, ANameIsReplaced) {
  AgentTable table{1};
  const Slot slot = table.insert(named("a"));
  table.rename(slot, "first");
  table.rename(slot, "the second");
  EXPECT_EQ(table[slot].name.view(), "the second");
  table.rename(slot, "");
  EXPECT_TRUE(table[slot].name.empty());
}

// An insert that splits a bucket moves the records of that bucket, and no others.
TEST(AgentTable, GrowsOneBucketAtATime) {
  AgentTable table{1};
  Random random{7};
  std::size_t buckets = table.buckets();
  for (int i = 0; i < 100'000; ++i) {
    table.insert(random_uuid(random));
    ASSERT_LE(table.buckets(), buckets + 1);
    buckets = table.buckets();
  }
  EXPECT_GE(table.buckets(), table.size());
  EXPECT_LE(longest_chain(table), 16u);
}

TEST(AgentTable, AMillionAgentsCostUnderAHundredBytesEach) {
  AgentTable table{1};
  Random random{8};
  constexpr std::size_t kAgents = 1'000'000;
  for (std::size_t i = 0; i < kAgents; ++i) table.insert(random_uuid(random));
  EXPECT_LE(table.bytes(), kAgents * 100);
  EXPECT_LE(longest_chain(table), 20u);
}

TEST(AgentTable, TenTimesItsSizeInChurnKeepsItsBytesFlat) {
  AgentTable table{1};
  Random random{9};
  constexpr std::size_t kAgents = 20'000;
  std::vector<Slot> slots;
  const auto churn = [&] {
    for (std::size_t i = 0; i < kAgents; ++i) {
      const std::string text =
          "agent " + std::to_string(random.next() % 1'000'000'000 + (1U << 30));
      const Slot slot = table.find(named(text)) == kNone ? table.insert(named(text)) : kNone;
      if (slot != kNone) slots.push_back(slot);
    }
    for (const Slot slot : slots) table.erase(slot);
    slots.clear();
  };
  churn();
  const std::size_t bytes = table.bytes();
  for (int round = 0; round < 10; ++round) churn();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_LE(table.bytes(), bytes + bytes / 50);
}

// Whoever chooses ids must not be able to make them collide: neither by what is nothing in a
// product, nor by halves that are equal.
TEST(AgentTable, ChosenIdsDoNotCollide) {
  constexpr std::uint64_t kSecret = 0x243f6a8885a308d3U;
  constexpr std::uint64_t kAgents = 20'000;
  const std::vector<std::uint64_t> halves{0, ~std::uint64_t{0}, 0x9e3779b97f4a7c15U, 1};
  for (const std::uint64_t half : halves) {
    AgentTable low{kSecret};
    AgentTable high{kSecret};
    for (std::uint64_t i = 0; i < kAgents; ++i) {
      low.insert(uuid_of(i, half));
      high.insert(uuid_of(half, i));
    }
    EXPECT_LE(longest_chain(low), 16u) << half;
    EXPECT_LE(longest_chain(high), 16u) << half;
  }
}

TEST(AgentTable, CountingIdsDoNotCollide) {
  AgentTable table{1};
  for (int i = 0; i < 50'000; ++i) table.insert(named("rack7-" + std::to_string(i)));
  EXPECT_LE(longest_chain(table), 16u);
}

TEST(AgentTable, AnotherSeedPutsAgentsElsewhere) {
  AgentTable a{1};
  AgentTable b{2};
  Random random{10};
  for (int i = 0; i < 20'000; ++i) {
    const AgentId id = random_uuid(random);
    a.insert(id);
    b.insert(id);
  }
  std::size_t same = 0;
  for (Slot slot = 0; slot < a.end(); ++slot) {
    if (a[slot].hash_next == b[slot].hash_next && a[slot].hash_next != kNone) ++same;
  }
  EXPECT_LT(same, 100u);
}

// Known and unknown, by UUID and by text, more than are fetched at once, at either end of a list.
TEST(AgentTable, AHintThatAgentsComeNextTakesAnyIdsAndChangesNothing) {
  AgentTable table{1};
  table.prefetch({});
  Random random{11};
  std::vector<std::string> texts;  // an AgentId refers to its text
  for (int i = 0; i < 200; ++i) texts.push_back("rack7-" + std::to_string(i));
  std::vector<AgentId> ids;
  Slot before = kNone;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ids.push_back(i % 3 == 0 ? named(texts[i]) : random_uuid(random));
    if (i % 5 == 0) continue;
    const Slot slot = table.insert(ids.back());
    table[slot].previous = before;
    if (before != kNone) table[before].next = slot;
    before = slot;
  }
  const std::size_t size = table.size();
  table.prefetch(ids);
  EXPECT_EQ(table.size(), size);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(table.find(ids[i]) == kNone, i % 5 == 0) << i;
  }
}

}  // namespace
}  // namespace pap::core
