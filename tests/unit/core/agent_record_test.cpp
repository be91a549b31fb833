// SPDX-License-Identifier: MIT
#include "pap/core/agent_record.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace pap::core {
namespace {

using namespace std::chrono_literals;

TEST(StoredText, IsEmptyAtFirstAndCostsNothing) {
  const StoredText text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text.view(), "");
  EXPECT_EQ(text.heap_bytes(), 0u);
}

TEST(StoredText, KeepsWhatItIsGiven) {
  TextPool pool;
  StoredText text;
  std::string source(65'535, 'x');
  text.assign(source, pool);
  EXPECT_EQ(text.view(), source);
  EXPECT_EQ(text.heap_bytes(), 65'537u);
  text.assign("short", pool);
  EXPECT_EQ(text.view(), "short");
  text.assign(text.view(), pool);  // its own text
  EXPECT_EQ(text.view(), "short");
  text.assign("", pool);
  EXPECT_TRUE(text.empty());
  text.assign("again", pool);
  text.clear(pool);
  EXPECT_TRUE(text.empty());
  text.clear(pool);
}

TEST(StoredText, TakesABlockOfThePoolUpTo14BytesAndTheHeapBeyond) {
  TextPool pool;
  StoredText text;
  for (const std::size_t length : {1U, 14U}) {
    text.assign(std::string(length, 's'), pool);
    EXPECT_EQ(text.view(), std::string(length, 's'));
    EXPECT_EQ(text.heap_bytes(), 0u) << length;
  }
  const std::size_t bytes = pool.bytes();
  text.assign(std::string(15, 'l'), pool);
  EXPECT_EQ(text.view(), std::string(15, 'l'));
  EXPECT_EQ(text.heap_bytes(), 17u);
  EXPECT_EQ(pool.bytes(), bytes);
  text.clear(pool);
}

TEST(StoredText, GivesItsBlockBackWhenItGrowsOrGoes) {
  TextPool pool;
  StoredText text;
  text.assign("short", pool);
  const char* const block = text.view().data();
  text.assign("a text that is too long for it", pool);
  StoredText other;
  other.assign("other", pool);
  EXPECT_EQ(other.view().data(), block);
  other.clear(pool);
  text.assign("shrunk", pool);
  EXPECT_EQ(text.view().data(), block);
  EXPECT_EQ(text.view(), "shrunk");
  text.clear(pool);
}

TEST(AgentRecord, FlagsAreIndependent) {
  AgentRecord record;
  record.set(AgentRecord::kDead);
  record.set(AgentRecord::kObserved);
  EXPECT_TRUE(record.has(AgentRecord::kDead));
  EXPECT_FALSE(record.has(AgentRecord::kDeathTold));
  record.clear(AgentRecord::kDead);
  EXPECT_FALSE(record.has(AgentRecord::kDead));
  EXPECT_TRUE(record.has(AgentRecord::kObserved));
}

TEST(AgentRecord, KnowsWhatWasLostWhenItWasHeard) {
  AgentRecord record;
  record.heard = MonotonicTime{100s};
  record.heard_listening = ListeningTime{88s};
  EXPECT_EQ(record.lost_when_heard(), 12s);
}

}  // namespace
}  // namespace pap::core
