// SPDX-License-Identifier: MIT
#pragma once

// The modes of an agent and the heartbeat interval of each (PAP-RFC-001 §8.1).
//
// Threads: pure functions, safe from any thread.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pap::protocol {

enum class Mode : std::uint8_t { kEmergency, kIdle, kSleep };

inline constexpr std::size_t kModeCount = 3;
inline constexpr std::array<Mode, kModeCount> kModes{Mode::kEmergency, Mode::kIdle, Mode::kSleep};

constexpr std::size_t index_of(Mode mode) { return static_cast<std::size_t>(mode); }

// The time from one heartbeat to the next. An agent is healthy for less than twice this.
constexpr std::chrono::milliseconds interval_of(Mode mode) {
  constexpr std::array<std::chrono::milliseconds, kModeCount> kIntervals{
      std::chrono::milliseconds{5'000}, std::chrono::milliseconds{30'000},
      std::chrono::milliseconds{900'000}};
  return kIntervals[index_of(mode)];
}

constexpr std::string_view to_string(Mode mode) {
  constexpr std::array<std::string_view, kModeCount> kNames{"EMERGENCY", "IDLE", "SLEEP"};
  return kNames[index_of(mode)];
}

// Exact and case-sensitive, as on the wire.
constexpr std::optional<Mode> parse_mode(std::string_view text) {
  for (Mode mode : kModes) {
    if (text == to_string(mode)) return mode;
  }
  return std::nullopt;
}

}  // namespace pap::protocol
