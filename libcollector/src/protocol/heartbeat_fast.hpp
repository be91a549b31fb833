// SPDX-License-Identifier: MIT
#pragma once

// The quick road for the heartbeats that agents really send: one flat object of the known keys,
// each at most once, with a known mode, a plain number and a name without escapes.
//
// Why it exists: it reads in place and allocates nothing, while the JSON library copies every
// key and value (some 15 times slower), and heartbeats are nearly all that a collector reads.
// What it does not know is never refused here: it steps aside for the strict reader
// (heartbeat_json.hpp), which alone says what is wrong with a body. What it takes, the strict
// reader takes with the same result; tests and a fuzzer compare the two.
//
// Ownership: the name refers into `body`.
// Threads: a pure function, safe from any thread.

#include <optional>
#include <string_view>

#include "pap/protocol/heartbeat.hpp"

namespace pap::protocol {

// None means "not sure", not "wrong".
std::optional<Heartbeat> read_heartbeat_fast(std::string_view body);

}  // namespace pap::protocol
