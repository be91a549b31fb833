// SPDX-License-Identifier: MIT
#pragma once

// The parts of reading a scenario. Each reads its part of the document into the model and notes
// what is wrong; what concerns several parts is looked at afterwards (check_scenario()).
//
// Errors: as problems; what is returned then is whole, but means nothing.
// Threads: pure functions.

#include <string>
#include <vector>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/scenario/problem.hpp"
#include "papsim/scenario/resolver.hpp"

namespace pap::sim {

// The whole document, checked.
Scenario read_scenario(const Node& document, Problems& problems);

std::vector<Group> read_fleet(const Node& fleet, const Resolver& names, Problems& problems);
std::vector<Entry> read_timeline(const Node& timeline, const Resolver& names, Problems& problems);
Expect read_expect(const Node& expect, const Resolver& names, Problems& problems);

// One verb with its parameters. `lasts` is set where the verb itself says how long.
struct ReadAction {
  Action action;
  std::optional<Millis> lasts;
};
std::optional<ReadAction> read_action(const Node& what, const std::string& where,
                                      Problems& problems);
Pace read_pace(const Node& pace, const std::string& where, Problems& problems);

// What only the whole can tell: times within the run, faults on whom they can meet, ids that
// collide, expectations that nothing could ever test.
void check_fleet(const Scenario& scenario, Problems& problems);
void check_timeline(const Scenario& scenario, Problems& problems);
void check_expect(const Scenario& scenario, Problems& problems);

}  // namespace pap::sim
