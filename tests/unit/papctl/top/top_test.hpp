// SPDX-License-Identifier: MIT
#pragma once

// Fleets for the model of `papctl top`, at a moment that stands still.
//
// Threads: pure functions.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "papctl/top/model.hpp"

namespace pap::ctl::top {

inline Moment at(int seconds) {
  using namespace std::chrono;
  return {Steady{} + hours(1) + std::chrono::seconds(seconds),
          TimePoint{} + std::chrono::seconds(1'764'040'000 + seconds)};
}

inline AgentRow agent(const std::string& id, const std::string& name, bool healthy = true,
                      int silent_seconds = 1, const std::string& mode = "IDLE") {
  AgentRow row;
  row.id = id;
  row.name = name;
  row.mode = mode;
  row.healthy = healthy;
  row.silent = std::chrono::seconds(silent_seconds);
  row.uptime_seconds = 3600;
  row.beats = 7;
  return row;
}

inline FleetPart part(std::vector<AgentRow> rows, bool more = false) {
  nlohmann::ordered_json modes{{"EMERGENCY", 0}, {"IDLE", 0}, {"SLEEP", 0}};
  std::uint64_t unhealthy = 0;
  for (const AgentRow& row : rows) {
    unhealthy += row.healthy ? 0 : 1;
    modes[row.mode] = modes[row.mode].get<std::uint64_t>() + 1;
  }
  nlohmann::ordered_json stats{{"total", rows.size()},
                               {"healthy", rows.size() - unhealthy},
                               {"unhealthy", unhealthy},
                               {"by_mode", modes}};
  return {Counts::from(stats), std::move(rows), more};
}

inline Key key(char c) { return {Key::Kind::kText, std::string(1, c)}; }
inline Key key(Key::Kind kind) { return {kind, {}}; }
inline void type(Model& model, const std::string& text) {
  for (const char c : text) model.on_key(key(c), 10);
}

inline std::vector<std::string> names(const Model& model) {
  std::vector<std::string> out;
  for (const Listed& each : model.listed()) out.push_back(each.row->name);
  return out;
}

inline std::string selected_name(const Model& model) {
  const auto listed = model.listed();
  return listed.empty() ? "" : listed[model.selected(listed)].row->name;
}

}  // namespace pap::ctl::top
