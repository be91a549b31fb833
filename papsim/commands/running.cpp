// SPDX-License-Identifier: MIT
#include "papsim/commands/running.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

#include "papsim/commands/command.hpp"

namespace pap::sim {
namespace {

volatile std::sig_atomic_t is_interrupted = 0;

void on_interrupt(int) { is_interrupted = 1; }

// Why not; empty when it is done.
std::string write(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return errno == 0 ? "it could not be written" : std::strerror(errno);
}

bool cannot_write(const std::string& path, const std::string& why) {
  std::fprintf(stderr, "papsim: cannot write %s: %s\n", path.c_str(), why.c_str());
  return false;
}

}  // namespace

void stop_on_interrupt() { std::signal(SIGINT, on_interrupt); }

bool interrupted() { return is_interrupted != 0; }

// nice(2) of the threads to come, too. Without the right to it all stays as it is.
void go_first() {
  constexpr int kNiceness = -10;
  (void)::setpriority(PRIO_PROCESS, 0, kNiceness);
}

int unwritten(int status) { return status == kPass || status == kUnknown ? kInvalid : status; }

int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::fprintf(stderr, "papsim: cannot write to stdout: %s\n", std::strerror(errno));
  return unwritten(status);
}

unsigned jobs_of(unsigned asked) {
  return asked == 0 ? std::max(1U, std::thread::hardware_concurrency()) : asked;
}

bool write_file(const std::string& path, const std::string& text) {
  if (path == "-") return std::fputs(text.c_str(), stdout) >= 0;
  const std::string why = write(path, text);
  return why.empty() || cannot_write(path, why);
}

bool replace_file(const std::string& path, const std::string& text) {
  // A pipe or a device is no file that could be put in another's place.
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  const bool is_there = std::filesystem::exists(status);
  if (path == "-" || (is_there && !std::filesystem::is_regular_file(status))) {
    return write_file(path, text);
  }
  const std::string fresh = path + ".tmp" + std::to_string(::getpid());
  std::string why = write(fresh, text);
  if (why.empty()) {
    std::filesystem::rename(fresh, path, error);
    if (!error) return true;
    why = error.message();
  }
  std::filesystem::remove(fresh, error);
  return cannot_write(path, why);
}

ProgressLine::ProgressLine() : on_(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) const {
  if (on_) std::fprintf(stderr, "\r\033[K%s", text.c_str());
}

}  // namespace pap::sim
