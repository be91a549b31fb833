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
  StoredText text;
  std::string source(65'535, 'x');
  text.assign(source);
  EXPECT_EQ(text.view(), source);
  EXPECT_EQ(text.heap_bytes(), 65'537u);
  text.assign("short");
  EXPECT_EQ(text.view(), "short");
  text.assign(text.view());  // its own text
  EXPECT_EQ(text.view(), "short");
  text.assign("");
  EXPECT_TRUE(text.empty());
  text.assign("again");
  text.clear();
  EXPECT_TRUE(text.empty());
  text.clear();
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
