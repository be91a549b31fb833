// SPDX-License-Identifier: MIT
#pragma once

// Whom an occurrence of a timeline entry meets: of the named sets those whom its action can meet,
// or as many of those as it picks. Each occurrence has an order of its own over the group, drawn
// from seed, entry id and number of the occurrence; who cannot be met is passed over in it. So
// another entry's picks change nothing here unless they took one who would have been picked.
//
// Ownership: refers to the scenario. Threads: pure.

#include <cstdint>
#include <string>
#include <vector>

#include "papsim/scenario/lives.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {

using Members = std::vector<AgentNumber>;  // by the number of their first identity

struct Picked {
  Members members;         // in the order in which they were picked; of a set, in its own
  std::string why_nobody;  // not empty: what is wrong, and nobody is met
};

class Picker {
 public:
  Picker(const Scenario& scenario, std::uint64_t seed);

  struct Occurrence {
    Millis at{0};
    std::uint64_t number = 0;  // of `every`, from 0
  };
  Picked whom(const Entry& entry, Occurrence occurrence, const Lives& lives,
              const Plan& plan) const;

 private:
  Members candidates(const Entry& entry, const Plan& plan) const;
  Picked pick(const Entry& entry, Occurrence occurrence, const Lives& lives) const;

  const Scenario& scenario_;
  const RandomStream stream_;
  Members first_of_;  // by group: the number of its first member
};

}  // namespace pap::sim
