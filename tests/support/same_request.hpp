// SPDX-License-Identifier: MIT
#pragma once

// Whether the quick road of requests (request_quick.hpp) reads one as Beast does.
//
// Threads: pure functions.

#include <string>
#include <string_view>

#include "net/request_parser.hpp"

namespace pap::test {

// "" where the two agree, or the quick road stepped aside; else what differs.
inline std::string difference_from_beast(std::string_view bytes, const net::RequestLimits& limits) {
  if (!net::read_request_quickly(bytes, limits)) return "";
  net::RequestParser quick(limits);
  net::RequestParser slow(limits);
  quick.feed(bytes);
  slow.feed(bytes.substr(0, 1));  // what has not come whole is Beast's
  if (slow.feed(bytes) != net::RequestParser::State::kComplete) {
    return "Beast does not take it: " + slow.problem();
  }
  std::string difference;
  const auto compare = [&difference](std::string_view what, const auto& a, const auto& b) {
    if (!(a == b)) difference.append(what).append(" differs; ");
  };
  compare("consumed", quick.consumed(), slow.consumed());
  compare("method", quick.method(), slow.method());
  compare("version", quick.http_version(), slow.http_version());
  compare("target", quick.target(), slow.target());
  compare("body", quick.body(), slow.body());
  compare("header", quick.header(), slow.header());
  compare("collector key", quick.collector_key(), slow.collector_key());
  compare("authorization", quick.authorization(), slow.authorization());
  compare("content encoding", quick.has_content_encoding(), slow.has_content_encoding());
  compare("expectation", quick.expects_continue(), slow.expects_continue());
  compare("websocket", quick.wants_websocket(), slow.wants_websocket());
  compare("websocket key", quick.websocket_key(), slow.websocket_key());
  compare("websocket version", quick.websocket_version(), slow.websocket_version());
  compare("host", quick.has_host(), slow.has_host());
  compare("Node's fetch", quick.is_node_fetch(), slow.is_node_fetch());
  compare("keep-alive", quick.keep_alive(), slow.keep_alive());
  return difference;
}

}  // namespace pap::test
