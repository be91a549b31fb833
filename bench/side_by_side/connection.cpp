// SPDX-License-Identifier: MIT
#include "bench/side_by_side/connection.hpp"

#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace pap::bench {
namespace {

bool begins_with(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

}  // namespace

bool Connection::open(const sockaddr_in& server, std::uint8_t source) {
  close();
  bytes_ = 0;
  told_to_close_ = false;
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  const int yes = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if ((ntohl(server.sin_addr.s_addr) >> 24U) == IN_LOOPBACKNET) {
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + source);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  }
  return ::connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
}

bool Connection::send(std::string_view request) {
  bytes_ = 0;
  return ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(request.size());
}

Connection::State Connection::read() {
  const ssize_t bytes = ::recv(fd_, in_.data() + bytes_, in_.size() - bytes_, MSG_DONTWAIT);
  if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) return State::kPending;
  if (bytes <= 0) return State::kFailed;
  bytes_ += static_cast<std::size_t>(bytes);
  if (whole()) return State::kAnswered;
  return bytes_ == in_.size() ? State::kFailed : State::kPending;
}

bool Connection::whole() {
  const std::string_view all{in_.data(), bytes_};
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  std::size_t body = 0;
  for (std::size_t at = 0; at < end;) {
    const std::size_t next = all.find("\r\n", at);
    const std::string_view line = all.substr(at, next - at);
    constexpr std::string_view kLength = "content-length: ";
    if (begins_with(line, kLength)) {
      std::from_chars(line.data() + kLength.size(), line.data() + line.size(), body);
    }
    if (begins_with(line, "connection: close")) told_to_close_ = true;
    at = next + 2;
  }
  return bytes_ >= end + 4 + body;
}

void Connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace pap::bench
