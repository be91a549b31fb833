// SPDX-License-Identifier: MIT
#pragma once

// Scenarios without one of their parts: what was about nobody else goes with it, and what is left
// still refers to whom it did.
//
// Threads: pure functions of what they are given.

#include <cstddef>
#include <functional>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

void take_out_entry(Scenario& scenario, std::size_t index);
void take_out_entries(Scenario& scenario, const std::function<bool(const Entry&)>& goes);
void take_out_group(Scenario& scenario, std::size_t index);

}  // namespace pap::sim
