// SPDX-License-Identifier: MIT
#pragma once

// The port: opened once, for IPv6 and IPv4 together unless an address is set, and never shared
// with another process.
//
// Accepting pauses while there is no room, or no descriptor, instead of spinning.
// Ownership: the owner keeps it alive while the reactor runs.
// Threads: the reactor's.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pap::net {

class Listener {
 public:
  // A connected descriptor, which does not block and is the receiver's from now on.
  using Adopt = std::function<void(boost::asio::ip::tcp, int)>;
  using HasRoom = std::function<bool()>;
  using PerWake = std::function<int()>;  // how many to accept for one wake-up

  Listener(boost::asio::io_context& io, Adopt adopt, HasRoom has_room, PerWake per_wake);

  // The port that is listened on, or 0 and why not.
  std::uint16_t open(const std::optional<std::string>& host, std::uint16_t port,
                     std::string& error);
  void start() { await(); }
  // There may be room again.
  void resume();
  // From now on connections come without their request, so that close() takes in every one whose
  // client takes itself for connected.
  void stop_deferring();
  // Takes in all that waits, then closes.
  void close();
  // Times that accepting stopped for want of descriptors.
  std::uint64_t exhausted() const { return exhausted_; }
  // … and has not gone on since.
  bool is_exhausted() const { return is_exhausted_; }

 private:
  void await();
  void accept_some(int most);
  void pause_for_descriptors();

  const Adopt adopt_;
  const HasRoom has_room_;
  const PerWake per_wake_;

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp protocol_ = boost::asio::ip::tcp::v6();
  boost::asio::steady_timer retry_;
  bool waiting_ = false;  // for the reactor to tell of a connection
  std::uint64_t exhausted_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace pap::net
