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

#include <fcntl.h>
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
  std::fflush(stdout);  // where both go to one place, this comes after what was said before
  std::fprintf(stderr, "papsim: cannot write %s: %s\n", path.c_str(), why.c_str());
  return false;
}

// --- before anything runs ---

// Pipes and devices are not tried: to open one may wait for its other end.
bool is_file_or_none(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

std::string beside(const std::string& path) { return path + ".tmp" + std::to_string(::getpid()); }

// Why nothing can be written there; empty when it can.
std::string why_not(const Output& output) {
  std::error_code error;
  if (std::filesystem::is_directory(output.path, error)) return std::strerror(EISDIR);
  if (!is_file_or_none(output.path)) return {};
  const bool is_there = std::filesystem::exists(output.path, error);
  const std::string tried = output.replaced ? beside(output.path) : output.path;
  const bool makes_it = output.replaced || !is_there;
  const int file = ::open(tried.c_str(), O_WRONLY | O_CLOEXEC | (makes_it ? O_CREAT : 0), 0666);
  if (file < 0) return std::strerror(errno);
  ::close(file);
  if (makes_it) std::filesystem::remove(tried, error);
  return {};
}

bool one_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (a == "-" || b == "-") return a == b;
  if (!is_file_or_none(a) || !is_file_or_none(b)) return false;
  return fs::equivalent(a, b, error) ||
         fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
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

int check_outputs(const std::vector<Output>& outputs) {
  for (auto one = outputs.begin(); one != outputs.end(); ++one) {
    if (one->path.empty()) continue;
    for (auto other = outputs.begin(); other != one; ++other) {
      if (other->path.empty() || !one_file(other->path, one->path)) continue;
      std::fprintf(stderr, "papsim: %s and %s would both be written to %s\n", other->option.c_str(),
                   one->option.c_str(), one->path == "-" ? "stdout" : one->path.c_str());
      return kUsage;
    }
    if (one->path == "-") continue;
    const std::string why = why_not(*one);
    if (why.empty()) continue;
    cannot_write(one->path, why);
    return kInvalid;
  }
  return 0;
}

int check_folder(const std::string& option, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path at = fs::absolute(folder, error);
  while (at.has_parent_path() && at != at.parent_path() && !fs::exists(at, error)) {
    at = at.parent_path();
  }
  const bool is_folder = fs::is_directory(at, error);
  if (is_folder && ::access(at.c_str(), W_OK | X_OK) == 0) return 0;
  std::fprintf(stderr, "papsim: %s: cannot write into %s: %s\n", option.c_str(), folder.c_str(),
               std::strerror(is_folder ? errno : ENOTDIR));
  return kInvalid;
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
  const std::string fresh = beside(path);
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
