// SPDX-License-Identifier: MIT
#pragma once

// A scenario written out in full, with every default: valid YAML that reads back to an equal
// scenario. What `papsim expand` prints, and how a drawn or a shrunk scenario becomes a file.
//
// Threads: pure function.

#include <string>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

std::string to_yaml(const Scenario& scenario);

}  // namespace pap::sim
