// SPDX-License-Identifier: MIT
#pragma once

// What the two floors share: the port, the loop, and the bytes that collectord answers a known
// agent with. They read no request but for where it ends and whether the client wants the
// connection closed, so no server that looks at what it is sent can be expected below them by its
// own merit.
//
// Errors: a floor that cannot run says why and ends the process.
// Threads: one.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pap::bench {

inline constexpr std::string_view kKeepAnswer =
    "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 14:30:13 GMT\r\n"
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 83\r\n\r\n"
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000})";
inline constexpr std::string_view kCloseAnswer =
    "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 14:30:13 GMT\r\n"
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 83\r\n"
    "Connection: close\r\n\r\n"
    R"({"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000})";

inline constexpr int kEventsAtOnce = 64;
inline constexpr std::size_t kReadBytes = 4096;

[[noreturn]] inline void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

// Listens on a free port of the loopback, and prints it.
inline int listen_somewhere(int defer_seconds) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (listener < 0) give_up("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (defer_seconds > 0) {
    ::setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_seconds, sizeof defer_seconds);
  }
  if (::bind(listener, generic, size) != 0 || ::listen(listener, SOMAXCONN) != 0 ||
      ::getsockname(listener, generic, &size) != 0) {
    give_up("listen");
  }
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

inline void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
}

// The loop of both. `greet` says of a connection just accepted whether it is to be waited for,
// `serve` is called when something has come on it.
template <class Greet, class Serve>
[[noreturn]] void run_floor(int listener, Greet greet, Serve serve) {
  const int epoll = ::epoll_create1(0);
  watch(epoll, listener);
  std::array<epoll_event, kEventsAtOnce> events{};
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), kEventsAtOnce, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd != listener) {
        serve(fd);
        continue;
      }
      const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
      if (accepted >= 0 && greet(accepted)) watch(epoll, accepted);
    }
  }
}

inline bool wants_close(std::string_view request) {
  return request.substr(0, request.find("\r\n\r\n")).find("connection: close") !=
         std::string_view::npos;
}

}  // namespace pap::bench
