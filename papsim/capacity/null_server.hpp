// SPDX-License-Identifier: MIT
#pragma once

// A server that does nothing, to prove a generator against: the textbook epoll loop, which answers
// each heartbeat at once with the same correct receipt, GET /health with 200 and anything else
// with 404. It keeps nothing of anybody.
//
// Errors: the constructor throws std::runtime_error when it cannot listen.
// Threads: one; `stop` may be asked from it alone.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pap::sim {

class NullServer {
 public:
  // What is longer than this and still no whole request ends its connection.
  static constexpr std::size_t kMostRequest = 16 * 1024;

  // On 127.0.0.1; 0: a free port.
  explicit NullServer(std::uint16_t port = 0);
  ~NullServer();
  NullServer(const NullServer&) = delete;
  NullServer& operator=(const NullServer&) = delete;

  std::uint16_t port() const { return port_; }
  // Until `stop`, asked ten times a second, says so.
  void run(const std::function<bool()>& stop);

 private:
  void take();
  void serve(int connection);
  bool answer(int connection, std::string_view request);

  int listener_ = -1;
  int epoll_ = -1;
  std::uint16_t port_ = 0;
  std::unordered_map<int, std::string> open_;  // with what has come and is no whole request
};

}  // namespace pap::sim
