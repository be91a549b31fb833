// SPDX-License-Identifier: MIT
#include "protocol/json_text.hpp"

#include <cstdint>
#include <cstring>

#include "pap/protocol/json_writer.hpp"
#include "protocol/utf8.hpp"

namespace pap::protocol {
namespace {

using Word = std::uint64_t;
constexpr Word kEachByte = 0x0101010101010101;

// Not zero when any byte of `word` is zero (Mycroft's test: only a zero byte borrows while its
// own top bit is clear).
constexpr Word any_zero(Word word) { return (word - kEachByte) & ~word & (kEachByte * 0x80); }
// Not zero when any byte of `word` is below 0x20.
constexpr Word any_control(Word word) {
  return (word - kEachByte * 0x20) & ~word & (kEachByte * 0x80);
}

constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

}  // namespace

std::size_t plain_length(std::string_view text) {
  std::size_t at = 0;
  // Ids and names are some 36 bytes and nearly always plain: five steps instead of 36.
  for (; text.size() - at >= sizeof(Word); at += sizeof(Word)) {
    Word word;
    std::memcpy(&word, text.data() + at, sizeof word);
    const Word quotes = any_zero(word ^ (kEachByte * '"'));
    const Word backslashes = any_zero(word ^ (kEachByte * '\\'));
    if ((quotes | backslashes | any_control(word)) != 0) break;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

std::string quoted_for_message(std::string_view utf8) {
  constexpr std::size_t kShownBytes = 40;
  const std::string_view shown = cut_at_character(utf8, kShownBytes);
  std::string out;
  append_json_string(out, shown);
  if (shown.size() < utf8.size()) out += " and so on";
  return out;
}

}  // namespace pap::protocol
