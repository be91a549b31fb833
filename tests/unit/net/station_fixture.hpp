// SPDX-License-Identifier: MIT
#pragma once

// A Station client on a reactor that the test turns, and alerts to post with it.
//
// Threads: the test's own.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "net/station_client.hpp"
#include "net/station_url.hpp"
#include "support/station.hpp"

namespace pap::net {

class StationClientTest : public testing::Test {
 protected:
  static constexpr std::chrono::seconds kPatience{20};

  static StationOptions options_for(const std::string& url) {
    std::string why;
    StationOptions options;
    options.url = parse_station_url(url, why).value();
    options.key = "test-key";
    return options;
  }

  void use(StationOptions options) {
    client = std::make_unique<StationClient>(io, std::move(options));
  }
  void use(const test::Station& station) { use(options_for(station.url())); }

  static std::string agent(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return "550e8400-e29b-41d4-a716-" + std::string(12 - digits.size(), '0') + digits;
  }

  static core::Delivery delivery(std::uint64_t number) {
    return {number, "start-" + std::to_string(number),
            R"({"type":"EMERGENCY_MODE","agent_uuid":")" + agent(number) +
                R"(","agent_name":"a","cluster_id":"c","severity":"warning",)"
                R"("details":{"previous_mode":null,"uptime_seconds":1},)"
                R"("timestamp":"2026-11-24T14:30:13.042Z"})"};
  }

  void post(std::uint64_t number) {
    client->post(delivery(number), [this, number](core::StationAnswer answer) {
      EXPECT_FALSE(answers.contains(number)) << "answered twice";
      answers[number] = std::move(answer);
    });
    EXPECT_FALSE(answers.contains(number)) << "answered from within post()";
  }

  // Turns the reactor until it holds.
  bool turn_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() >= end) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(10));
    }
    return true;
  }

  core::StationAnswer answer_to(std::uint64_t number) {
    post(number);
    EXPECT_TRUE(turn_until([&] { return answers.contains(number); })) << "no answer";
    return answers[number];
  }

  boost::asio::io_context io{1};
  std::unique_ptr<StationClient> client;
  std::map<std::uint64_t, core::StationAnswer> answers;
};

}  // namespace pap::net
