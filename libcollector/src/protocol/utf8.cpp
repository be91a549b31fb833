// SPDX-License-Identifier: MIT
#include "protocol/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace pap::protocol {
namespace {

// Nearly all text that comes in is ASCII, so eight bytes are looked at together.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the character that `text` begins with, whose first byte is not ASCII; 0 if none.
// The second byte's range is what rules out overlong forms, surrogates and what is too large.
std::size_t character_length(std::string_view text) {
  struct Form {
    unsigned char first_low, first_high, second_low, second_high;
    std::size_t length;
  };
  constexpr Form kForms[] = {
      {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
      {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
      {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  const auto first = static_cast<unsigned char>(text[0]);
  for (const Form& form : kForms) {
    if (first < form.first_low || first > form.first_high) continue;
    if (text.size() < form.length) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < form.second_low || second > form.second_high) return 0;
    for (std::size_t i = 2; i < form.length; ++i) {
      if (!is_continuation(text[i])) return 0;
    }
    return form.length;
  }
  return 0;
}

}  // namespace

std::size_t first_non_utf8(std::string_view text) {
  std::size_t at = skip_ascii(text, 0);
  while (at < text.size()) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return at;
    at = skip_ascii(text, at + length);
  }
  return std::string_view::npos;
}

std::string_view cut_at_character(std::string_view utf8, std::size_t max_bytes) {
  if (utf8.size() <= max_bytes) return utf8;
  std::size_t end = max_bytes;
  while (end > 0 && is_continuation(utf8[end])) --end;
  return utf8.substr(0, end);
}

}  // namespace pap::protocol
