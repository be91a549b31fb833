// SPDX-License-Identifier: MIT
#pragma once

// The laboratory's processes, for tests.

#include "papsim/stand_in/child_process.hpp"

namespace pap::test {

using sim::ChildProcess;
using sim::ChildWish;
using sim::Environment;
using sim::environment_of;
using sim::Outcome;
using sim::run;

}  // namespace pap::test
