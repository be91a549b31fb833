// SPDX-License-Identifier: MIT
#include "papsim/expect/virtual_evidence.hpp"

namespace pap::sim {

std::uint64_t VirtualEvidence::reached(Mark mark) const {
  switch (mark) {
    case Mark::kDeathDecided:
      return oracle_.deaths().size();
    case Mark::kLossExcused:
      return count(Metric::kCollectorCatchUps);
    case Mark::kOvertaken:
      return count(Metric::kHeartbeatsOvertaken);
    case Mark::kHeldBack:
      return count(Metric::kOutboxHeldBack);
    case Mark::kLapsed:
      return count(Metric::kOutboxLapsed);
    case Mark::kDroppedFull:
      return count(Metric::kOutboxDroppedFull);
    case Mark::kDroppedExpired:
      return count(Metric::kOutboxDroppedExpired);
    case Mark::kRetold:
      return count(Metric::kOutboxRetold);
    case Mark::kWithdrawn:
      return count(Metric::kOutboxWithdrawn);
    case Mark::kRefused:
      return count(Metric::kOutboxRefused);
    case Mark::kForgotten:
      return count(Metric::kAgentsForgotten);
    case Mark::kEvicted:
      return count(Metric::kAgentsEvicted);
    case Mark::kLeftAtShutdown:
      return count(Metric::kOutboxLeft);
    case Mark::kProbed:
      return world_.probed();
    default:
      return oracle_.marked(mark);
  }
}

}  // namespace pap::sim
