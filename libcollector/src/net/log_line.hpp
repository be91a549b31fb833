// SPDX-License-Identifier: MIT
#pragma once

// A line of the log: event and named values, as text or as JSON.
//
//   2026-11-24T14:30:13.042Z info agent_death agent_uuid=550e… name="a b"
//   {"time":"2026-11-24T14:30:13.042Z","level":"info","event":"agent_death","name":"a b"}
//
// Values come from anyone: control characters, line and paragraph separators and the characters
// that turn a terminal's writing direction are escaped, bytes that are not UTF-8 become U+FFFD,
// and what is over kMaxLogValueBytes is cut. Event and field names are the program's own.
//
// Ownership: a LogField refers to the caller's text and lives for one call.
// Threads: pure functions.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "pap/net/config.hpp"
#include "pap/protocol/timestamp.hpp"

namespace pap::net {

class LogField {
 public:
  LogField(std::string_view name, std::string_view text) : name_(name), value_(text) {}
  LogField(std::string_view name, const char* text) : name_(name), value_(std::string_view(text)) {}
  LogField(std::string_view name, const std::string& text)
      : name_(name), value_(std::string_view(text)) {}
  LogField(std::string_view name, std::same_as<bool> auto yes) : name_(name), value_(yes) {}
  LogField(std::string_view name, std::floating_point auto number)
      : name_(name), value_(static_cast<double>(number)) {}
  LogField(std::string_view name, std::signed_integral auto number)
      : name_(name), value_(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view name, T number)
      : name_(name), value_(static_cast<std::uint64_t>(number)) {}

  using Value = std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double>;
  std::string_view name() const { return name_; }
  const Value& value() const { return value_; }

 private:
  std::string_view name_;
  Value value_;
};

// What every line says.
struct LogHead {
  protocol::WallTime time;
  LogLevel level;
  std::string_view event;
};

// Both end with a newline, and hold no other.
void append_text_line(std::string& out, const LogHead& head, std::initializer_list<LogField> fields,
                      std::uint64_t suppressed);
void append_json_line(std::string& out, const LogHead& head, std::initializer_list<LogField> fields,
                      std::uint64_t suppressed);

}  // namespace pap::net
