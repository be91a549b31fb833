// SPDX-License-Identifier: MIT
#pragma once

// What a script can tell from papctl's exit status, and how a command ends early.
//
// Threads: values.

#include <stdexcept>
#include <string>
#include <utility>

namespace pap::ctl {

inline constexpr int kFine = 0;
inline constexpr int kError = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotFound = 3;
inline constexpr int kNotAuthorised = 4;
inline constexpr int kNotReachable = 5;
inline constexpr int kUnhealthy = 10;  // only when it was asked for
inline constexpr int kTimedOut = 124;  // as timeout(1) has it
inline constexpr int kInterrupted = 130;

inline constexpr const char* kExitStatusHelp =
    "Exit status:\n"
    "  0    fine\n"
    "  1    error\n"
    "  2    wrong command line\n"
    "  3    no such agent\n"
    "  4    not authorised\n"
    "  5    the collector cannot be reached\n"
    "  10   unhealthy, where that was asked for\n"
    "  124  timed out\n"
    "  130  stopped by Ctrl-C\n";

// Ends a command: what failed, and what to try next ("" for nothing).
class Failure : public std::runtime_error {
 public:
  Failure(int status, const std::string& what, std::string advice = {})
      : std::runtime_error(what), status_(status), advice_(std::move(advice)) {}

  int status() const { return status_; }
  const std::string& advice() const { return advice_; }

 private:
  int status_;
  std::string advice_;
};

}  // namespace pap::ctl
