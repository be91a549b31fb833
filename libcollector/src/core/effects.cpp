// SPDX-License-Identifier: MIT
#include "pap/core/effects.hpp"

namespace pap::core {

std::string_view to_string(Notice::Kind kind) {
  using Kind = Notice::Kind;
  switch (kind) {
    case Kind::kAgentDead:
      return "agent_dead";
    case Kind::kAgentRecovered:
      return "agent_recovered";
    case Kind::kAgentRestarted:
      return "agent_restarted";
    case Kind::kAgentEmergency:
      return "agent_emergency";
    case Kind::kAgentRemoved:
      return "agent_removed";
    case Kind::kAgentForgotten:
      return "agent_forgotten";
    case Kind::kAgentEvicted:
      return "agent_evicted";
    case Kind::kTableFull:
      return "table_full";
    case Kind::kAlertLogged:
      return "alert_logged";
    case Kind::kAlertDelivered:
      return "alert_delivered";
    case Kind::kAlertRefused:
      return "alert_refused";
    case Kind::kAlertFailed:
      return "alert_failed";
    case Kind::kAlertMisdirected:
      return "alert_misdirected";
    case Kind::kAlertDropped:
      return "alert_dropped";
    case Kind::kAlertRetold:
      return "alert_retold";
    case Kind::kStationAway:
      return "station_away";
    case Kind::kStationBack:
      return "station_back";
    case Kind::kStationAsksToWait:
      return "station_asks_to_wait";
    case Kind::kTimeLost:
      return "time_lost";
    case Kind::kCaughtUp:
      return "caught_up";
  }
  return "unknown";
}

}  // namespace pap::core
