// SPDX-License-Identifier: MIT
// The floor `deferred`: the best that one can do. The kernel holds a connection back until its
// request is here (TCP_DEFER_ACCEPT), so it is read at accept and, where it is to be closed, never
// registered; the answer waits for the close (MSG_MORE), so that both go in one segment.
#include <sys/epoll.h>
#include <unistd.h>

#include <array>

#include "bench/floor/floor.hpp"

namespace pap::bench {
namespace {

constexpr int kDeferSeconds = 1;

void add(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
}

// True while the connection lives.
bool serve(int fd, bool fresh) {
  std::array<char, kReadBytes> in;
  const ssize_t bytes = ::recv(fd, in.data(), in.size(), 0);
  if (bytes < 0 && fresh) return true;  // not here yet after all
  if (bytes <= 0) {
    ::close(fd);
    return false;
  }
  const bool close = wants_close({in.data(), static_cast<std::size_t>(bytes)});
  const std::string_view answer = close ? kCloseAnswer : kKeepAnswer;
  ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | (close ? MSG_MORE : 0));
  if (close) ::close(fd);
  return !close;
}

[[noreturn]] void run() {
  const int listener = listen_somewhere(kDeferSeconds);
  const int epoll = ::epoll_create1(0);
  add(epoll, listener);
  std::array<epoll_event, kEventsAtOnce> events{};
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), kEventsAtOnce, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd != listener) {
        serve(fd, false);
        continue;
      }
      const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
      if (accepted >= 0 && serve(accepted, true)) add(epoll, accepted);
    }
  }
}

}  // namespace
}  // namespace pap::bench

int main() { pap::bench::run(); }
