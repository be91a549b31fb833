// SPDX-License-Identifier: MIT
// Any body at all: the fast reader and the strict one agree wherever the fast one is sure, and
// what is taken or refused can be told to others (valid UTF-8, within limits).
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pap/protocol/heartbeat.hpp"
#include "pap/protocol/json_writer.hpp"
#include "protocol/heartbeat_fast.hpp"
#include "protocol/heartbeat_json.hpp"
#include "protocol/utf8.hpp"

namespace {

using namespace pap::protocol;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_same(const Heartbeat& a, const Heartbeat& b) {
  return a.mode == b.mode && a.agent_name == b.agent_name &&
         std::bit_cast<std::uint64_t>(a.uptime_seconds) ==
             std::bit_cast<std::uint64_t>(b.uptime_seconds);
}

void check_taken(const Heartbeat& heartbeat) {
  require(std::isfinite(heartbeat.uptime_seconds) && !std::signbit(heartbeat.uptime_seconds));
  require(heartbeat.agent_name.size() <= kMaxAgentNameBytes);
  require(is_utf8(heartbeat.agent_name));
}

void check_refused(const Refusal& refusal) {
  constexpr std::size_t kMostThatIsReadable = 500;
  require(!refusal.message.empty() && refusal.message.size() < kMostThatIsReadable);
  require(is_utf8(refusal.message));
}

// A heartbeat written as an agent writes it comes back as it was.
void check_round_trip(const Heartbeat& heartbeat) {
  std::string body = R"({"mode":")" + std::string(to_string(heartbeat.mode));
  body += R"(","uptime_seconds":)";
  append_json_number(body, heartbeat.uptime_seconds);
  body += R"(,"agent_name":)";
  append_json_string(body, heartbeat.agent_name);
  body += '}';
  HeartbeatReader reader;
  const HeartbeatResult again = reader.read(body);
  require(again.has_value() && is_same(*again, heartbeat));
}

}  // namespace

// libFuzzer declares it nowhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(data, data + size);
  std::string name;
  const HeartbeatResult strict = read_heartbeat_json(body, name);
  if (const auto fast = read_heartbeat_fast(body)) {
    require(strict.has_value() && is_same(*fast, *strict));
  }
  if (strict.has_value()) {
    check_taken(*strict);
    check_round_trip(*strict);
  } else {
    check_refused(strict.error());
  }
  return 0;
}
