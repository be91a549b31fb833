// SPDX-License-Identifier: MIT
#include "papsim/commands/running.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

namespace pap::sim {
namespace {

volatile std::sig_atomic_t is_interrupted = 0;

void on_interrupt(int) { is_interrupted = 1; }

}  // namespace

void stop_on_interrupt() { std::signal(SIGINT, on_interrupt); }

bool interrupted() { return is_interrupted != 0; }

// nice(2) of the threads to come, too. Without the right to it all stays as it is.
void go_first() {
  constexpr int kNiceness = -10;
  (void)::setpriority(PRIO_PROCESS, 0, kNiceness);
}

unsigned jobs_of(unsigned asked) {
  return asked == 0 ? std::max(1U, std::thread::hardware_concurrency()) : asked;
}

bool write_file(const std::string& path, const std::string& text) {
  if (path == "-") return std::fputs(text.c_str(), stdout) >= 0;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  std::fprintf(stderr, "papsim: cannot write %s\n", path.c_str());
  return false;
}

ProgressLine::ProgressLine() : on_(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) const {
  if (on_) std::fprintf(stderr, "\r\033[K%s", text.c_str());
}

}  // namespace pap::sim
