// SPDX-License-Identifier: MIT
#pragma once

// Seeded random numbers, the same on every compiler: SplitMix64 (Steele, Lea and Flood, "Fast
// Splittable Pseudorandom Number Generators", 2014). Integers only.
//
// Threads: one.

#include <cstdint>

#include "pap/core/instant.hpp"

namespace pap::core {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  // Uniform in [0, longest], for "full jitter". The bias of the modulo is below 2^-28 for an hour.
  Nanos up_to(Nanos longest) {
    const auto span = static_cast<std::uint64_t>(longest.count()) + 1;
    return Nanos{static_cast<Nanos::rep>(next() % span)};
  }

 private:
  std::uint64_t state_;
};

}  // namespace pap::core
