// SPDX-License-Identifier: MIT
#pragma once

// A recording as JSON. Threads: pure functions.

#include <nlohmann/json_fwd.hpp>

#include "papsim/run/recording.hpp"

namespace pap::sim {

nlohmann::ordered_json to_json(const Recording& recording);

}  // namespace pap::sim
