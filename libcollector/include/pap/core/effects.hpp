// SPDX-License-Identifier: MIT
#pragma once

// What has just happened, for whoever keeps a log. The collector writes nothing itself.
//
// Ownership: values. Threads: values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pap/core/instant.hpp"
#include "pap/protocol/alert.hpp"

namespace pap::core {

struct Notice {
  enum class Kind : std::uint8_t {
    kAgentDead,       // amount: silence, by listening time
    kAgentRecovered,  // amount: since it was last heard
    kAgentRestarted,
    kAgentEmergency,
    kAgentRemoved,
    kAgentForgotten,
    kAgentEvicted,
    kTableFull,
    kAlertLogged,       // no Station is set; the alert is in `text`
    kAlertDelivered,    // count: attempts
    kAlertRefused,      // count: attempts; text: the answer
    kAlertFailed,       // count: attempts; text: the answer
    kAlertMisdirected,  // likewise, and the address or the key is at fault
    kAlertDropped,      // text: why, one of the two below
    kAlertRetold,
    kStationAway,
    kStationBack,
    kStationAsksToWait,  // amount: how long
    kTimeLost,           // amount
    kCaughtUp,
  };

  Kind kind;
  std::string agent_id;
  std::string agent_name;
  std::optional<protocol::AlertType> alert;
  Nanos amount{0};
  std::uint64_t count = 0;
  std::string text;
};

inline constexpr std::string_view kDroppedFull = "the queue is full";
inline constexpr std::string_view kDroppedExpired = "it waited too long";

PAP_API std::string_view to_string(Notice::Kind kind);

}  // namespace pap::core
