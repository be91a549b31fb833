// SPDX-License-Identifier: MIT
#include "papsim/live/local_process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/papsim/live/loopback_listener.hpp"

namespace pap::sim {
namespace {

TEST(LocalProcess, IsFoundByThePortThatItListensOn) {
  const LoopbackListener listener;
  EXPECT_EQ(listener_on(listener.port()), ::getpid());
}

TEST(LocalProcess, IsNoneWhereNobodyListens) {
  std::uint16_t port = 0;
  {
    const LoopbackListener listener;
    port = listener.port();
  }
  EXPECT_EQ(listener_on(port), std::nullopt);
}

TEST(LocalProcess, HasUsedMemoryAndWhatItComputed) {
  const auto before = use_of(::getpid());
  ASSERT_TRUE(before);
  EXPECT_GT(before->resident_bytes, 100'000U);
  // Until the kernel's clock has counted some of it.
  volatile unsigned work = 0;
  while (use_of(::getpid())->cpu == before->cpu) {
    for (int i = 0; i < 1'000'000; ++i) work = work + 1;
  }
  EXPECT_GT(use_of(::getpid())->cpu, before->cpu);
}

TEST(LocalProcess, ThatIsGoneHasUsedNothing) {
  constexpr pid_t kNobody = 1 << 30;  // beyond the kernel's greatest number
  EXPECT_FALSE(use_of(kNobody));
}

}  // namespace
}  // namespace pap::sim
