// SPDX-License-Identifier: MIT
#pragma once

// The quick road for the requests that agents really send: one whole POST with a Content-Length,
// plain header lines, nothing that changes how HTTP goes on but Connection.
//
// Why it exists: of the instructions that a heartbeat took from its bytes to those of its answer,
// Beast's parser, which looks at each byte three times and compares each name with hundreds, was
// 70 %; this one takes a quarter of that (docs/performance.md). What it does not know is never
// refused here: it steps aside for Beast (request_parser.hpp), which alone says what is wrong with
// a request. What it takes, Beast takes with the same result; tests and a fuzzer compare the two.
//
// Threads: a pure function, safe from any thread.

#include <cstddef>
#include <optional>
#include <string_view>

namespace pap::net {

// The User-Agent of Node's fetch (contract: recordings).
inline constexpr std::string_view kNodeFetch = "node";

struct RequestLimits {
  std::size_t header_bytes;
  std::size_t body_bytes;
};

// Views refer to the bytes that were read.
struct QuickRequest {
  std::string_view target;
  std::string_view body;
  std::string_view authorization;
  std::string_view collector_key;
  std::size_t header_bytes = 0;  // request line and empty line included
  bool has_host = false;
  bool node_fetch = false;  // its User-Agent says so
  bool keep_alive = true;
};

// The request that `bytes` begin with. None means "not sure", not "wrong".
std::optional<QuickRequest> read_request_quickly(std::string_view bytes,
                                                 const RequestLimits& limits);

}  // namespace pap::net
