// SPDX-License-Identifier: MIT
#include "pap/core/chunked_pool.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pap::core {
namespace {

struct Thing {
  int value = 7;
};
using Pool = ChunkedPool<Thing, 4>;

TEST(ChunkedPool, HandsOutIndicesInOrder) {
  Pool pool;
  for (PoolIndex i = 0; i < 10; ++i) EXPECT_EQ(pool.acquire(), i);
  EXPECT_EQ(pool.size(), 10u);
  EXPECT_EQ(pool.end(), 10u);
}

TEST(ChunkedPool, GrowingMovesNothing) {
  Pool pool;
  const Thing* const first = &pool[pool.acquire()];
  std::vector<PoolIndex> more;
  for (int i = 0; i < 1000; ++i) more.push_back(pool.acquire());
  EXPECT_EQ(&pool[0], first);
}

TEST(ChunkedPool, UsesReleasedPlacesAgainLastFirst) {
  Pool pool;
  for (int i = 0; i < 6; ++i) pool.acquire();
  pool.release(1);
  pool.release(4);
  EXPECT_EQ(pool.size(), 4u);
  EXPECT_EQ(pool.end(), 6u);
  EXPECT_EQ(pool.acquire(), 4u);
  EXPECT_EQ(pool.acquire(), 1u);
  EXPECT_EQ(pool.acquire(), 6u);
}

TEST(ChunkedPool, WhatIsHandedOutAgainIsAsNew) {
  Pool pool;
  const PoolIndex index = pool.acquire();
  pool[index].value = 99;
  pool.release(index);
  EXPECT_EQ(pool[pool.acquire()].value, 7);
}

TEST(ChunkedPool, BytesStayFlatUnderChurn) {
  Pool pool;
  std::vector<PoolIndex> held;
  for (int i = 0; i < 100; ++i) held.push_back(pool.acquire());
  for (const PoolIndex index : held) pool.release(index);
  const std::size_t bytes = pool.bytes();
  for (int round = 0; round < 10; ++round) {
    held.clear();
    for (int i = 0; i < 100; ++i) held.push_back(pool.acquire());
    for (const PoolIndex index : held) pool.release(index);
  }
  EXPECT_EQ(pool.bytes(), bytes);
  EXPECT_EQ(pool.size(), 0u);
}

}  // namespace
}  // namespace pap::core
