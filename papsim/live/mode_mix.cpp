// SPDX-License-Identifier: MIT
#include "papsim/live/mode_mix.hpp"

#include <algorithm>

#include "pap/protocol/mode.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

std::optional<ModeMix> read_mode_mix(const std::string& option, std::string& error) {
  ModeMix mix;
  for (const char c : option) mix.as_yaml += c == ':' ? ": " : std::string(1, c);
  // Read as a scenario's, so that it means the same and is complained of alike.
  const auto file =
      ScenarioFile::from_text("--mode-mix",
                              "papsim: 1\nname: mix\nabout: Modes.\nrun: {for: 1s}\nfleet:\n"
                              "  fleet: {count: 1, mode: {" +
                                  mix.as_yaml + "}}\nexpect: {alerts: {\"*\": none}}\n");
  if (!file.good()) {
    error = "--mode-mix " + option + ": " + file.problems().front().message;
    return std::nullopt;
  }
  const auto& shares = file.as_written().fleet.front().mode;
  for (const protocol::Mode mode : protocol::kModes) {
    const PartsPerMillion share = shares[static_cast<std::size_t>(mode)];
    if (share == 0) continue;
    const WorldTime interval = protocol::interval_of(mode).count();
    mix.longest_interval = std::max(mix.longest_interval, interval);
    mix.beats_a_second += 1000.0 / static_cast<double>(interval) * static_cast<double>(share) /
                          static_cast<double>(kAll);
  }
  return mix;
}

}  // namespace pap::sim
