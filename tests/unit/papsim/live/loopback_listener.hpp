// SPDX-License-Identifier: MIT
#pragma once

// The server's side of loopback connections, in the test's own hands and thread: a client that does
// not block, on a loopback that connects at once, needs no other.
//
// Errors: what does not come within kPatience throws std::runtime_error.
// Ownership: each owns its descriptor. Threads: one.

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace pap::sim {

class LoopbackPeer {
 public:
  static constexpr timeval kPatience{10, 0};

  LoopbackPeer(int descriptor, std::string address)
      : descriptor_(descriptor), address_(std::move(address)) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  }
  LoopbackPeer(LoopbackPeer&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        address_(std::move(other.address_)),
        in_(std::move(other.in_)) {}
  LoopbackPeer& operator=(LoopbackPeer&&) = delete;
  ~LoopbackPeer() { close(); }

  const std::string& address() const { return address_; }
  // Whole, with the body that its Content-Length announces.
  std::string request() {
    for (;;) {
      const std::size_t head = in_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t length = head + 4 + body_length();
        if (in_.size() >= length) {
          std::string request = in_.substr(0, length);
          in_.erase(0, length);
          return request;
        }
      }
      if (!read(0)) throw std::runtime_error("the connection ended before a request");
    }
  }
  // What is there now, without waiting; how much that is.
  std::size_t read_some() {
    const std::size_t before = in_.size();
    while (read(MSG_DONTWAIT)) {
    }
    return in_.size() - before;
  }
  const std::string& unread() const { return in_; }
  // Waits for the client's end of the connection.
  bool ends() {
    while (read(0)) {
    }
    return true;
  }
  void send(std::string_view bytes) const {
    if (::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("cannot send");
    }
  }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

 private:
  // False at the end; with MSG_DONTWAIT where nothing is there, too.
  bool read(int flags) {
    std::array<char, 65'536> bytes;
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), flags);
    if (count < 0 && errno == EAGAIN && flags == 0) throw std::runtime_error("nothing comes");
    if (count <= 0) return false;
    in_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }
  std::size_t body_length() const {
    constexpr std::string_view kName = "content-length: ";
    const std::size_t at = in_.find(kName);
    if (at == std::string::npos) return 0;
    std::size_t length = 0;
    std::from_chars(in_.data() + at + kName.size(), in_.data() + in_.size(), length);
    return length;
  }

  int descriptor_ = -1;
  std::string address_;
  std::string in_;
};

class LoopbackListener {
 public:
  LoopbackListener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &LoopbackPeer::kPatience,
                 sizeof LoopbackPeer::kPatience);
    if (::bind(descriptor_, generic, size) != 0 || ::listen(descriptor_, 1'000) != 0 ||
        ::getsockname(descriptor_, generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackListener() { close(); }
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  LoopbackPeer accept() const {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const int peer =
        ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_CLOEXEC);
    if (peer < 0) throw std::runtime_error("nobody connects");
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &from.sin_addr, text.data(), text.size());
    return {peer, text.data()};
  }
  // From now on connections are refused.
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace pap::sim
