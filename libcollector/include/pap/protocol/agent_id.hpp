// SPDX-License-Identifier: MIT
#pragma once

// An agent's id: 1 to 128 bytes of UTF-8 without control characters (U+0000..001F, 007F..009F).
//
// Most ids are UUIDs. One in canonical form (RFC 9562 §4, 8-4-4-4-12, lower case) is held as its
// 16 bytes and written back letter for letter; every other id is held as the text it came as, so
// `550E8400-…` in upper case is a different agent.
//
// Ownership: an AgentId of a UUID owns its bytes; any other refers to the text it was made from,
// which must outlive it.
// Threads: values, safe to copy between threads while the text lives.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pap/export.hpp"

namespace pap::protocol {

inline constexpr std::size_t kMaxAgentIdBytes = 128;
inline constexpr std::size_t kUuidTextBytes = 36;

using UuidBytes = std::array<std::uint8_t, 16>;

class PAP_API AgentId {
 public:
  // The id in `text`, after percent-decoding; none when it is empty, over 128 bytes, not UTF-8,
  // or has a control character.
  static std::optional<AgentId> parse(std::string_view text);
  // Why parse() refused `text`, for the `message` of an answer. Empty when it is valid.
  static std::string why_invalid(std::string_view text);
  static AgentId from_uuid(const UuidBytes& bytes);
  // For text that parse() accepted before and that is known not to be a canonical UUID.
  static AgentId from_checked_text(std::string_view text);

  bool is_uuid() const { return is_uuid_; }
  const UuidBytes& uuid() const { return uuid_; }  // only when is_uuid()
  std::string_view text() const { return text_; }  // only when not is_uuid()

  std::size_t size() const { return is_uuid_ ? kUuidTextBytes : text_.size(); }
  void append_to(std::string& out) const;
  std::string str() const;

  friend bool operator==(const AgentId& a, const AgentId& b) {
    return a.is_uuid_ == b.is_uuid_ && (a.is_uuid_ ? a.uuid_ == b.uuid_ : a.text_ == b.text_);
  }

 private:
  AgentId() = default;

  UuidBytes uuid_{};
  std::string_view text_;
  bool is_uuid_ = false;
};

// The contract's wider sense of a UUID, as the Station checks it: canonical form, either case.
PAP_API bool is_station_uuid(std::string_view text);

// Turns `%41` into `A`. None when an escape is cut short or not hexadecimal.
PAP_API std::optional<std::string> percent_decode(std::string_view text);

}  // namespace pap::protocol
