// SPDX-License-Identifier: MIT
// What an agent costs, by the allocator's own books: its rounding and its headers included.
#include <gtest/gtest.h>

#include <malloc.h>

#include <cstdint>
#include <memory>
#include <string>

#include "bench/support/beats.hpp"

namespace pap::core {
namespace {

using namespace std::chrono_literals;

std::size_t allocated_bytes() {
  const auto books = ::mallinfo2();
  return books.uordblks + books.hblkhd;
}

// Agents first..last-1 beat, in memory that is theirs alone.
class Memory : public testing::Test {
 protected:
  void beat(std::uint64_t first, std::uint64_t last, bool names) {
    for (std::uint64_t i = first; i < last; ++i) {
      const std::string name = names ? bench::name_of(i) : "";
      collector_.heartbeat(bench::id_of(i), {protocol::Mode::kIdle, 3600, name}, now());
    }
  }
  void remove(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
      collector_.remove(bench::id_of(i), now());
      collector_.take_notices();
    }
  }
  std::size_t bytes() const { return allocated_bytes() - before_; }

 private:
  static Instant now() { return bench::moment(0s); }

  const std::size_t before_ = allocated_bytes();
  Collector collector_{bench::settings(), now()};
};

TEST_F(Memory, AnAgentWithAUuidCostsAtMost100Bytes) {
  for (const std::uint64_t agents : {100'000U, 1'000'000U}) {
    beat(0, agents, false);
    EXPECT_LE(bytes(), 100 * agents) << agents;
  }
}

TEST_F(Memory, AnAgentWithANameOf12BytesCostsAtMost120Bytes) {
  for (const std::uint64_t agents : {100'000U, 1'000'000U}) {
    beat(0, agents, true);
    EXPECT_LE(bytes(), 120 * agents) << agents;
  }
}

// Ten times as many as there ever are at once come and go, by the hundredth.
TEST_F(Memory, StaysFlatWhileAgentsComeAndGo) {
  constexpr std::uint64_t kAgents = 100'000;
  constexpr std::uint64_t kAtOnce = kAgents / 100;
  beat(0, kAgents, true);
  remove(0, kAtOnce);  // what remembers free places has its size from now on
  beat(kAgents, kAgents + kAtOnce, true);
  const std::size_t at_first = bytes();
  for (std::uint64_t oldest = kAtOnce; oldest < 10 * kAgents; oldest += kAtOnce) {
    remove(oldest, oldest + kAtOnce);
    beat(oldest + kAgents, oldest + kAgents + kAtOnce, true);
  }
  EXPECT_LE(bytes(), at_first + at_first / 1000);
}

}  // namespace
}  // namespace pap::core
