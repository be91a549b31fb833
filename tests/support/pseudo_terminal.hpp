// SPDX-License-Identifier: MIT
#pragma once

// A program on a terminal of its own: what it shows is gathered, keys are typed, the window is
// resized.
//
// Ownership: owns the process and the terminal; the process is killed with its owner.
// Errors: the constructor throws std::runtime_error when there is no terminal to be had.
// Threads: one owner.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/child_process.hpp"

namespace pap::test {

class PseudoTerminal {
 public:
  using Patience = std::chrono::milliseconds;

  // Stdin, stdout and stderr of the program are the terminal; TERM and LANG are set, and the wish's
  // environment is stronger.
  PseudoTerminal(const ChildWish& wish, unsigned short columns, unsigned short rows = 24);
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  void type(std::string_view keys);  // "\x03" is Ctrl-C
  void resize(unsigned short columns, unsigned short rows = 24);
  void signal(int number);
  // How the terminal is set up: whether lines are gathered and echoed.
  bool gathers_lines() const;

  // Reads on until what was shown makes it true, or the program ends.
  bool wait_for(const std::function<bool(const std::string& shown)>& is_true,
                Patience patience = std::chrono::seconds(30));
  bool wait_for(const std::string& text, Patience patience = std::chrono::seconds(30));
  // Reads to the end; its exit status, or 128 + the signal that ended it; none when it runs on.
  std::optional<int> wait(Patience patience = std::chrono::seconds(30));

  // As it came, lines ending in CR LF.
  const std::string& shown() const { return shown_; }
  void forget() { shown_.clear(); }

 private:
  bool read_some(std::chrono::steady_clock::time_point end);  // false at the end, or out of time

  int master_ = -1;
  pid_t pid_ = -1;
  std::optional<int> status_;
  bool ended_ = false;
  std::string shown_;
};

}  // namespace pap::test
