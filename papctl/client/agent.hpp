// SPDX-License-Identifier: MIT
#pragma once

// An agent as GET /agents tells of it (contract: Operators and the Station -> collector).
//
// What is missing or of another type keeps its default: an older collector must not stop a list.
// Threads: values.

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "papctl/client/client.hpp"

namespace pap::ctl {

struct Agent {
  std::string id;
  std::string name;  // equal to the id where the agent gave none
  std::string mode;
  double uptime_seconds = 0;
  std::string last_seen_text;
  std::optional<TimePoint> last_seen;
  bool healthy = false;
  bool observed = false;
  std::uint64_t beats = 0;
  nlohmann::ordered_json json;  // as served

  static Agent from(nlohmann::ordered_json json);
};

}  // namespace pap::ctl
