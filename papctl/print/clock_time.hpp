// SPDX-License-Identifier: MIT
#pragma once

// Moments as this machine's clock on the wall shows them.
//
// Threads: pure functions, but for TZ.

#include <string>

#include "papctl/client/client.hpp"

namespace pap::ctl {

// "04:14:48.703".
std::string clock_milliseconds(TimePoint time);
// "04:14:48"; with the date before it, "11-24 04:14:48", where that is half a day or more away.
std::string clock_second(TimePoint time, TimePoint now);

}  // namespace pap::ctl
