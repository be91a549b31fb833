// SPDX-License-Identifier: MIT
#pragma once

// Wall times as tests like to name them: a date and the time of day.

#include <chrono>

#include "pap/protocol/timestamp.hpp"

namespace pap::protocol {

inline WallTime wall_time_of(std::chrono::year_month_day date, std::chrono::nanoseconds of_day) {
  return WallTime{std::chrono::sys_days{date}.time_since_epoch() + of_day};
}

}  // namespace pap::protocol
