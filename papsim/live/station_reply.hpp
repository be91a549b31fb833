// SPDX-License-Identifier: MIT
#pragma once

// What a stand-in Station received, and what it does, between the words of HTTP and those of the
// virtual Station; and an alert as people and programs read it.
//
// Threads: pure functions.

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "papsim/stand_in/station.hpp"
#include "papsim/world/virtual_station.hpp"

namespace pap::sim {

// The header's value, by its name in lower case; "" for none.
std::string header_of(const ReceivedAlert& received, const std::string& name);

// The Idempotency-Key; of a collector that sends none, what makes the alert that alert.
std::string key_of(const ReceivedAlert& received);

// The Retry-After that goes over the wire, in whole seconds.
std::optional<WorldTime> retry_after_of(const StationReply& reply);
StationAct act_of(const StationReply& reply, WorldTime now);

// "2026-11-24T22:51:27.549Z  AGENT_DEATH  critical  my-agent  mode=IDLE …  -> 503"; control
// characters are shown as "?", for names are other people's.
std::string line_of(const ReceivedAlert& received);
// For a record, one line of JSON an alert.
nlohmann::ordered_json record_of(const ReceivedAlert& received);

}  // namespace pap::sim
