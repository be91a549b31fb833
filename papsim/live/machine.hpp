// SPDX-License-Identifier: MIT
#pragma once

// What a figure was measured on.
//
// Source: /proc/cpuinfo, uname(2), sysconf(3). Threads: a pure function.

#include <nlohmann/json_fwd.hpp>

namespace pap::sim {

nlohmann::ordered_json machine_facts();

}  // namespace pap::sim
