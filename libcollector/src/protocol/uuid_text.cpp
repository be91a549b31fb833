// SPDX-License-Identifier: MIT
#include "protocol/uuid_text.hpp"

#include <array>
#include <cstddef>

#include "protocol/hex.hpp"

namespace pap::protocol {
namespace {

// Where the digits of each byte stand in 8-4-4-4-12.
constexpr std::array<std::size_t, 16> kDigitsAt{0,  2,  4,  6,  9,  11, 14, 16,
                                                19, 21, 24, 26, 28, 30, 32, 34};

constexpr bool has_dashes(std::string_view text) {
  return text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

}  // namespace

std::optional<UuidBytes> parse_uuid(std::string_view text) {
  if (text.size() != kUuidTextBytes || !has_dashes(text)) return std::nullopt;
  UuidBytes bytes;
  unsigned seen = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned high = lower_hex_value(text[kDigitsAt[i]]);
    const unsigned low = lower_hex_value(text[kDigitsAt[i] + 1]);
    seen |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (seen > 0xF) return std::nullopt;
  return bytes;
}

void append_uuid(std::string& out, const UuidBytes& bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, kUuidTextBytes> text{};
  text.fill('-');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[kDigitsAt[i]] = kHex[bytes[i] >> 4];
    text[kDigitsAt[i] + 1] = kHex[bytes[i] & 0xF];
  }
  out.append(text.data(), text.size());
}

bool is_station_uuid(std::string_view text) {
  if (text.size() != kUuidTextBytes || !has_dashes(text)) return false;
  unsigned seen = 0;
  for (const std::size_t at : kDigitsAt) {
    const unsigned high = hex_value(text[at]);
    const unsigned low = hex_value(text[at + 1]);
    seen |= high | low;
  }
  return seen <= 0xF;
}

}  // namespace pap::protocol
