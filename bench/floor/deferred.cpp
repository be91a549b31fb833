// SPDX-License-Identifier: MIT
// The floor `deferred`: the best that one can do. The kernel holds a connection back until its
// request is here (TCP_DEFER_ACCEPT), so it is read at accept and, where it is to be closed, never
// registered; the answer waits for the close (MSG_MORE), so that both go in one segment.
#include <array>

#include "bench/floor/floor.hpp"

namespace pap::bench {
namespace {

constexpr int kDeferSeconds = 1;

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

}  // namespace
}  // namespace pap::bench

int main() {
  using namespace pap::bench;
  run_floor(
      listen_somewhere(kDeferSeconds), [](int fd) { return serve(fd, true); },
      [](int fd) { serve(fd, false); });
}
