// SPDX-License-Identifier: MIT
#pragma once

// The pattern of a group's ids: {uuid} makes a UUID, {i} the member's number from 0, {i:04} the
// same with at least four digits; {{ and }} stand for a brace. At most one of them a pattern.
//
// Errors: what is wrong, for a message. Ownership: values. Threads: values.

#include <cstdint>
#include <string>
#include <string_view>

namespace pap::sim {

class IdPattern {
 public:
  enum class Kind : std::uint8_t { kPlain, kUuid, kNumber };

  // Empty when the pattern is good.
  static std::string parse(std::string_view text, IdPattern& out);

  Kind kind() const { return kind_; }
  const std::string& before() const { return before_; }
  const std::string& after() const { return after_; }

  // The id of one member. A later identity gets `.1`, `.2` … at its end, or another UUID.
  // `uuid` are the 128 random bits that a UUID is made of.
  struct Uuid {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
  };
  std::string make(std::uint32_t index, std::uint32_t identity, Uuid uuid) const;

 private:
  Kind kind_ = Kind::kPlain;
  std::uint32_t digits_ = 0;
  std::string before_;
  std::string after_;
};

}  // namespace pap::sim
