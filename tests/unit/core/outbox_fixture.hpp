// SPDX-License-Identifier: MIT
#pragma once

// An outbox over pools and a clock of the test's own, and what a Station says to it.

#include "pap/core/outbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "pap/core/limits.hpp"

namespace pap::core {

using namespace std::chrono_literals;
using protocol::AlertType;

inline constexpr AlertType kDeath = AlertType::kAgentDeath;
inline constexpr AlertType kEmergency = AlertType::kEmergencyMode;
inline constexpr AlertType kRestart = AlertType::kRestartDetected;

// An outbox of 3 that count for 100 s at most, unless a test wants another.
struct OutboxTest : testing::Test {
  AlertPool alerts;
  BookPool books;
  Random random{1};
  std::unique_ptr<Outbox> outbox;
  MonotonicTime now{1000s};
  std::uint64_t decided = 0;

  OutboxTest() { settings(3, 100s); }
  void settings(std::size_t max_counting, Nanos ttl) {
    outbox = std::make_unique<Outbox>(alerts, books, random, OutboxSettings{max_counting, ttl});
  }

  BookIndex agent() {
    const BookIndex book = books.acquire();
    books[book].agent = 0;
    return book;
  }
  AlertIndex add(BookIndex book, AlertType type) {
    const AlertIndex index = alerts.acquire();
    alerts[index].book = book;
    alerts[index].type = type;
    alerts[index].order = ++decided;
    outbox->add(index, now);
    return index;
  }
  AlertIndex add(AlertType type = kDeath) { return add(agent(), type); }

  AlertIndex take() { return outbox->take(now).value_or(kNone); }
  void answer(AlertIndex index, Verdict verdict, std::optional<Nanos> retry_after = std::nullopt) {
    outbox->answered(index, verdict, retry_after, now);
  }
  void fail(AlertIndex index) { answer(index, Verdict::kUnavailable); }
  // As its owner does at every tick.
  void wake() {
    std::size_t budget = 1000;
    outbox->wake(now, budget);
  }
  std::vector<AlertIndex> shed() {
    std::vector<AlertIndex> dropped;
    while (const auto next = outbox->shed(now)) dropped.push_back(next->alert);
    return dropped;
  }
  // Until everything that rests has rested.
  void rest() {
    now += kBackoffLongest;
    wake();
  }
  // Five that are on their way, before a test adds its own; when they fail, and are gone, the
  // Station is away.
  std::vector<AlertIndex> five_in_flight() {
    std::vector<AlertIndex> five;
    for (std::uint32_t i = 0; i < kFailuresBeforePause; ++i) {
      add(kDeath);
      five.push_back(take());
    }
    return five;
  }
  void station_goes_away(const std::vector<AlertIndex>& five) {
    for (const AlertIndex each : five) fail(each);
    for (const AlertIndex each : five) outbox->withdraw(each);
    ASSERT_TRUE(outbox->pause().away());
  }
  AlertIndex take_probe() {
    now += kProbeLongest;
    return take();
  }
};

}  // namespace pap::core
