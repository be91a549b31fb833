// SPDX-License-Identifier: MIT
#pragma once

// What the collector says for its log, told to a witness.
//
// Threads: one.

#include <vector>

#include "pap/core/effects.hpp"
#include "papsim/world/identities.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

void tell(Witness& witness, WorldTime now, const Identities& identities,
          const std::vector<core::Notice>& notices);

}  // namespace pap::sim
