// SPDX-License-Identifier: MIT
#pragma once

// Ids of agents that are there now, for completion: few, soon, and never a word of what went wrong.
//
// Limits: kMostAgents of them, and `patience` altogether.
// Threads: one.

#include <chrono>
#include <string>
#include <vector>

#include "papctl/completion/words.hpp"
#include "papctl/settings.hpp"

namespace pap::ctl {

inline constexpr std::size_t kMostAgents = 50;

// Those that begin so, the unhealthy first: one asks about them.
std::vector<Candidate> agents_that_begin(const std::string& prefix, const Settings& settings,
                                         std::chrono::milliseconds patience);

}  // namespace pap::ctl
