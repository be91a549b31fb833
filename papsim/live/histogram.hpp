// SPDX-License-Identifier: MIT
#pragma once

// How often which duration was measured, with a resolution of 1 %: a logarithmic scale of powers
// of two, each in 128 equal parts (as HdrHistogram lays its buckets out). Adding costs a few
// instructions; the memory does not depend on how much is added.
//
// Units: microseconds, up to kMost; what is longer counts as that, and as max().
// Memory: 24 KiB. Threads: one.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "papsim/expect/verdict.hpp"

namespace pap::sim {

class Histogram {
 public:
  static constexpr std::uint64_t kMost = (std::uint64_t{1} << 30U) - 1;  // 18 minutes

  void add(std::int64_t microseconds) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0));
    ++counts_[bucket_of(std::min(value, kMost))];
    ++count_;
    sum_ += value;
    max_ = std::max(max_, value);
  }
  void add(const Histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
  }

  // What was added after `earlier` was what this is now; its greatest is known to 1 %.
  Histogram since(const Histogram& earlier) const {
    Histogram later;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      later.counts_[i] = counts_[i] - earlier.counts_[i];
      if (later.counts_[i] > 0) later.max_ = std::min(end_of(i), max_);
    }
    later.count_ = count_ - earlier.count_;
    later.sum_ = sum_ - earlier.sum_;
    return later;
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  std::uint64_t mean() const { return count_ == 0 ? 0 : sum_ / count_; }
  // No more than so many of a million samples are greater: 990'000 for p99. Rounded up to the end
  // of its part, never beyond max(). 0 without a sample.
  std::uint64_t quantile(std::uint32_t per_million) const {
    const std::uint64_t rank =
        std::max<std::uint64_t>((count_ * per_million + 999'999) / 1'000'000, 1);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size() && count_ > 0; ++i) {
      seen += counts_[i];
      if (seen >= rank) return std::min(end_of(i), max_);
    }
    return max_;
  }

 private:
  static constexpr unsigned kBits = 7;
  static constexpr std::size_t kParts = std::size_t{1} << kBits;

  // Below kParts each value has a bucket; beyond, each power of two has kParts of them.
  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kParts) return value;
    const auto octave = static_cast<unsigned>(std::bit_width(value)) - 1 - kBits;
    return (std::size_t{octave} + 1) * kParts + ((value >> octave) - kParts);
  }
  static std::uint64_t end_of(std::size_t bucket) {
    if (bucket < kParts) return bucket;
    const auto octave = static_cast<unsigned>(bucket / kParts) - 1;
    const std::uint64_t first = (bucket % kParts + kParts) << octave;
    return first + (std::uint64_t{1} << octave) - 1;
  }

  std::array<std::uint64_t, kParts*(30 - kBits + 1)> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

inline Percentiles percentiles_of(const Histogram& times) {
  return {times.count(),
          times.quantile(500'000),
          times.quantile(900'000),
          times.quantile(990'000),
          times.quantile(999'000),
          times.quantile(999'900),
          times.max()};
}

}  // namespace pap::sim
