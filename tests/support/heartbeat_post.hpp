// SPDX-License-Identifier: MIT
#pragma once

// One heartbeat on a fresh connection, as Node's fetch sends it. Never blocks: go_on() does what
// can be done now, and is called again whenever the socket is ready for something.
//
// Ownership: owns the socket. Threads: one.

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace pap::test {

struct Target {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
};

class HeartbeatPost {
 public:
  enum class State : std::uint8_t {
    kPending,
    kAnswered,
    kRefused,   // nobody listens there
    kCut,       // reset, or closed before the answer was whole
    kNoSocket,  // our own machine has no descriptor or port left
  };

  HeartbeatPost(const Target& target, const std::string& agent_id, const nlohmann::json& heartbeat);
  ~HeartbeatPost();
  HeartbeatPost(const HeartbeatPost&) = delete;
  HeartbeatPost& operator=(const HeartbeatPost&) = delete;

  int socket() const { return socket_; }  // -1 for kNoSocket
  State state() const { return state_; }
  State go_on();

  // Of an answer.
  int status() const { return status_; }
  const std::string& body() const { return body_; }
  bool server_closes() const { return server_closes_; }  // it said `Connection: close`
  bool still_open() const;

 private:
  State fail(int error);
  bool whole();

  int socket_ = -1;
  State state_ = State::kPending;
  std::string out_;
  std::size_t sent_ = 0;
  std::string in_;
  int status_ = 0;
  std::string body_;
  bool server_closes_ = false;
};

}  // namespace pap::test
