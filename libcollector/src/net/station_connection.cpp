// SPDX-License-Identifier: MIT
#include "net/station_connection.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include "net/limits.hpp"

namespace pap::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = 4096;

std::string text_of(const NameLookup::Endpoint& endpoint) {
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

std::string lower_first(std::string text) {
  // "Connection refused", but not "SSL …".
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

bool is_end(const error_code& ec) {
  return ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
}

// RFC 9112 leaves Keep-Alive to RFC 2068 §19.7.1: `timeout=5, max=100`.
std::optional<std::chrono::seconds> timeout_in(std::string_view keep_alive) {
  constexpr std::string_view kName = "timeout=";
  const std::size_t at = keep_alive.find(kName);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = keep_alive.substr(at + kName.size());
  std::uint16_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

StationConnection::StationConnection(asio::io_context& io, asio::ssl::context* tls,
                                     const StationUrl& url, std::size_t max_answer_bytes,
                                     std::shared_ptr<std::size_t> count)
    : url_(url),
      max_answer_bytes_(max_answer_bytes),
      tls_context_(tls),
      socket_(io),
      timer_(io),
      count_(std::move(count)) {
  ++*count_;
}

StationConnection::~StationConnection() { close(); }

template <typename Use>
void StationConnection::with_stream(Use use) {
  if (tls_) {
    use(*tls_);
  } else {
    use(socket_);
  }
}

// ---- Opening ------------------------------------------------------------------------------

void StationConnection::open(NameLookup::Endpoints endpoints, Clock::time_point deadline,
                             OpenHandler handler) {
  endpoints_ = std::move(endpoints);
  deadline_ = deadline;
  on_open_ = std::move(handler);
  try_endpoint();
}

void StationConnection::try_endpoint() {
  peer_ = endpoints_[attempt_];
  const auto left = static_cast<int>(endpoints_.size() - attempt_);
  const auto share = (deadline_ - Clock::now()) / left;
  timer_.expires_after(std::max<Clock::duration>(share, kMinConnectAttempt));
  timer_.async_wait([self = shared_from_this(), attempt = attempt_](const error_code& ec) {
    const bool pending = self->state_ == State::kConnecting && self->attempt_ == attempt;
    if (!ec && pending) self->on_connected(attempt, asio::error::timed_out);
  });
  error_code ignored;
  socket_.close(ignored);
  socket_.async_connect(peer_, [self = shared_from_this(), attempt = attempt_](
                                   const error_code& ec) { self->on_connected(attempt, ec); });
}

void StationConnection::on_connected(std::size_t attempt, const error_code& ec) {
  if (state_ != State::kConnecting || attempt != attempt_) return;
  if (ec) {
    if (!connect_failures_.empty()) connect_failures_ += "; ";
    connect_failures_ += lower_first(ec.message()) + " (" + text_of(peer_) + ')';
    if (++attempt_ < endpoints_.size()) {
      try_endpoint();
    } else {
      finish_open(connect_failures_);
    }
    return;
  }
  timer_.cancel();
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (tls_context_ != nullptr) {
    shake_hands();
  } else {
    opened();
  }
}

void StationConnection::shake_hands() {
  state_ = State::kHandshake;
  tls_.emplace(socket_, *tls_context_);
  if (const std::string why = expect_host(*tls_, url_); !why.empty()) {
    finish_open(why);
    return;
  }
  tls_->async_handshake(asio::ssl::stream_base::client,
                        [self = shared_from_this()](const error_code& ec) {
                          if (self->state_ != State::kHandshake) return;
                          if (ec) {
                            self->finish_open(handshake_failure(*self->tls_, ec));
                          } else {
                            self->opened();
                          }
                        });
}

void StationConnection::opened() {
  state_ = State::kResting;
  opened_at_ = Clock::now();
  read();
  finish_open({});
}

void StationConnection::finish_open(const std::string& failure) {
  const OpenHandler handler = std::exchange(on_open_, nullptr);
  handler(failure);
}

// ---- Exchanges ----------------------------------------------------------------------------

void StationConnection::exchange(std::string request, ReplyHandler handler) {
  state_ = State::kExchanging;
  timer_.cancel();
  on_gone_ = nullptr;
  on_reply_ = std::move(handler);
  answer_bytes_ = 0;
  interim_answers_ = 0;
  next_parser();
  request_ = std::move(request);
  writing_ = true;
  // A write that fails is not the end: the Station may have answered before it closed. The read
  // tells which, and at the latest the deadline does.
  with_stream([&](auto& stream) {
    asio::async_write(
        stream, asio::buffer(request_),
        [self = shared_from_this()](const error_code&, std::size_t) { self->writing_ = false; });
  });
}

void StationConnection::rest(Clock::time_point until, std::function<void()> gone) {
  state_ = State::kResting;
  on_gone_ = std::move(gone);
  timer_.expires_at(until);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && self->state_ == State::kResting) self->fail({});
  });
}

void StationConnection::read() {
  with_stream([&](auto& stream) {
    stream.async_read_some(buffer_.prepare(kReadBytes),
                           [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
                             self->on_read(ec, bytes);
                           });
  });
}

void StationConnection::on_read(const error_code& ec, std::size_t bytes) {
  if (state_ == State::kClosed) return;
  if (state_ == State::kResting) {
    fail({});  // closed, or talks without being asked
    return;
  }
  answer_bytes_ += bytes;
  if (is_end(ec)) {
    error_code incomplete;
    // Over TLS an end without close_notify may be anyone's, and is no end of an answer.
    if (parser_->got_some() && ec == asio::error::eof) parser_->put_eof(incomplete);
    if (!incomplete && parser_->is_done()) {
      complete();
    } else {
      fail(answer_bytes_ == 0 ? "the connection was closed without an answer"
                              : "the connection was closed in the middle of the answer");
    }
    return;
  }
  if (ec) {
    fail(lower_first(ec.message()) +
         (answer_bytes_ == 0 ? " before an answer" : " in the middle of the answer"));
    return;
  }
  if (answer_bytes_ > max_answer_bytes_) {
    fail("answer too large");
    return;
  }
  buffer_.commit(bytes);
  parse();
}

void StationConnection::parse() {
  while (buffer_.size() > 0) {
    error_code ec;
    buffer_.consume(parser_->put(buffer_.data(), ec));
    if (ec == http::error::need_more) break;
    if (ec == http::error::body_limit || ec == http::error::header_limit) {
      fail("answer too large");
      return;
    }
    if (ec) {
      fail("not HTTP: " + lower_first(ec.message()));
      return;
    }
    if (!parser_->is_done()) continue;
    if (parser_->get().result_int() >= 200) {
      complete();
      return;
    }
    if (parser_->get().result_int() == 101 || ++interim_answers_ > kMaxStationInterimAnswers) {
      fail("not an answer: HTTP " + std::to_string(parser_->get().result_int()));
      return;
    }
    next_parser();
  }
  read();
}

void StationConnection::next_parser() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(max_answer_bytes_));
  parser_->body_limit(max_answer_bytes_);
}

void StationConnection::complete() {
  auto& message = parser_->get();
  StationReply reply;
  reply.status = static_cast<std::uint16_t>(message.result_int());
  reply.any_byte = true;
  // Bytes beyond the answer are an answer to nothing, and one that comes before the request is
  // written leaves the rest of it in the way.
  reply.keep_alive = parser_->keep_alive() && buffer_.size() == 0 && !writing_;
  reply.retry_after = message[http::field::retry_after];
  reply.location = message[http::field::location];
  reply.body = std::move(message.body());
  keep_alive_hint_ = timeout_in(message[http::field::keep_alive]);
  const ReplyHandler handler = std::exchange(on_reply_, nullptr);
  if (reply.keep_alive) {
    state_ = State::kResting;
    read();
  } else {
    close();
  }
  handler(reply);
}

void StationConnection::fail(const std::string& failure) {
  const ReplyHandler on_reply = std::exchange(on_reply_, nullptr);
  const std::function<void()> on_gone = std::exchange(on_gone_, nullptr);
  close();
  if (on_reply) {
    StationReply reply;
    reply.failure = failure;
    reply.any_byte = answer_bytes_ > 0;
    on_reply(reply);
  } else if (on_gone) {
    on_gone();
  }
}

// ---- Ending -------------------------------------------------------------------------------

void StationConnection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  on_open_ = nullptr;
  on_reply_ = nullptr;
  on_gone_ = nullptr;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  --*count_;
}

std::string StationConnection::doing() const {
  switch (state_) {
    case State::kConnecting:
      return "connecting to " + text_of(peer_);
    case State::kHandshake:
      return "in the TLS handshake with " + text_of(peer_);
    default:
      return "waiting for the answer of " + text_of(peer_);
  }
}

}  // namespace pap::net
