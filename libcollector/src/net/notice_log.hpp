// SPDX-License-Identifier: MIT
#pragma once

// The core's notices as log lines. What can repeat without end is rate-limited.
//
// Threads: the logger's.

#include "net/logger.hpp"
#include "pap/core/effects.hpp"

namespace pap::net {

void log_notice(Logger& log, const core::Notice& notice);

}  // namespace pap::net
