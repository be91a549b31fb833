// SPDX-License-Identifier: MIT
#pragma once

// One HTTP/1.1 request, read in place: Beast's incremental parser (RFC 9112), with the few fields
// that the collector looks at kept as places in the session's buffer. Only a chunked body is
// copied, since its pieces do not lie together. The usual request that has come whole takes the
// quick road instead (request_quick.hpp).
//
// Ownership: views refer to the buffer given to the last feed(), or into the parser.
// Errors: as values; folded header lines are refused (RFC 9112 §5.2 lets a server do so).
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/verb.hpp>

#include "net/request_quick.hpp"

namespace pap::net {

class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  enum class State : std::uint8_t { kIncomplete, kComplete, kBad, kHeaderTooLarge, kBodyTooLarge };

  explicit RequestParser(const RequestLimits& limits);

  // All bytes of this request that have come so far, from its first: `base` may have moved since
  // the last call, its beginning may not have changed.
  State feed(std::string_view base);

  // Bytes of the buffer that this request took.
  std::size_t consumed() const { return consumed_; }
  // For State::kBad, in words.
  const std::string& problem() const { return problem_; }
  bool started() const { return consumed_ > 0; }
  bool header_complete() const { return header_complete_; }

  boost::beast::http::verb method() const { return method_; }
  std::string_view target() const { return view(target_); }
  std::string_view body() const { return chunked_ ? std::string_view{chunks_} : view(body_); }
  std::string_view header() const { return base_.substr(0, header_bytes_); }
  std::string_view collector_key() const { return view(collector_key_); }
  std::string_view authorization() const { return view(authorization_); }
  bool has_content_encoding() const { return content_encoding_; }
  bool expects_continue() const { return expects_continue_ && version_ >= 11; }
  // GET, HTTP/1.1, and both headers that ask for one (RFC 6455 §4.2.1).
  bool wants_websocket() const {
    return upgrade_websocket_ && upgrade() && version_ == 11 &&
           method_ == boost::beast::http::verb::get;
  }
  std::string_view websocket_key() const { return view(websocket_key_); }
  std::string_view websocket_version() const { return view(websocket_version_); }
  bool has_host() const { return has_host_; }
  bool is_node_fetch() const { return node_fetch_; }
  bool keep_alive() const { return quick_ ? quick_keep_alive_ : basic_parser::keep_alive(); }
  int http_version() const { return version_; }  // 10 or 11

 private:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;
  struct Place {
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  bool feed_quickly();

  std::string_view view(Place place) const { return base_.substr(place.offset, place.length); }
  Place place_of(std::string_view text) const;
  bool in_buffer(Text text) const;

  void on_request_impl(boost::beast::http::verb method, Text, Text target, int version,
                       Error& error) override;
  void on_response_impl(int, Text, int, Error&) override {}
  void on_field_impl(boost::beast::http::field name, Text name_text, Text value,
                     Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) override;
  std::size_t on_body_impl(Text body, Error&) override;
  void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override;
  void on_finish_impl(Error&) override {}

  const RequestLimits limits_;

  std::string_view base_;
  std::size_t consumed_ = 0;
  std::size_t header_bytes_ = 0;
  std::string problem_;
  std::string chunks_;
  Place target_;
  Place body_;
  Place collector_key_;
  Place authorization_;
  Place websocket_key_;
  Place websocket_version_;
  boost::beast::http::verb method_ = boost::beast::http::verb::unknown;
  int version_ = 11;
  bool header_complete_ = false;
  bool content_encoding_ = false;
  bool transfer_encoding_ = false;
  bool expects_continue_ = false;
  bool upgrade_websocket_ = false;
  bool has_host_ = false;
  bool node_fetch_ = false;
  bool chunked_ = false;
  bool quick_ = false;  // Beast has seen nothing of it
  bool quick_keep_alive_ = false;
};

}  // namespace pap::net
