// SPDX-License-Identifier: MIT
#include "papsim/capacity/null_server.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pap::sim {

namespace {

constexpr int kEventsAtOnce = 256;
constexpr int kLookEvery = 100;  // ms, for its end

constexpr std::string_view kReceipt =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 83\r\n\r\n"
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000})";
constexpr std::string_view kHealthy =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
constexpr std::string_view kNothing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

// Of the first request in it; 0 while it is not whole.
std::size_t length_of(std::string_view text) {
  const std::size_t head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kLength = "content-length: ";
  const std::size_t field = text.substr(0, head).find(kLength);
  std::size_t body = 0;
  if (field != std::string_view::npos) {
    const char* const digits = text.data() + field + kLength.size();
    std::from_chars(digits, text.data() + head, body);
  }
  const std::size_t whole = head + 4 + body;
  return whole <= text.size() ? whole : 0;
}

}  // namespace

NullServer::NullServer(std::uint16_t port) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 ||
      ::listen(listener_, SOMAXCONN) != 0 || ::getsockname(listener_, generic, &size) != 0) {
    const int error = errno;
    if (listener_ >= 0) ::close(listener_);
    throw std::system_error(error, std::generic_category(), "the null server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener_;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

NullServer::~NullServer() {
  for (const auto& [connection, rest] : open_) ::close(connection);
  ::close(epoll_);
  ::close(listener_);
}

void NullServer::run(const std::function<bool()>& stop) {
  std::array<epoll_event, kEventsAtOnce> events{};
  while (!stop()) {
    const int count = ::epoll_wait(epoll_, events.data(), kEventsAtOnce, kLookEvery);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == listener_) {
        take();
      } else {
        serve(descriptor);
      }
    }
  }
}

void NullServer::take() {
  const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = connection;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection, &event) != 0) {
    ::close(connection);
    return;
  }
  open_[connection].clear();
}

void NullServer::serve(int connection) {
  std::array<char, 4096> in;
  const ssize_t bytes = ::recv(connection, in.data(), in.size(), 0);
  if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) return;
  std::string& rest = open_[connection];
  bool stays = bytes > 0;
  if (stays) rest.append(in.data(), static_cast<std::size_t>(bytes));
  std::string_view text = rest;
  for (std::size_t length = 0; stays && (length = length_of(text)) > 0;) {
    stays = answer(connection, text.substr(0, length));
    text.remove_prefix(length);
  }
  if (stays && text.size() <= kMostRequest) {
    rest.erase(0, rest.size() - text.size());
    return;
  }
  open_.erase(connection);
  ::close(connection);
}

// False when the connection ends with it.
bool NullServer::answer(int connection, std::string_view request) {
  std::string_view text = kNothing;
  if (request.starts_with("POST /heartbeat/")) text = kReceipt;
  if (request.starts_with("GET /health ")) text = kHealthy;
  const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
  const std::string_view head = request.substr(0, request.find("\r\n\r\n"));
  return sent == static_cast<ssize_t>(text.size()) &&
         head.find("onnection: close") == std::string_view::npos;
}

}  // namespace pap::sim
