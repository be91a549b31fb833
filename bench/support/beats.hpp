// SPDX-License-Identifier: MIT
#pragma once

// The heartbeats that are measured, the same in every run: agent number n always has the same id,
// and a heartbeat the same bytes.
//
// Threads: pure functions.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pap/core/collector.hpp"
#include "pap/core/random.hpp"

namespace pap::bench {

inline protocol::UuidBytes uuid_of(std::uint64_t number) {
  core::Random random(number + 1);
  protocol::UuidBytes bytes{};
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t word = random.next();
    for (std::size_t i = 0; i < 8; ++i, word >>= 8U) {
      bytes[8 * half + i] = static_cast<std::uint8_t>(word);
    }
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);  // RFC 9562: version 4,
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);  // and its variant
  return bytes;
}

inline protocol::AgentId id_of(std::uint64_t number) {
  return protocol::AgentId::from_uuid(uuid_of(number));
}

inline std::vector<protocol::AgentId> ids_of(std::size_t count) {
  std::vector<protocol::AgentId> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i) ids.push_back(id_of(i));
  return ids;
}

// Twelve bytes, as names of pods and machines often are.
inline std::string name_of(std::uint64_t number) {
  std::string digits = std::to_string(number % 10'000'000);
  return "node-" + std::string(7 - digits.size(), '0') + digits;
}

inline std::string body_of(std::uint64_t uptime_ms, std::string_view mode = "IDLE") {
  std::string fraction = std::to_string(1000 + uptime_ms % 1000).substr(1);
  return R"({"mode":")" + std::string(mode) + R"(","uptime_seconds":)" +
         std::to_string(uptime_ms / 1000) + '.' + fraction + R"(,"agent_name":"my-agent"})";
}

enum class Habit : std::uint8_t {
  kNode,   // as Node's fetch sends it (recorded)
  kKeep,   // … by a client that keeps its connections
  kClose,  // … by one that wants each closed
};

inline std::string request_of(const protocol::AgentId& id, std::string_view body,
                              Habit habit = Habit::kNode) {
  return "POST /heartbeat/" + id.str() + " HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nconnection: " +
         (habit == Habit::kClose ? "close" : "keep-alive") +
         "\r\nContent-Type: application/json\r\naccept: */*\r\naccept-language: *\r\n"
         "sec-fetch-mode: cors\r\nuser-agent: " +
         (habit == Habit::kNode ? "node" : "keep") +
         "\r\naccept-encoding: gzip, deflate\r\ncontent-length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

// Moments of a run, counted from its beginning.
inline core::Instant moment(core::Nanos since_start) {
  constexpr std::chrono::seconds kStart{1'000'000};
  constexpr std::chrono::seconds kEpoch{1'764'000'000};
  return {core::MonotonicTime{kStart + since_start}, core::WallTime{kEpoch + since_start}};
}

inline core::CollectorSettings settings(bool has_station = true) {
  core::CollectorSettings settings;
  settings.cluster = {"bench", "Bench"};
  settings.start_id = "start";
  settings.has_station = has_station;
  settings.seed = 1;  // hash tables and jitter are the same in every run
  return settings;
}

}  // namespace pap::bench
