// SPDX-License-Identifier: MIT
#pragma once

// What passes between the outbox and whoever carries an alert to the Station.
//
// The carrier decides nothing: it posts, and hands back the answer as it came. What an answer
// means is decided here (contract: Collector -> Station).
//
// Ownership: values. Threads: pure functions and values.

#include <cstdint>
#include <optional>
#include <string>

#include "pap/core/instant.hpp"
#include "pap/export.hpp"

namespace pap::core {

// One alert to be posted now. `sequence` comes back with the result; it names the alert for the
// life of this collector, whatever became of its agent meanwhile.
struct Delivery {
  std::uint64_t sequence = 0;
  std::string idempotency_key;
  std::string body;  // JSON, under protocol::kMaxAlertBytes
};

struct StationAnswer {
  // The HTTP status of a whole answer; none when there was no connection, no whole answer in
  // time, or what came was not HTTP.
  std::optional<std::uint16_t> status;
  // From Retry-After (RFC 9110 §10.2.3), seconds or a date already turned into a duration.
  std::optional<Nanos> retry_after;
  // For the log: "connection refused", "HTTP 503", …
  std::string reason;
};

enum class Verdict : std::uint8_t {
  kDelivered,    // 2xx
  kRefused,      // 400, 413, 422: the alert itself is at fault; final
  kSlowDown,     // 429, or Retry-After: the Station is there, and asks for a pause
  kMisdirected,  // 3xx, 401, 403, 404, other 4xx: the address or the key is at fault
  kUnavailable,  // no answer, 5xx, 408
};

PAP_API Verdict judge(const StationAnswer& answer);

constexpr bool is_final(Verdict verdict) {
  return verdict == Verdict::kDelivered || verdict == Verdict::kRefused;
}

}  // namespace pap::core
