// SPDX-License-Identifier: MIT
#pragma once

// The laboratory's stand-in Station, for tests.

#include "papsim/stand_in/station.hpp"

namespace pap::test {

using sim::ReceivedAlert;
using sim::Station;
using sim::StationAct;
using sim::StationWish;

}  // namespace pap::test
