// SPDX-License-Identifier: MIT
#pragma once

// A heartbeat and its JSON: `{ "mode": "IDLE", "uptime_seconds": 3600, "agent_name": "my-agent" }`.
//
// The reader is strict (RFC 8259, UTF-8): wrong types, duplicate keys at any depth, invalid UTF-8,
// trailing bytes and nesting beyond kMaxJsonDepth are refused with a message that names the field
// or the byte. Unknown fields are ignored, but resource data is not (PAP-RFC-001 §8.1 forbids it).
//
// Errors: a Refusal, never an exception.
// Threads: a HeartbeatReader serves one thread; its results refer into it or into the body, and
// are valid until the next read().

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pap/export.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::protocol {

inline constexpr std::size_t kMaxJsonDepth = 32;
// An agent name is cut here, at a character, so that an alert stays far under its 10 000 bytes.
inline constexpr std::size_t kMaxAgentNameBytes = 256;

struct Heartbeat {
  Mode mode = Mode::kIdle;
  double uptime_seconds = 0;    // finite, >= 0
  std::string_view agent_name;  // at most kMaxAgentNameBytes; empty when absent, null or ""
};

struct Refusal {
  enum class Reason : std::uint8_t {
    kInvalidPayload,  // not JSON, not an object, a field missing or of the wrong type
    kForbiddenField,  // cpu_percent, memory_mb, requests_handled, custom_metrics
    kInvalidMode,     // a string, but none of the three modes
  };
  Reason reason = Reason::kInvalidPayload;
  std::string message;  // what was wrong and where, for people
};

using HeartbeatResult = boost::system::result<Heartbeat, Refusal>;
[[noreturn]] PAP_API void throw_exception_from_error(const Refusal& refusal,
                                                     const boost::source_location& where);

class PAP_API HeartbeatReader {
 public:
  HeartbeatResult read(std::string_view body);

 private:
  std::string name_;  // scratch: a name that had escapes
};

}  // namespace pap::protocol
