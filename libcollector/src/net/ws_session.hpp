// SPDX-License-Identifier: MIT
#pragma once

// One observer's WebSocket (RFC 6455). What it is sent, and what it misses, is the event bus's to
// say; this carries it, one message at a time.
//
// Beast pings every half of kObserverIdle and lets go of whoever does not answer.
// Ownership: keeps itself alive while an operation is pending; the server outlives it.
// Threads: the reactor's.

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "pap/core/event_bus.hpp"

namespace pap::net {

class Server;

class WsSession : public std::enable_shared_from_this<WsSession> {
 public:
  WsSession(Server& server, boost::asio::ip::tcp::socket socket);
  ~WsSession();

  // Accepts the handshake in `header`. The watch begins at once, so that nothing passes a client by
  // once it sees the answer; what comes meanwhile waits. Without a watch the client is told that an
  // agent id is required, and the connection is closed with 4000.
  void start(const std::string& header, std::optional<core::Watch> watch);
  // The bus has something.
  void wake();
  void close(boost::beast::websocket::close_reason reason);
  void cut();

 private:
  using Error = boost::system::error_code;

  void on_accepted(const Error& error);
  void read();
  void on_read(const Error& error);
  void write_next();
  void on_written(const Error& error);
  void leave();

  Server& server_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  core::ObserverId observer_ = 0;

  boost::beast::flat_buffer in_;
  core::Message out_;  // being written
  // Held once more by each pong that waits.
  struct Pong {
    std::string text;
    std::shared_ptr<int> counted;
  };
  std::shared_ptr<int> pongs_ = std::make_shared<int>();
  bool open_ = false;
  std::optional<boost::beast::websocket::close_reason> closing_;
};

}  // namespace pap::net
