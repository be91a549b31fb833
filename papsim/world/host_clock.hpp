// SPDX-License-Identifier: MIT
#pragma once

// A clock of the collector's machine: virtual time, with steps and drift.
//
// Units: milliseconds. Threads: values.

#include <cstdint>

#include "papsim/world/wheel.hpp"

namespace pap::sim {

class HostClock {
 public:
  WorldTime read(WorldTime now) const {
    if (drift_ppm_ == 0) return now + offset_;  // nearly always
    return now + offset_ + (now - drift_since_) * drift_ppm_ / 1'000'000;
  }
  void step(std::int64_t ms) { offset_ += ms; }
  void drift(WorldTime now, std::int64_t ppm) {
    offset_ = read(now) - now;
    drift_since_ = now;
    drift_ppm_ = ppm;
  }

 private:
  std::int64_t offset_ = 0;
  std::int64_t drift_ppm_ = 0;
  WorldTime drift_since_ = 0;
};

}  // namespace pap::sim
