// SPDX-License-Identifier: MIT
#pragma once

// What the collector tells the Station, and its JSON.
//
// Units: seconds for uptimes (as agents send them), wall time for moments.
// Ownership: an AlertMessage refers to texts of its maker and lives for one call.
// Threads: pure functions, safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pap/export.hpp"
#include "pap/protocol/mode.hpp"
#include "pap/protocol/timestamp.hpp"

namespace pap::protocol {

// In order of urgency: the Station hears of deaths first.
enum class AlertType : std::uint8_t { kAgentDeath, kEmergencyMode, kRestartDetected };

inline constexpr std::size_t kAlertTypeCount = 3;
inline constexpr std::array<AlertType, kAlertTypeCount> kAlertTypes{
    AlertType::kAgentDeath, AlertType::kEmergencyMode, AlertType::kRestartDetected};

constexpr std::size_t index_of(AlertType type) { return static_cast<std::size_t>(type); }

constexpr std::string_view to_string(AlertType type) {
  constexpr std::array<std::string_view, kAlertTypeCount> kNames{"AGENT_DEATH", "EMERGENCY_MODE",
                                                                 "RESTART_DETECTED"};
  return kNames[index_of(type)];
}

constexpr std::string_view severity_of(AlertType type) {
  constexpr std::array<std::string_view, kAlertTypeCount> kSeverities{"critical", "warning",
                                                                      "info"};
  return kSeverities[index_of(type)];
}

// The Station answers 413 from here on.
inline constexpr std::size_t kMaxAlertBytes = 10'000;

// The details that are set depend on the type (contract: Collector -> Station).
struct AlertMessage {
  AlertType type;
  std::string_view agent_uuid;
  std::string_view agent_name;
  std::string_view cluster_id;
  WallTime timestamp;  // when it happened, not when it is sent

  Mode mode = Mode::kIdle;             // death, restart
  std::uint32_t missed_intervals = 0;  // death
  WallTime last_seen;                  // death
  double uptime_seconds = 0;           // death: uptime_before_death; emergency; restart: new_uptime
  std::optional<WallTime> recovered_at;  // death that is over when it is posted
  std::optional<Mode> previous_mode;     // emergency; none is written as null
  double previous_uptime = 0;            // restart
};

PAP_API void append_alert(std::string& out, const AlertMessage& alert);

}  // namespace pap::protocol
