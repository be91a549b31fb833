// SPDX-License-Identifier: MIT
#include "pap/protocol/heartbeat.hpp"

#include <boost/throw_exception.hpp>
#include <stdexcept>

#include "protocol/heartbeat_fast.hpp"
#include "protocol/heartbeat_json.hpp"

namespace pap::protocol {

HeartbeatResult HeartbeatReader::read(std::string_view body) {
  if (const auto heartbeat = read_heartbeat_fast(body)) return *heartbeat;
  return read_heartbeat_json(body, name_);
}

void throw_exception_from_error(const Refusal& refusal, const boost::source_location& where) {
  boost::throw_with_location(std::runtime_error("heartbeat refused: " + refusal.message), where);
}

}  // namespace pap::protocol
