// SPDX-License-Identifier: MIT
#pragma once

// How work was cut: how many slices there were of one kind, and how much the largest had. A slice
// is what is done without serving anybody else in between. Its work is counted, not timed: a count
// says the same on every machine, and each kind has a bound (limits.hpp) that keeps a slice under
// a millisecond by what a unit of it costs.
//
// Threads: one.

#include <algorithm>
#include <cstdint>

namespace pap::core {

class SliceMeter {
 public:
  void add(std::uint64_t work) {
    if (work == 0) return;
    ++count_;
    largest_ = std::max(largest_, work);
  }
  std::uint64_t count() const { return count_; }      // with anything done in them
  std::uint64_t largest() const { return largest_; }  // in units of its kind

 private:
  std::uint64_t count_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace pap::core
