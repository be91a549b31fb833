// SPDX-License-Identifier: MIT
#include "papctl/print/output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "papctl/exit_status.hpp"

namespace pap::ctl {
namespace {
constexpr std::size_t kWriteAt = 64U << 10U;
}

// What a command that ended early had ready is shown, if it can be.
Output::~Output() {
  try {
    flush();
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
  }
}

void Output::write(std::string_view text) {
  waiting_ += text;
  if (waiting_.size() >= kWriteAt) flush();
}

void Output::flush() {
  const std::string out = std::exchange(waiting_, {});
  std::string_view rest = out;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      throw BrokenPipe{};
    } else if (errno == EAGAIN) {
      // Whoever gave us this stdout made it non-blocking.
      pollfd room{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      throw Failure(kError, std::string("cannot write: ") + std::strerror(errno));
    }
  }
}

void complain(std::string_view text) {
  std::fprintf(stderr, "papctl: %.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace pap::ctl
