// SPDX-License-Identifier: MIT
// The floor `plain`: the epoll loop of the textbooks. Accept, register, wait, read, write, close.
// A request is taken to be whole in what one read gives.
#include <sys/epoll.h>
#include <unistd.h>

#include <array>

#include "bench/floor/floor.hpp"

namespace pap::bench {
namespace {

void add(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
}

void serve(int fd) {
  std::array<char, kReadBytes> in;
  const ssize_t bytes = ::recv(fd, in.data(), in.size(), 0);
  if (bytes <= 0) {
    ::close(fd);
    return;
  }
  const bool close = wants_close({in.data(), static_cast<std::size_t>(bytes)});
  const std::string_view answer = close ? kCloseAnswer : kKeepAnswer;
  ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  if (close) ::close(fd);
}

[[noreturn]] void run() {
  const int listener = listen_somewhere(0);
  const int epoll = ::epoll_create1(0);
  add(epoll, listener);
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
      if (accepted >= 0) add(epoll, accepted);
    }
  }
}

}  // namespace
}  // namespace pap::bench

int main() { pap::bench::run(); }
