// SPDX-License-Identifier: MIT
#pragma once

// How long to wait after a failure: exponential, with full jitter ("Exponential Backoff And
// Jitter", AWS Architecture Blog, 2015): uniform between nothing and the ceiling, so that alerts
// that failed together do not come back together.
//
// Threads: pure functions.

#include <cstdint>

#include "pap/core/instant.hpp"
#include "pap/core/random.hpp"
#include "pap/export.hpp"

namespace pap::core {

// first, 2 first, 4 first, … up to longest; `failures` counts from 1.
PAP_API Nanos backoff_ceiling(std::uint32_t failures, Nanos first, Nanos longest);

inline Nanos backoff(std::uint32_t failures, Nanos first, Nanos longest, Random& random) {
  return random.up_to(backoff_ceiling(failures, first, longest));
}

}  // namespace pap::core
