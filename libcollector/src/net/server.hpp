// SPDX-License-Identifier: MIT
#pragma once

// The server: who is connected, what they may do, and what they all share.
//
// Ownership: the reactor, configuration, logger and driver are the caller's and outlive it.
// Sessions hold a reference to it and must be gone before it is: close_all() sees to that, and the
// reactor is run until they are.
// Threads: the reactor's.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/block_pool.hpp"
#include "net/driver.hpp"
#include "net/listener.hpp"
#include "net/logger.hpp"
#include "net/net_counters.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "net/session_list.hpp"
#include "pap/net/config.hpp"
#include "pap/protocol/heartbeat.hpp"

namespace pap::net {

class HttpSession;
class WsSession;

class Server {
 public:
  Server(boost::asio::io_context& io, const Config& config, Logger& log, Driver& driver);
  ~Server();

  // --- life ---

  std::uint16_t listen(std::string& error);
  void start();
  // From now on not ready, and every answer ends its connection.
  void drain();
  // Takes in what the kernel has accepted already, then closes the port.
  void stop_accepting();
  // How many may yet bring a request, and are left.
  std::size_t close_idle();
  void close_observers();  // with 1001
  void close_all();
  // Connections with a request or an answer under way.
  std::size_t busy() const;

  // --- for sessions ---

  boost::asio::io_context& io() { return io_; }
  const Config& config() const { return config_; }
  Logger& log() { return log_; }
  Driver& driver() { return driver_; }
  NetCounters& counters() { return driver_.counters(); }
  SessionList& sessions() { return sessions_; }
  Response& scratch() { return scratch_; }
  // An empty text with memory, in exchange for one that is done with.
  void swap_spare_text(std::string& text) { text.swap(spare_text_); }
  protocol::HeartbeatReader& reader() { return reader_; }
  std::string_view date(core::WallTime now) { return date_.at(now); }

  bool ready() const { return ready_ && !draining_; }
  bool draining() const { return draining_; }
  std::size_t connections() const { return sessions_.size() + websockets_.size(); }
  std::size_t max_connections() const { return max_connections_; }
  bool over_limit() const { return connections() > max_connections_; }
  bool has_room() const;
  bool keep_alive_allowed() const;
  // Whether one more may be promised to stay open until its agent's next heartbeat.
  bool may_keep() const;
  void count_kept(bool one_more) { one_more ? ++kept_ : --kept_; }
  std::size_t kept() const { return kept_; }
  void connection_closed();  // room for another one

  // Whether no more lists are to be begun: those under way, and answers that nobody takes.
  bool lists_full() const;
  // A list is on its way, in slices.
  void list_begun() { ++lists_; }
  void list_ended() { --lists_; }

  bool observers_full() const { return observers_.size() >= config_.max_observers; }
  void observe(boost::asio::ip::tcp::socket socket, std::string header, core::Watch watch);
  void refuse_observer(boost::asio::ip::tcp::socket socket, std::string header);
  void join(core::ObserverId id, const std::shared_ptr<WsSession>& session);
  void leave(core::ObserverId id);
  void websocket_opened(WsSession& session) { websockets_.insert(&session); }
  void websocket_closed(WsSession& session);
  std::size_t observers() const { return observers_.size(); }
  std::uint64_t descriptors_exhausted() const { return listener_.exhausted(); }

 private:
  void adopt(boost::asio::ip::tcp protocol, int descriptor);
  void sweep();
  bool can_accept() const { return has_room() && !listener_.is_exhausted(); }
  void tell_whom_we_hear();
  void limit_connections();

  boost::asio::io_context& io_;
  const Config& config_;
  Logger& log_;
  Driver& driver_;
  std::size_t max_connections_;

  Listener listener_;
  SessionList sessions_;
  std::map<core::ObserverId, std::weak_ptr<WsSession>> observers_;
  std::set<WsSession*> websockets_;  // observers, and those told that they are none
  std::size_t kept_ = 0;
  std::size_t lists_ = 0;
  boost::asio::steady_timer sweeper_;
  core::MonotonicTime looked_at_;                  // whether we could accept
  std::uint64_t accepted_by_then_ = 0;             // connections
  std::optional<core::MonotonicTime> full_since_;  // when we last could, if we cannot
  bool ready_ = false;
  bool draining_ = false;

  BlockPool session_blocks_;
  std::string spare_text_;
  Response scratch_;
  protocol::HeartbeatReader reader_;
  DateText date_;
};

}  // namespace pap::net
