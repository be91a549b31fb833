// SPDX-License-Identifier: MIT
#pragma once

// The canonical text of a UUID (RFC 9562 §4) and its 16 bytes.
//
// Threads: pure functions, safe from any thread.

#include <optional>
#include <string>
#include <string_view>

#include "pap/protocol/agent_id.hpp"

namespace pap::protocol {

// None when `text` is in any other form, upper case included: append_uuid() gives back exactly
// what was parsed, or an agent would be answered with an id that is not its own.
std::optional<UuidBytes> parse_uuid(std::string_view text);

void append_uuid(std::string& out, const UuidBytes& bytes);

}  // namespace pap::protocol
