// SPDX-License-Identifier: MIT
#include "pap/protocol/json_writer.hpp"

#include <array>
#include <charconv>

#include "protocol/json_text.hpp"

namespace pap::protocol {
namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      constexpr std::string_view kHex = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      const std::array<char, 6> text{'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xF]};
      out.append(text.data(), text.size());
    }
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view utf8) {
  out += '"';
  while (true) {
    const std::size_t plain = plain_length(utf8);
    out.append(utf8.data(), plain);
    if (plain == utf8.size()) break;
    append_escape(out, utf8[plain]);
    utf8.remove_prefix(plain + 1);
  }
  out += '"';
}

void append_json_integer(std::string& out, std::int64_t value) {
  std::array<char, 20> text{};  // "-9223372036854775808"
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace pap::protocol
