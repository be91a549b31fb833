// SPDX-License-Identifier: MIT
#include "papsim/scenario/bounds.hpp"

#include <algorithm>

namespace pap::sim {

Millis slack_of(const Scenario& scenario, protocol::Mode mode) {
  return std::min(protocol::interval_of(mode) / 10,
                  (scenario.collector.zombie_check_interval * 3 + Millis{3}) / 4);
}

Millis bound_of(const Scenario& scenario, protocol::Mode mode, const Bound& bound) {
  const auto share = [](Millis of, std::int64_t ppm) { return of * ppm / std::int64_t{kAll}; };
  return share(protocol::interval_of(mode), bound.intervals_ppm) +
         share(slack_of(scenario, mode), bound.slacks_ppm) + Millis{bound.ms};
}

}  // namespace pap::sim
