// SPDX-License-Identifier: MIT
#pragma once

// What a step of the plan does, in words. Threads: pure functions.

#include <string>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

// "station down", "collector pause", "die".
std::string action_words(const Action& action);

// Of one agent "its process ends", of several "their processes end".
std::string step_words(const Step& step, const Entry& entry, bool one);

}  // namespace pap::sim
