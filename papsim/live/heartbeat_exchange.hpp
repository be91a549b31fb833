// SPDX-License-Identifier: MIT
#pragma once

// A heartbeat as an agent sends it, and the answer, field by field (contract: Agents -> collector).
//
// What a collector answers that writes its JSON as JavaScript does, with the fields in the
// contract's order, is known by comparison; anything else is parsed.
// Threads: pure functions, and values.

#include <optional>
#include <string>
#include <string_view>

#include "papsim/live/answer.hpp"
#include "papsim/live/live_oracle.hpp"
#include "papsim/live/request_client.hpp"
#include "papsim/world/witness.hpp"

namespace pap::sim {

// "POST /heartbeat/…": with the header fields of Node's fetch, and `Connection: close` where each
// request has a connection of its own. Who keeps connections for ever is not Node's fetch, and
// does not say so.
class RequestWriter {
 public:
  RequestWriter(std::string host, Connections connections);

  // Valid until the next call.
  std::string_view heartbeat(std::string_view id, const SeenBeat& beat);
  std::string_view remove(std::string_view id, std::string_view key);
  std::string_view get(std::string_view path, std::string_view key);

 private:
  void path_of(std::string_view id);

  const std::string host_;
  const std::string_view connection_;
  const std::string_view agent_;
  std::string text_;
  std::string body_;
};

// None, and in `why` what is wrong, when a 200 is not what the contract says.
std::optional<LiveOracle::Receipt> read_receipt(const Answer& answer, std::string& why);

}  // namespace pap::sim
