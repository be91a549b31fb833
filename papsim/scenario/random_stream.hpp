// SPDX-License-Identifier: MIT
#pragma once

// Random numbers for what is drawn before a run: seeded, the same on every compiler, and a stream
// of its own for everything that is drawn, named after it. So taking one thing out of a scenario
// shifts no draw of any other.
//
// Method: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
// 2014), started at a hash (FNV-1a, mixed) of seed and name. Integers only.
// Threads: values.

#include <cstdint>
#include <string_view>

namespace pap::sim {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name) : state_(hash(mixed(seed), name)) {}

  // A stream of its own for each name or number; nothing drawn here has a say in it.
  RandomStream of(std::string_view name) const { return RandomStream{hash(state_, name)}; }
  RandomStream of(std::uint64_t number) const {
    return RandomStream{mixed(mixed(state_) ^ (number + kGamma))};
  }

  std::uint64_t next() {
    state_ += kGamma;
    return mixed(state_);
  }

  // Uniform in [0, bound), without bias (Lemire, "Fast Random Integer Generation in an Interval",
  // 2019). 0 for a bound of 0.
  std::uint64_t below(std::uint64_t bound) {
    if (bound == 0) return 0;
    const std::uint64_t biased = (0 - bound) % bound;
    for (;;) {
      const Wide product = static_cast<Wide>(next()) * bound;
      if (static_cast<std::uint64_t>(product) >= biased) {
        return static_cast<std::uint64_t>(product >> 64U);
      }
    }
  }

  // Uniform in [first, last], both included; first <= last.
  std::int64_t between(std::int64_t first, std::int64_t last) {
    const std::uint64_t span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
    const std::uint64_t drawn = span == UINT64_MAX ? next() : below(span + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + drawn);
  }

 private:
  __extension__ using Wide = unsigned __int128;

  static constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15U;

  explicit RandomStream(std::uint64_t state) : state_(state) {}

  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  static std::uint64_t hash(std::uint64_t start, std::string_view name) {
    std::uint64_t h = start ^ 0xcbf29ce484222325U;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mixed(h + name.size());
  }

  std::uint64_t state_;
};

}  // namespace pap::sim
