// SPDX-License-Identifier: MIT
#include "papsim/live/slow_observer.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace pap::sim {

SlowObserver::SlowObserver(const Target& target, const std::string& agent_id,
                           const std::string& key)
    : socket_(::socket(target.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int buffer = kReceiveBuffer;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  // The nonce need not be secret, and nobody reads the frames: any will do (RFC 6455 §4.1).
  std::string request = "GET /observe/" + agent_id + " HTTP/1.1\r\nHost: " + target.host +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  if (!key.empty()) request += "X-Collector-Key: " + key + "\r\n";
  request += "\r\n";
  const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
  if (::connect(socket_, address, target.size) != 0 ||
      ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(request.size())) {
    trouble_ = std::strerror(errno);
  }
}

SlowObserver::~SlowObserver() {
  if (socket_ >= 0) ::close(socket_);
}

void SlowObserver::read() {
  if (!trouble_.empty() || socket_ < 0) return;
  constexpr std::size_t kMostHead = 4'096;
  std::array<char, kMostHead> bytes;
  // The head at once, so that a refusal is known; of the stream a little.
  const std::size_t wanted = switched_ ? kBytesARead : bytes.size();
  const ssize_t count = ::recv(socket_, bytes.data(), wanted, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    if (!switched_) trouble_ = "the connection ended before an answer";
    ::close(socket_);
    socket_ = -1;
    return;
  }
  if (switched_) return;
  head_.append(bytes.data(), static_cast<std::size_t>(count));
  const std::size_t line = head_.find("\r\n");
  if (line == std::string::npos) return;
  switched_ = head_.starts_with("HTTP/1.1 101 ");
  if (!switched_) trouble_ = head_.substr(0, line);
  head_.clear();
}

}  // namespace pap::sim
