// SPDX-License-Identifier: MIT

#include <fcntl.h>
#include <unistd.h>

#include "papctl/commands/command.hpp"

namespace {

// Where a shell closed one of the three (`>&-`), the first socket would take its place, and what is
// meant for people would go to the collector. What fills the gap can only fail.
void fill_closed_streams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_closed_streams();
  return pap::ctl::run_papctl(argc, argv);
}
