// SPDX-License-Identifier: MIT
#pragma once

// Alerts over a table and a clock of the test's own, told step by step.

#include "pap/core/alerts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pap/core/limits.hpp"

namespace pap::core {

using namespace std::chrono_literals;
using protocol::AlertType;
using protocol::Mode;
using Event = AlertEvent;

inline constexpr AlertType kDeath = AlertType::kAgentDeath;
inline constexpr AlertType kEmergency = AlertType::kEmergencyMode;
inline constexpr AlertType kRestart = AlertType::kRestartDetected;

inline constexpr std::uint16_t kStored = 201;

struct AlertsTest : testing::Test {
  AgentTable table{1};
  Random random{1};
  std::vector<Event> events;
  std::vector<std::uint64_t> released;
  std::unique_ptr<Alerts> alerts;
  MonotonicTime now{1000s};

  AlertsTest() { settings(true); }
  void settings(bool has_station, std::size_t max_counting = 100, Nanos ttl = 300s) {
    alerts =
        std::make_unique<Alerts>(table, random, AlertsSettings{{max_counting, ttl}, has_station},
                                 [this](Event event, const Alert& alert, Slot) {
                                   events.push_back(event);
                                   if (event == Event::kReleased)
                                     released.push_back(alert.sequence);
                                 });
  }

  Slot agent(const std::string& name) {
    const Slot slot = table.insert(*protocol::AgentId::parse(name));
    table[slot].mode = Mode::kEmergency;
    table[slot].heard = now;
    return slot;
  }
  void decide(Slot slot, AlertType type) {
    AlertDetails details;
    details.happened = now;
    details.last_seen = table[slot].heard;
    alerts->decide(slot, type, details, now);
  }
  void dies(Slot slot) {
    table[slot].set(AgentRecord::kDead);
    decide(slot, kDeath);
  }
  void comes_back(Slot slot) {
    table[slot].clear(AgentRecord::kDead);
    table[slot].heard = now;
    alerts->recovered(slot, now);
  }

  std::vector<Event> take_events() { return std::exchange(events, {}); }
  void work() {
    std::size_t budget = 1000;
    EXPECT_TRUE(alerts->work(now, budget));
  }
  // The sequence number of the one posted next; 0 when there is none.
  std::uint64_t post() {
    work();
    const auto taken = alerts->take(now);
    return taken ? alerts->alert(*taken).sequence : 0;
  }
  bool answer(std::uint64_t sequence, std::optional<std::uint16_t> status) {
    return alerts->answered(sequence, {status, std::nullopt, ""}, now);
  }
  void tell() {
    while (const std::uint64_t sequence = post()) answer(sequence, kStored);
  }
  // An emergency, dropped five minutes after it failed: its sequence number.
  std::uint64_t drop_emergency(Slot slot) {
    decide(slot, kEmergency);
    const std::uint64_t sequence = post();
    answer(sequence, 500);
    now += 300s;
    work();
    return sequence;
  }
  void drop_all_by_time() {
    while (const std::uint64_t sequence = post()) answer(sequence, 500);
    now += 300s;
    work();
  }
};

}  // namespace pap::core
