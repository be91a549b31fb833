// SPDX-License-Identifier: MIT
#pragma once

// A program that a test starts: its output is gathered as it comes, it is told signals, and it
// never outlives its owner. Should the test itself be killed, the kernel kills the child
// (PR_SET_PDEATHSIG), which also happens when the thread that started it ends.
//
// Ownership: owns the process and a thread that reads its pipes.
// Errors: the constructor throws std::runtime_error when nothing can be started; a program that is
// not there exits with 127.
// Threads: one owner.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pap::sim {

// Variables by name; one without a value is taken away.
using Environment = std::map<std::string, std::optional<std::string>>;

// "NAME=value" for each: what every program needs (PATH, HOME, sanitizer options …), and the wishes
// on top of it.
std::vector<std::string> environment_of(const Environment& wishes);

struct ChildWish {
  // Looked up in PATH when it has no slash. One that cannot be run ends with 127 and says why on
  // stderr, as in a shell.
  std::string program;
  std::vector<std::string> arguments;
  // On top of what every program needs (PATH, HOME, sanitizer options …); nothing else of the
  // test's own environment is handed on.
  Environment environment;
  std::optional<std::uint64_t> descriptor_limit;  // RLIMIT_NOFILE, soft and hard
  std::string input;                              // on its stdin
};

class ChildProcess {
 public:
  using Patience = std::chrono::milliseconds;

  explicit ChildProcess(const ChildWish& wish);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const;
  void signal(int number);
  bool running();
  // Its exit status, or 128 + the signal that ended it; none when it runs on. All of its output
  // is there then.
  std::optional<int> wait(Patience patience = std::chrono::seconds(30));

  std::string out() const;
  std::string err() const;
  // Waits until stdout and stderr, as they are so far, make it true.
  bool wait_for_output(
      const std::function<bool(const std::string& out, const std::string& err)>& is_true,
      Patience patience = std::chrono::seconds(30)) const;
  // From now on nobody reads its pipes, so they fill up; until resume_reading().
  void stop_reading();
  void resume_reading();

  // User and system time so far, and memory in use; of a running process.
  std::chrono::milliseconds cpu_time() const;
  std::size_t resident_bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Outcome {
  int status = -1;  // -1: it was still running when patience ended, and was killed
  std::string out;
  std::string err;
};
// Runs a program to its end.
Outcome run(const ChildWish& wish, ChildProcess::Patience patience = std::chrono::seconds(60));

}  // namespace pap::sim
