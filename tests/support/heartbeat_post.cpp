// SPDX-License-Identifier: MIT
#include "support/heartbeat_post.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "support/lower_case.hpp"

namespace pap::test {
namespace {

// As recorded from Node's fetch.
std::string render(const Target& target, const std::string& agent_id, const std::string& body) {
  return "POST /heartbeat/" + agent_id + " HTTP/1.1\r\nhost: " + target.address + ':' +
         std::to_string(target.port) +
         "\r\nconnection: keep-alive\r\nContent-Type: application/json\r\naccept: */*\r\n"
         "accept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\n"
         "accept-encoding: gzip, deflate\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

HeartbeatPost::HeartbeatPost(const Target& target, const std::string& agent_id,
                             const nlohmann::json& heartbeat)
    : out_(render(target, agent_id, heartbeat.dump())) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  if (::inet_pton(AF_INET, target.address.c_str(), &address.sin_addr) != 1) {
    throw std::invalid_argument("not an IPv4 address: " + target.address);
  }
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) {
    state_ = State::kNoSocket;
    return;
  }
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    fail(errno);
  }
}

HeartbeatPost::~HeartbeatPost() {
  if (socket_ >= 0) ::close(socket_);
}

HeartbeatPost::State HeartbeatPost::fail(int error) {
  switch (error) {
    case ECONNREFUSED:
      return state_ = State::kRefused;
    case EADDRNOTAVAIL:
    case ENOBUFS:
    case ENOMEM:
      return state_ = State::kNoSocket;
    default:
      return state_ = State::kCut;
  }
}

HeartbeatPost::State HeartbeatPost::go_on() {
  if (state_ != State::kPending) return state_;
  while (sent_ < out_.size()) {
    const ssize_t bytes = ::send(socket_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (bytes < 0) {
      // ENOTCONN does not come: while it connects, send() says EAGAIN.
      return errno == EAGAIN || errno == EINTR ? state_ : fail(errno);
    }
    sent_ += static_cast<std::size_t>(bytes);
  }
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t bytes = ::recv(socket_, piece.data(), piece.size(), 0);
    if (bytes < 0) return errno == EAGAIN || errno == EINTR ? state_ : fail(errno);
    if (bytes == 0) return state_ = State::kCut;
    in_.append(piece.data(), static_cast<std::size_t>(bytes));
    if (whole()) return state_ = State::kAnswered;
  }
}

bool HeartbeatPost::still_open() const {
  char ignored = 0;
  return ::recv(socket_, &ignored, 1, MSG_PEEK) < 0 && (errno == EAGAIN || errno == EINTR);
}

bool HeartbeatPost::whole() {
  constexpr std::string_view kEnd = "\r\n\r\n";
  constexpr std::string_view kLength = "\r\ncontent-length: ";
  const std::size_t end = in_.find(kEnd);
  if (end == std::string::npos) return false;
  const std::string head = lower(in_.substr(0, end + 2));
  const std::size_t length_at = head.find(kLength);
  const std::size_t length =
      length_at == std::string::npos
          ? 0
          : std::strtoul(head.c_str() + length_at + kLength.size(), nullptr, 10);
  if (in_.size() < end + kEnd.size() + length) return false;
  status_ = head.starts_with("http/1.1 ") ? std::atoi(head.c_str() + 9) : 0;
  body_ = in_.substr(end + kEnd.size(), length);
  server_closes_ = head.find("\r\nconnection: close\r\n") != std::string::npos;
  return true;
}

}  // namespace pap::test
