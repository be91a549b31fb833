// SPDX-License-Identifier: MIT
#pragma once

// The numbers below n in a random order, each once, without a table of them: a Feistel network over
// the next power of four, whose values beyond n are skipped.
//
// Why not a shuffle: picks of a few out of a million, made thousands of times, would each cost a
// million; and here whoever is passed over because he is dead shifts nobody else's place.
// Threads: one.

#include <cstdint>
#include <optional>

#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {

class Permutation {
 public:
  Permutation(const RandomStream& stream, std::uint32_t n) : stream_(stream), n_(n) {
    while ((std::uint64_t{1} << (2 * half_bits_)) < n) ++half_bits_;
  }

  // The next number; none when all have been.
  std::optional<std::uint32_t> next() {
    const std::uint64_t end = std::uint64_t{1} << (2 * half_bits_);
    while (at_ < end) {
      const std::uint64_t value = image(at_++);
      if (value < n_) return static_cast<std::uint32_t>(value);
    }
    return std::nullopt;
  }

 private:
  std::uint64_t image(std::uint64_t x) const {
    constexpr std::uint64_t kRounds = 4;
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = x >> half_bits_;
    std::uint64_t right = x & mask;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      const std::uint64_t mixed = stream_.of(round << 32U | right).next() & mask;
      const std::uint64_t was = left;
      left = right;
      right = was ^ mixed;
    }
    return left << half_bits_ | right;
  }

  RandomStream stream_;
  std::uint32_t n_;
  std::uint32_t half_bits_ = 0;
  std::uint64_t at_ = 0;
};

}  // namespace pap::sim
