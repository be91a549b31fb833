// SPDX-License-Identifier: MIT
#pragma once

// How collectord ends, for scripts and supervisors; --help tells the same.

namespace pap::collectord {

inline constexpr int kGood = 0;    // stopped in good order; configuration ok; healthy
inline constexpr int kFailed = 1;  // could not start, was stopped at once, or is not healthy
inline constexpr int kUsage = 64;  // EX_USAGE of sysexits.h: wrong command line or configuration

}  // namespace pap::collectord
