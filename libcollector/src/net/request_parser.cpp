// SPDX-License-Identifier: MIT
#include "net/request_parser.hpp"

#include <functional>
#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace pap::net {

namespace http = boost::beast::http;

RequestParser::RequestParser(const RequestLimits& limits) : limits_(limits) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(limits.body_bytes);
}

RequestParser::State RequestParser::feed(std::string_view base) {
  base_ = base;
  if (quick_) return State::kComplete;
  if (consumed_ == 0 && feed_quickly()) return State::kComplete;
  while (consumed_ < base_.size() && !is_done()) {
    Error error;
    const std::string_view rest = base_.substr(consumed_);
    const std::size_t taken = put(boost::asio::buffer(rest.data(), rest.size()), error);
    consumed_ += taken;
    if (header_complete_ && header_bytes_ == 0) header_bytes_ = consumed_ - body_.length;
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit) return State::kHeaderTooLarge;
    if (error == http::error::body_limit) return State::kBodyTooLarge;
    if (error) {
      problem_ = error.message();
      return State::kBad;
    }
    if (taken == 0) break;
  }
  return is_done() ? State::kComplete : State::kIncomplete;
}

bool RequestParser::feed_quickly() {
  const auto request = read_request_quickly(base_, limits_);
  if (!request) return false;
  quick_ = true;
  quick_keep_alive_ = request->keep_alive;
  method_ = http::verb::post;
  target_ = place_of(request->target);
  body_ = place_of(request->body);
  authorization_ = place_of(request->authorization);
  collector_key_ = place_of(request->collector_key);
  has_host_ = request->has_host;
  node_fetch_ = request->node_fetch;
  header_complete_ = true;
  header_bytes_ = request->header_bytes;
  consumed_ = request->header_bytes + request->body.size();
  return true;
}

bool RequestParser::in_buffer(Text text) const {
  const std::less_equal<const char*> not_after;
  return not_after(base_.data(), text.data()) &&
         not_after(text.data() + text.size(), base_.data() + base_.size());
}

RequestParser::Place RequestParser::place_of(std::string_view text) const {
  if (text.empty()) return {};
  return {static_cast<std::size_t>(text.data() - base_.data()), text.size()};
}

void RequestParser::on_request_impl(http::verb method, Text, Text target, int version, Error&) {
  method_ = method;
  target_ = place_of(target);
  version_ = version;
}

void RequestParser::on_field_impl(http::field name, Text name_text, Text value, Error& error) {
  if (!in_buffer(value) && !value.empty()) {
    error = http::error::bad_value;  // a folded line, joined elsewhere
    return;
  }
  switch (name) {
    case http::field::authorization:
      authorization_ = place_of(value);
      break;
    case http::field::content_encoding:
      content_encoding_ = !boost::beast::iequals(value, "identity");
      break;
    case http::field::expect:
      expects_continue_ = boost::beast::iequals(value, "100-continue");
      break;
    case http::field::host:
      has_host_ = true;
      break;
    case http::field::transfer_encoding:
      transfer_encoding_ = true;
      break;
    case http::field::upgrade:
      upgrade_websocket_ = http::token_list{value}.exists("websocket");
      break;
    case http::field::sec_websocket_key:
      websocket_key_ = place_of(value);
      break;
    case http::field::sec_websocket_version:
      websocket_version_ = place_of(value);
      break;
    case http::field::user_agent:
      node_fetch_ = value == kNodeFetch;
      break;
    case http::field::unknown:
      if (boost::beast::iequals(name_text, "X-Collector-Key")) collector_key_ = place_of(value);
      break;
    default:
      break;
  }
}

// Where its body ends, nobody knows of a request whose last coding is not `chunked`: what follows
// must not be taken for a request (RFC 9112 §6.3). Beast passes over codings that it does not know.
void RequestParser::on_header_impl(Error& error) {
  header_complete_ = true;
  if (transfer_encoding_ && (!chunked() || version_ < 11)) {
    error = http::error::bad_transfer_encoding;
  }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) {
  chunked_ = chunked();
}

std::size_t RequestParser::on_body_impl(Text body, Error&) {
  if (body_.length == 0) body_.offset = place_of(body).offset;
  body_.length += body.size();
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Error&) {
  chunks_.append(body.data(), body.size());
  return body.size();
}

}  // namespace pap::net
