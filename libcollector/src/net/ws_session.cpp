// SPDX-License-Identifier: MIT
#include "net/ws_session.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <nlohmann/json.hpp>

#include "net/limits.hpp"
#include "net/server.hpp"
#include "pap/protocol/answers.hpp"
#include "pap/version.hpp"

namespace pap::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace {

bool is_ping(std::string_view text) {
  const auto message = nlohmann::json::parse(text, nullptr, false);
  if (!message.is_object()) return false;
  const auto type = message.find("type");
  return type != message.end() && *type == "ping";
}

}  // namespace

WsSession::WsSession(Server& server, asio::ip::tcp::socket socket)
    : server_(server), stream_(std::move(socket)) {
  server_.websocket_opened(*this);
}

WsSession::~WsSession() {
  leave();
  server_.websocket_closed(*this);
}

void WsSession::start(const std::string& header, std::optional<core::Watch> watch) {
  if (watch) {
    observer_ = server_.driver().core().observe(
        std::move(*watch), server_.config().observer_queue_bytes, system_now());
    server_.join(observer_, shared_from_this());
  }
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(server_.config().max_header_bytes));
  Error error;
  parser.put(asio::buffer(header), error);  // it was parsed before, so this cannot fail
  request_ = parser.release();

  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = kObserverHandshake;
  timeout.idle_timeout = kObserverIdle;
  timeout.keep_alive_pings = true;
  stream_.set_option(timeout);
  stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(http::field::server, "collectord/" + std::string{pap::version()});
  }));
  stream_.read_message_max(kMaxObserverMessageBytes);
  stream_.text(true);
  stream_.async_accept(
      request_, [self = shared_from_this()](const Error& failure) { self->on_accepted(failure); });
}

void WsSession::on_accepted(const Error& error) {
  if (error) return leave();
  request_ = {};
  open_ = true;
  if (observer_ != 0) {
    ++server_.counters().observers_accepted;
    write_next();
  } else {
    std::string text;
    protocol::append_agent_id_required(text);
    out_ = std::make_shared<const std::string>(std::move(text));
    closing_ = websocket::close_reason{static_cast<websocket::close_code>(kCloseAgentIdRequired),
                                       "Agent ID required"};
    stream_.async_write(asio::buffer(*out_),
                        [self = shared_from_this()](const Error& failure, std::size_t) {
                          self->on_written(failure);
                        });
  }
  read();
}

// --- from the client: nothing but pings ---

void WsSession::read() {
  stream_.async_read(
      in_, [self = shared_from_this()](const Error& error, std::size_t) { self->on_read(error); });
}

void WsSession::on_read(const Error& error) {
  if (error) {
    if (error != websocket::error::closed) ++server_.counters().observers_lost;
    return leave();
  }
  const auto pongs_waiting = static_cast<std::size_t>(pongs_.use_count() - 1);
  if (observer_ != 0 && stream_.got_text() && pongs_waiting < kMostPongs &&
      is_ping({static_cast<const char*>(in_.data().data()), in_.data().size()})) {
    auto pong = std::make_shared<Pong>();
    pong->counted = pongs_;
    protocol::append_pong(pong->text, system_now().wall);
    server_.driver().core().events().send(observer_, core::Message{pong, &pong->text});
    write_next();
  }
  in_.consume(in_.size());
  read();
}

// --- to the client ---

void WsSession::wake() { write_next(); }

void WsSession::write_next() {
  if (out_ || !open_ || closing_ || observer_ == 0) return;
  out_ = server_.driver().core().events().next(observer_);
  if (!out_) return;
  stream_.async_write(
      asio::buffer(*out_),
      [self = shared_from_this()](const Error& error, std::size_t) { self->on_written(error); });
}

void WsSession::on_written(const Error& error) {
  out_.reset();
  if (error) return leave();
  if (closing_) {
    stream_.async_close(*closing_, [self = shared_from_this()](const Error&) { self->leave(); });
    return;
  }
  write_next();
}

// --- end ---

void WsSession::close(websocket::close_reason reason) {
  if (closing_) return;
  closing_ = reason;
  if (!open_) return cut();
  if (out_) return;  // after the message that is on its way
  stream_.async_close(reason, [self = shared_from_this()](const Error&) { self->leave(); });
}

void WsSession::cut() {
  Error ignored;
  stream_.next_layer().close(ignored);
}

void WsSession::leave() {
  open_ = false;
  if (observer_ == 0) return;
  const core::ObserverId observer = std::exchange(observer_, 0);
  server_.driver().core().stop_observing(observer);
  server_.leave(observer);
}

}  // namespace pap::net
