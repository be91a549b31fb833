// SPDX-License-Identifier: MIT
#pragma once

// The strict road: reads every heartbeat that RFC 8259 allows, and says what is wrong with the
// rest. What is wrong is named in this order, whatever the order of the members: the body is not
// JSON (or nested too deep, or has a key twice); a forbidden field; a field missing or of the
// wrong type; an unknown mode.
//
// Ownership: the name in the result refers to `name`.
// Threads: keeps nothing; safe from any thread with a `name` of its own.

#include <string>
#include <string_view>

#include "pap/protocol/heartbeat.hpp"

namespace pap::protocol {

HeartbeatResult read_heartbeat_json(std::string_view body, std::string& name);

}  // namespace pap::protocol
