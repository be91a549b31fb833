// SPDX-License-Identifier: MIT
#pragma once

// Durations counted in fixed buckets, as Prometheus wants them (cumulative when exposed, not here).
//
// Threads: one.

#include <array>
#include <cstddef>
#include <cstdint>

#include "pap/core/instant.hpp"

namespace pap::core {

class Histogram {
 public:
  // Upper bounds in milliseconds, the last bucket is beyond them. The slacks (0.5 s, 3 s, 7.5 s)
  // and the extended deadlines fall between bounds, so that a wrong one is seen.
  static constexpr std::array<std::int64_t, 20> kBoundsMs{
      1,     5,     10,     25,     50,     100,    250,     500,     1'000,   2'500,
      5'000, 7'500, 10'000, 20'000, 30'000, 60'000, 120'000, 300'000, 600'000, 1'800'000};

  void add(Nanos value) {
    std::size_t bucket = 0;
    while (bucket < kBoundsMs.size() && value > std::chrono::milliseconds{kBoundsMs[bucket]}) {
      ++bucket;
    }
    ++counts_[bucket];
    ++count_;
    sum_ += value;
  }

  std::uint64_t count() const { return count_; }
  Nanos sum() const { return sum_; }
  // How many fell into the bucket; `kBoundsMs.size()` is the one beyond the bounds.
  std::uint64_t in_bucket(std::size_t bucket) const { return counts_[bucket]; }

 private:
  std::array<std::uint64_t, kBoundsMs.size() + 1> counts_{};
  std::uint64_t count_ = 0;
  Nanos sum_{0};
};

}  // namespace pap::core
