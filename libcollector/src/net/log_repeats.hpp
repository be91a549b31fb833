// SPDX-License-Identifier: MIT
#pragma once

// Which of the lines that repeat may be written: one for each key in kLogRepeatWindow.
//
// At most kMaxLogRepeatKeys keys are told apart. Keys beyond that share one, so that no flood of
// keys is a flood of lines.
//
// Threads: none of its own; one caller.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pap::net {

class LogRepeats {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // The number of lines left out since the last one of this key, when a line may be written now.
  std::optional<std::uint64_t> admit(std::string_view key, SteadyTime now);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    SteadyTime written;
    std::uint64_t suppressed = 0;
  };

  void forget_old(SteadyTime now);

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace pap::net
