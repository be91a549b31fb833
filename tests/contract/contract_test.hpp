// SPDX-License-Identifier: MIT
#pragma once

// A collector of its own for each test, and short ways to ask it.
//
// Threads: the test's own.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/collectord_process.hpp"
#include "support/raw_client.hpp"
#include "support/station.hpp"
#include "unit/protocol/recordings.hpp"

namespace pap::test {

namespace recorded = protocol::recorded;

inline constexpr std::string_view kAgent = "550e8400-e29b-41d4-a716-446655440000";

class ContractTest : public testing::Test {
 protected:
  Collectord& start(Environment environment = {}) {
    return start_as({std::move(environment), {}, {}});
  }
  Collectord& start_as(const CollectordWish& wish) {
    collectord_ = std::make_unique<Collectord>(wish);
    return *collectord_;
  }
  // … that tells a Station what is wrong.
  Collectord& start_with_station(Environment environment = {});

  Collectord& collectord() { return *collectord_; }
  Station& station() { return *station_; }
  RawClient connect() { return RawClient(collectord_->port()); }

  // Each on a connection of its own.
  HttpAnswer ask(std::string_view method, std::string_view target,
                 std::string_view header_lines = {}, std::string_view body = {});
  HttpAnswer get(std::string_view target, std::string_view header_lines = {}) {
    return ask("GET", target, header_lines);
  }
  HttpAnswer beat(std::string_view id = kAgent, std::string_view body = recorded::kHeartbeat,
                  std::string_view header_lines = "Content-Type: application/json\r\n");

  // Of GET /metrics; none when there is no such sample. "agents_total", or with labels beyond
  // `cluster`: `alerts_total{type="AGENT_DEATH",event="decided"}`.
  std::optional<double> metric(const std::string& sample);

 private:
  std::unique_ptr<Station> station_;
  std::unique_ptr<Collectord> collectord_;
};

// A UUID for each number.
std::string agent_id(std::size_t number);
std::string heartbeat(std::string_view mode, double uptime_seconds, std::string_view name = {});

// Waits until it holds, with a short pause between looks; false when it takes longer.
bool eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds patience = std::chrono::seconds(30));

// All timestamps replaced by one, so that texts can be compared.
std::string without_times(std::string text);

}  // namespace pap::test
