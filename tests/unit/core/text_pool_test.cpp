// SPDX-License-Identifier: MIT
#include "pap/core/text_pool.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace pap::core {
namespace {

constexpr std::size_t kMany = 10'000;  // more than one chunk

std::vector<char*> take(TextPool& pool, std::size_t count) {
  std::vector<char*> blocks;
  while (blocks.size() < count) blocks.push_back(pool.take());
  return blocks;
}

TEST(TextPool, CostsNothingAtFirst) { EXPECT_EQ(TextPool{}.bytes(), 0u); }

TEST(TextPool, HandsOutBlocksThatDoNotOverlapAndDoNotMove) {
  TextPool pool;
  const auto blocks = take(pool, kMany);
  const auto text_of = [](std::size_t i) { return std::to_string(1'000'000'000'000'000 + i); };
  for (std::size_t i = 0; i < kMany; ++i) {
    std::memcpy(blocks[i], text_of(i).data(), TextPool::kBlockBytes);
  }
  for (std::size_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(std::string(blocks[i], TextPool::kBlockBytes), text_of(i));
  }
}

TEST(TextPool, CostsSixteenBytesABlock) {
  TextPool pool;
  take(pool, 1'000'000);
  EXPECT_LE(pool.bytes(), 16.1 * 1'000'000);
}

TEST(TextPool, UsesBlocksAgainLastFirst) {
  TextPool pool;
  const auto blocks = take(pool, 3);
  pool.give_back(blocks[0]);
  pool.give_back(blocks[2]);
  EXPECT_EQ(pool.take(), blocks[2]);
  EXPECT_EQ(pool.take(), blocks[0]);
  EXPECT_EQ(std::set<char*>(blocks.begin(), blocks.end()).count(pool.take()), 0u);
}

TEST(TextPool, StaysFlatWhileBlocksComeAndGo) {
  TextPool pool;
  auto blocks = take(pool, kMany);
  const std::size_t bytes = pool.bytes();
  for (int round = 0; round < 10; ++round) {
    for (char* const block : blocks) pool.give_back(block);
    blocks = take(pool, kMany);
  }
  EXPECT_EQ(std::set<char*>(blocks.begin(), blocks.end()).size(), kMany);
  EXPECT_EQ(pool.bytes(), bytes);
}

}  // namespace
}  // namespace pap::core
