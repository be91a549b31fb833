// SPDX-License-Identifier: MIT
#pragma once

// Hexadecimal digits by table.
//
// Threads: pure functions, safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>

namespace pap::protocol {

inline constexpr std::uint8_t kNotHex = 0xFF;

namespace detail {

constexpr std::array<std::uint8_t, 256> make_hex_values(bool with_upper_case) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotHex);
  for (std::uint8_t n = 0; n < 10; ++n) values[static_cast<std::size_t>('0' + n)] = n;
  for (std::uint8_t n = 10; n < 16; ++n) {
    values[static_cast<std::size_t>('a' + n - 10)] = n;
    if (with_upper_case) values[static_cast<std::size_t>('A' + n - 10)] = n;
  }
  return values;
}

inline constexpr auto kLowerHexValues = make_hex_values(false);
inline constexpr auto kHexValues = make_hex_values(true);

}  // namespace detail

// 0 to 15, or kNotHex. kNotHex has its top bits set, so digits can be looked up first and judged
// together: (a | b) > 15 when either was not one.
constexpr std::uint8_t lower_hex_value(char c) {
  return detail::kLowerHexValues[static_cast<unsigned char>(c)];
}
constexpr std::uint8_t hex_value(char c) {
  return detail::kHexValues[static_cast<unsigned char>(c)];
}

}  // namespace pap::protocol
