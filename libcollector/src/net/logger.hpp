// SPDX-License-Identifier: MIT
#pragma once

// One line an event, with named values, as text or JSON.
//
//   log.info("agent_death", {{"agent_uuid", id}, {"missed_intervals", 2}});
//   2026-11-24T14:30:13.042Z info agent_death agent_uuid=550e… missed_intervals=2
//
// Lines pass through a bounded queue to a thread of their own, so that a stdout that blocks never
// stops the caller; when it is full the oldest lines go and are counted. Whatever a value holds,
// it stays within its line (log_line.hpp). Secrets are never handed in.
//
// Ownership: the descriptor belongs to the caller and is never closed.
// Threads: calls on one thread; the writing thread touches only the queue and the descriptor.

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "net/log_line.hpp"
#include "net/log_repeats.hpp"
#include "net/log_writer.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

class Logger {
 public:
  using Fields = std::initializer_list<LogField>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  Logger(LogLevel level, LogFormat format, int descriptor = 1);  // the end of it is a close()

  bool enabled(LogLevel level) const { return level >= level_ && level_ != LogLevel::kOff; }

  void log(LogLevel level, std::string_view event, Fields fields = {});
  void trace(std::string_view event, Fields fields = {}) { log(LogLevel::kTrace, event, fields); }
  void debug(std::string_view event, Fields fields = {}) { log(LogLevel::kDebug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { log(LogLevel::kInfo, event, fields); }
  void warn(std::string_view event, Fields fields = {}) { log(LogLevel::kWarn, event, fields); }
  void error(std::string_view event, Fields fields = {}) { log(LogLevel::kError, event, fields); }

  // For what may repeat: at most one line for each `key` in kLogRepeatWindow. The next one says
  // how many were left out (`suppressed`). `key` must not grow with what agents send.
  void limited(LogLevel level, std::string_view key, std::string_view event, Fields fields = {},
               SteadyTime now = std::chrono::steady_clock::now());

  // Lines lost because the descriptor did not take them.
  std::uint64_t dropped() const { return writer_.dropped(); }

  // Waits until all lines are written, kLogFlushDeadline at the most, and ends the writing
  // thread. False when the descriptor was still blocked: the thread is then left to itself, and
  // nothing of it is freed, so the caller may return from main(). Later lines are not written.
  bool close() { return writer_.close(); }

 private:
  void write(LogLevel level, std::string_view event, Fields fields, std::uint64_t suppressed);
  void tell_dropped(SteadyTime now);

  const LogLevel level_;
  const LogFormat format_;

  LogRepeats repeats_;
  std::uint64_t dropped_told_ = 0;
  SteadyTime dropped_told_at_{};
  std::string line_;  // scratch

  LogWriter writer_;
};

}  // namespace pap::net
