// SPDX-License-Identifier: MIT
#pragma once

// JSON values that more than one message has.
//
// Threads: pure functions, safe from any thread.

#include <cstddef>
#include <cstdint>
#include <string>

#include "pap/protocol/answers.hpp"
#include "pap/protocol/json_writer.hpp"
#include "pap/protocol/mode.hpp"
#include "pap/protocol/timestamp.hpp"

namespace pap::protocol {

inline void append_json_time(std::string& out, WallTime time) {
  out += '"';
  append_timestamp(out, time);
  out += '"';
}

inline void append_json_mode(std::string& out, Mode mode) {
  out += '"';
  out += to_string(mode);
  out += '"';
}

inline void append_cluster(std::string& out, const Cluster& cluster) {
  out += R"("cluster_id":)";
  append_json_string(out, cluster.id);
  out += R"(,"cluster_name":)";
  append_json_string(out, cluster.name);
}

// Counts are far from 2^63: they count things in memory, or messages since the start.
inline void append_json_count(std::string& out, std::uint64_t count) {
  append_json_integer(out, static_cast<std::int64_t>(count));
}

}  // namespace pap::protocol
