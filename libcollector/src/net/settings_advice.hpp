// SPDX-License-Identifier: MIT
#pragma once

// What is allowed, yet probably not meant: one line each, for the log at start and for --check.
//
// Threads: pure function.

#include <string>
#include <vector>

#include "pap/net/config.hpp"

namespace pap::net {

std::vector<std::string> advice_on(const LoadedConfig& loaded);

}  // namespace pap::net
