// SPDX-License-Identifier: MIT
#pragma once

// What a heartbeat's members must be, apart from how JSON is written: the strict reader hands in
// each top-level member as it comes, and asks for the verdict at the end.
//
// All that is missing or of a wrong type is named in one message, so that whoever writes an agent
// has one round of repairs. An unknown mode is a complaint of its own, and comes last.
//
// Ownership: the name in the result refers to the string given at construction.
// Threads: belongs to one read.

#include <cstdint>
#include <string>
#include <string_view>

#include "pap/protocol/heartbeat.hpp"

namespace pap::protocol {

class HeartbeatFields {
 public:
  explicit HeartbeatFields(std::string& name) : name_(name) { name_.clear(); }

  // The body is some other JSON than an object.
  void not_an_object(std::string_view type);
  // The value that comes next belongs to `key`. Keys are known to differ.
  void key(std::string_view key);
  void string(std::string_view value);
  void number(double value);
  void null();
  // A boolean, an object or an array, which no field is; `type` with its article.
  void other(std::string_view type);

  HeartbeatResult result();

 private:
  enum class Field : std::uint8_t { kIgnored, kMode, kUptimeSeconds, kAgentName };

  void wrong_type(std::string_view type);
  void complain(std::string_view what);

  std::string& name_;
  Field field_ = Field::kIgnored;
  Heartbeat heartbeat_;
  bool has_mode_ = false;
  bool has_uptime_ = false;
  bool is_object_ = true;
  std::string forbidden_;
  std::string complaints_;
  std::string unknown_mode_;
};

}  // namespace pap::protocol
