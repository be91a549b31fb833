// SPDX-License-Identifier: MIT
#pragma once

// A request as handlers see it: path decoded, query split.
//
// Ownership: views refer to the session's buffer or to this object.
// Threads: one.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/beast/http/verb.hpp>

namespace pap::net {

class RequestParser;

struct Request {
  boost::beast::http::verb method = boost::beast::http::verb::unknown;
  std::string_view path;   // still encoded, without the query, the trailing slash, and the host
  std::string_view query;  // still encoded, without the question mark
  std::string_view body;
  std::string_view collector_key;
  std::string_view authorization;
  bool content_encoding = false;
  bool host = false;
  bool node_fetch = false;  // whose habits with connections are known (limits.hpp)
  bool websocket = false;   // asked for, as it should be but for what follows
  std::string_view websocket_key;
  std::string_view websocket_version;
  bool head = false;

  // The decoded value of a query parameter, the first of its name; none when it is not there.
  // What cannot be decoded is taken as it stands.
  std::optional<std::string> parameter(std::string_view name) const;
};

// What a parser has read completely.
Request request_from(const RequestParser& parser);

// Splits `/path?query`, or `http://host/path?query` (RFC 9112 §3.2.2).
void split_target(std::string_view target, Request& request);

}  // namespace pap::net
