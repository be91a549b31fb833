// SPDX-License-Identifier: MIT
#pragma once

// An answer as handlers make it, and its head as it goes over the wire.
//
// Ownership: one Response is used again and again, so that its texts keep their memory.
// Threads: one.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pap/core/collector.hpp"

namespace pap::net {

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";

struct Response {
  unsigned status = 200;
  std::string_view content_type = kJsonType;
  std::string headers;  // further lines, each ending in CRLF
  std::string body;
  // A body that goes on after `body`, in pieces; the closing is appended at its end.
  std::optional<core::AgentList> list;
  // It took a slice's work: what the client sent behind this request waits its turn.
  bool took_a_slice = false;
  // Not yet: the same request is to be handled again, after what waits elsewhere.
  bool again = false;
  // 101: the connection becomes an observer's.
  std::optional<core::Watch> observe;
  bool agent_id_missing = false;  // likewise, to be told so and closed
  // The connection is closed after this answer.
  bool close = false;
  // To a heartbeat of Node's fetch: when the next one is due. It gives the connection up before.
  std::optional<std::chrono::milliseconds> next_beat;

  void reset();
  void json(unsigned code, std::string_view text) {
    status = code;
    body = text;
  }
  // { "error", "message" }
  void fail(unsigned code, std::string_view error, std::string_view message = {});
  void retry_later(std::string_view error, std::string_view message);  // 503 with Retry-After
};

std::string_view reason_phrase(unsigned status);

struct Head {
  unsigned status;
  std::string_view content_type;
  std::string_view headers;
  std::optional<std::size_t> content_length;  // none: chunked, or until the end of an HTTP/1.0 one
  bool chunked = false;
  bool close = false;
  bool keep_alive_1_0 = false;  // an HTTP/1.0 client asked for it
  bool promises = false;        // to keep the connection for kKeptFor
};
// `date` is the value of the Date field (RFC 9110 §5.6.7).
void append_head(std::string& out, const Head& head, std::string_view date);

// A piece of a body: as a chunk (RFC 9112 §7.1), or as it is. Nothing for an empty one, since an
// empty chunk ends the body.
void append_piece(std::string& out, std::string_view piece, bool chunked);

// IMF-fixdate, made anew once a second.
class DateText {
 public:
  std::string_view at(core::WallTime now);

 private:
  std::int64_t second_ = -1;
  std::string text_;
};

}  // namespace pap::net
