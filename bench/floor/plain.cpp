// SPDX-License-Identifier: MIT
// The floor `plain`: the epoll loop of the textbooks. Accept, register, wait, read, write, close.
// A request is taken to be whole in what one read gives.
#include <array>

#include "bench/floor/floor.hpp"

namespace pap::bench {
namespace {

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

}  // namespace
}  // namespace pap::bench

int main() {
  using namespace pap::bench;
  run_floor(
      listen_somewhere(0), [](int) { return true; }, serve);
}
