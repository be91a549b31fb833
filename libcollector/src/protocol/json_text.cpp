// SPDX-License-Identifier: MIT
#include "protocol/json_text.hpp"

#include <cstdint>
#include <cstring>

#include "pap/protocol/json_writer.hpp"
#include "protocol/hex.hpp"
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

constexpr std::size_t kUnitBytes = 6;  // backslash, u and four digits
constexpr std::uint32_t kNoUnit = 0;
constexpr std::uint32_t kLowSurrogates = 0xDC00;

constexpr bool is_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDFFF; }

// Of the escape at `at`, or kNoUnit.
std::uint32_t utf16_unit_at(std::string_view json, std::size_t at) {
  if (json.size() < at + kUnitBytes || json[at] != '\\' || json[at + 1] != 'u') return kNoUnit;
  std::uint32_t unit = 0;
  for (std::size_t i = at + 2; i < at + kUnitBytes; ++i) {
    if (hex_value(json[i]) == kNotHex) return kNoUnit;
    unit = unit << 4U | hex_value(json[i]);
  }
  return unit;
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

std::string with_whole_characters(std::string_view json) {
  std::string out{json};
  for (std::size_t at = 0; (at = json.find('\\', at)) != std::string_view::npos;) {
    const std::uint32_t unit = utf16_unit_at(json, at);
    if (!is_surrogate(unit)) {
      at += 2;
    } else if (unit < kLowSurrogates && utf16_unit_at(json, at + kUnitBytes) >= kLowSurrogates &&
               is_surrogate(utf16_unit_at(json, at + kUnitBytes))) {
      at += 2 * kUnitBytes;
    } else {
      out.replace(at, kUnitBytes, "\\ufffd");
      at += kUnitBytes;
    }
  }
  return out;
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
