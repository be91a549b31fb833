// SPDX-License-Identifier: MIT
#pragma once

// An accepted connection, of which Asio learns only when there is something to wait for: a request
// that is here at accept, and whose answer ends the connection, is read, answered and closed
// without ever being registered with the reactor.
//
// Ownership: owns the descriptor, and closes it at its end.
// Errors: as Asio tells them; would_block where nothing can be done at once.
// Threads: the reactor's.

#include <cstddef>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace pap::net {

class PeerSocket {
 public:
  using Error = boost::system::error_code;
  using Tcp = boost::asio::ip::tcp;
  // With the executor's own type: one that could be any is copied by way of virtual calls.
  using Socket = boost::asio::basic_stream_socket<Tcp, boost::asio::io_context::executor_type>;

  // The descriptor does not block.
  PeerSocket(boost::asio::io_context& io, Tcp protocol, int descriptor)
      : io_(io), protocol_(protocol), descriptor_(descriptor) {}
  ~PeerSocket() { close(); }
  PeerSocket(const PeerSocket&) = delete;
  PeerSocket& operator=(const PeerSocket&) = delete;

  // At once.
  std::size_t receive(char* into, std::size_t bytes, Error& error);
  // `last`: the end of the connection follows, and may leave with these bytes.
  std::size_t send(const char* from, std::size_t bytes, bool last, Error& error);
  std::size_t available() const;  // bytes that have come and that nobody has read
  bool is_open() const { return descriptor_ >= 0; }

  // For waiting: with the reactor from now on.
  Socket& socket();
  // The same, and no longer this object's.
  Tcp::socket release();

  void cancel();
  void finish_sending();
  void close();

 private:
  boost::asio::io_context& io_;
  const Tcp protocol_;
  int descriptor_;
  std::optional<Socket> socket_;
};

}  // namespace pap::net
