// SPDX-License-Identifier: MIT
#include "papsim/world/notices.hpp"

namespace pap::sim {

void tell(Witness& witness, WorldTime now, const Identities& identities,
          const std::vector<core::Notice>& notices) {
  using Kind = core::Notice::Kind;
  for (const core::Notice& notice : notices) {
    switch (notice.kind) {
      case Kind::kAgentDead:
        witness.decided_dead(now, identities.find(notice.agent_id));
        break;
      case Kind::kAgentForgotten:
      case Kind::kAgentEvicted:
        witness.forgotten(now, identities.find(notice.agent_id),
                          notice.kind == Kind::kAgentEvicted);
        break;
      case Kind::kAlertDropped:
        witness.dropped(now, identities.find(notice.agent_id), *notice.alert,
                        notice.text == core::kDroppedFull ? DropCause::kFull : DropCause::kExpired);
        break;
      case Kind::kAlertRetold:
        witness.retold(now, identities.find(notice.agent_id), *notice.alert);
        break;
      case Kind::kStationAway:
      case Kind::kStationBack:
        witness.station_away(now, notice.kind == Kind::kStationAway);
        break;
      default:
        break;
    }
  }
}

}  // namespace pap::sim
