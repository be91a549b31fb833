// SPDX-License-Identifier: MIT
#pragma once

// One connection of the load generator: sends a request at once, takes bytes in until an answer
// is whole.
//
// Ownership: owns the socket. Errors: a connection that fails says so and is done with.
// Threads: one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <netinet/in.h>

namespace pap::bench {

class Connection {
 public:
  enum class State : std::uint8_t { kPending, kAnswered, kFailed };

  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Blocks, which on a loopback it does not. `source` is the last byte of the 127.0.0.x that the
  // connection comes from: each has ports of its own, so that none runs out.
  bool open(const sockaddr_in& server, std::uint8_t source);
  bool send(std::string_view request);
  State read();
  void close();

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool told_to_close() const { return told_to_close_; }  // of the last answer

 private:
  bool whole();

  int fd_ = -1;
  std::size_t bytes_ = 0;
  bool told_to_close_ = false;
  std::array<char, 2048> in_;
};

}  // namespace pap::bench
