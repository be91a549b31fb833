// SPDX-License-Identifier: MIT
#pragma once

// The most of something that holds: doubled until it fails, then bisected. What holds is taken to
// hold for less, and what fails to fail for more.
//
// Threads: one.

#include <algorithm>
#include <cstdint>
#include <optional>

namespace pap::sim {

class Search {
 public:
  // However much room is left, no further than this at once: what was measured at a sixteenth says
  // little.
  static constexpr double kMostStep = 16;

  // `width`: how far above what holds the first that fails may be, as a part of it.
  Search(std::uint32_t start, std::uint32_t most, double width)
      : start_(std::clamp<std::uint32_t>(start, 1, std::max(most, 1U))),
        most_(most),
        width_(width) {}

  // What to try; none when it is found, or nothing holds.
  std::optional<std::uint32_t> next() const {
    if (failed_ == 0) {
      if (held_ >= most_) return std::nullopt;
      if (held_ == 0) return start_;
      const double further = static_cast<double>(held_) * step_;
      return static_cast<std::uint32_t>(std::min(further, static_cast<double>(most_)));
    }
    if (failed_ - held_ <= std::max(1.0, width_ * held_)) return std::nullopt;
    return held_ + (failed_ - held_) / 2;
  }

  // `room`: how many times as much it might hold, by what it used; below 2 it is doubled.
  void held(std::uint32_t size, double room = 2) {
    held_ = std::max(held_, size);
    step_ = std::clamp(room, 2.0, kMostStep);
  }
  void failed(std::uint32_t size) { failed_ = failed_ == 0 ? size : std::min(failed_, size); }

  std::uint32_t most_held() const { return held_; }
  std::optional<std::uint32_t> least_failed() const {
    return failed_ > 0 ? std::optional(failed_) : std::nullopt;
  }

 private:
  const std::uint32_t start_;
  const std::uint32_t most_;
  const double width_;
  double step_ = 2;
  std::uint32_t held_ = 0;
  std::uint32_t failed_ = 0;  // none yet
};

}  // namespace pap::sim
