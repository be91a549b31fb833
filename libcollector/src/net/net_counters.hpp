// SPDX-License-Identifier: MIT
#pragma once

// What the server has seen since it started, for /metrics. Only ever grows.
//
// Threads: one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pap/core/histogram.hpp"
#include "pap/core/slice_meter.hpp"

namespace pap::net {

// Why a heartbeat was answered with anything but 200.
enum class BeatRefusal : std::uint8_t {
  kInvalidPayload,
  kForbiddenField,
  kInvalidMode,
  kInvalidId,
  kUnauthorized,
  kEncoding,
  kTableFull,
};
inline constexpr std::size_t kBeatRefusals = 7;

constexpr std::string_view to_string(BeatRefusal refusal) {
  constexpr std::array<std::string_view, kBeatRefusals> kNames{
      "invalid_payload", "forbidden_field",      "invalid_mode", "invalid_id",
      "unauthorized",    "unsupported_encoding", "table_full"};
  return kNames[static_cast<std::size_t>(refusal)];
}

// Why the server ended a connection, or did not answer as asked.
enum class Trouble : std::uint8_t {
  kBadRequest,
  kHeaderTooLarge,
  kBodyTooLarge,
  kRequestTimeout,
  kIdleTimeout,
  kWriteStalled,
  kOverLimit,
  kNoDescriptors,
};
inline constexpr std::size_t kTroubles = 8;

constexpr std::string_view to_string(Trouble trouble) {
  constexpr std::array<std::string_view, kTroubles> kNames{
      "bad_request",  "header_too_large", "body_too_large", "request_timeout",
      "idle_timeout", "write_stalled",    "over_limit",     "no_descriptors"};
  return kNames[static_cast<std::size_t>(trouble)];
}

struct NetCounters {
  std::array<std::uint64_t, kBeatRefusals> beats_refused{};
  std::array<std::uint64_t, kTroubles> troubles{};
  std::array<std::uint64_t, 6> answers{};  // by the first digit of their status
  std::uint64_t connections_accepted = 0;
  std::uint64_t observers_accepted = 0;
  std::uint64_t observers_lost = 0;  // answered no ping, or broke off
  std::uint64_t ticks = 0;
  std::uint64_t ticks_late = 0;
  core::Histogram delivery_latency;  // from the post to the Station's answer, or to giving up
  // Of one turn of the reactor each.
  core::SliceMeter posts;      // alerts handed to the Station client
  core::SliceMeter log_lines;  // what the core had to tell
  core::SliceMeter observers;  // that were written to
  core::SliceMeter overdue;    // connections whose time was up

  void refuse(BeatRefusal refusal) { ++beats_refused[static_cast<std::size_t>(refusal)]; }
  void count(Trouble trouble) { ++troubles[static_cast<std::size_t>(trouble)]; }
};

}  // namespace pap::net
