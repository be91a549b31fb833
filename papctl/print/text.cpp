// SPDX-License-Identifier: MIT
#include "papctl/print/text.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cwchar>
#include <optional>

#include <nlohmann/json.hpp>

namespace pap::ctl {
namespace {

// The code point at the front; none when that is not UTF-8 (RFC 3629, section 4).
std::optional<CodePoint> first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return std::nullopt;
  std::uint32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return std::nullopt;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[bytes] || value > 0x10FFFF || surrogate) return std::nullopt;
  return CodePoint{value, bytes};
}

// Controls, line separators, and what is not seen but changes how others are (Unicode Standard
// Annex 9, section 2, and the zero-width marks).
bool is_dangerous(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

void append_hex(std::string& out, const char* prefix, std::uint32_t value, int digits) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%s%0*x", prefix, digits, value);
  out += buffer.data();
}

void append_escape(std::string& out, std::uint32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (c < 0x100) {
        append_hex(out, "\\x", c, 2);
      } else if (c < 0x10000) {
        append_hex(out, "\\u", c, 4);
      } else {
        append_hex(out, "\\U", c, 8);
      }
  }
}

std::size_t width_of_code(std::uint32_t c) {
  const int width = ::wcwidth(static_cast<wchar_t>(c));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

void use_locale() {
  // The output is UTF-8 or ASCII whatever the user's locale; only widths hang on it.
  std::setlocale(LC_CTYPE, "C.UTF-8");
}

CodePoint first_code_point(std::string_view text) {
  return first_of(text).value_or(CodePoint{0xFFFD, 1});
}

std::string visible(std::string_view text, bool utf8) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto code = first_of(text);
    if (!code) {
      append_hex(out, "\\x", static_cast<unsigned char>(text.front()), 2);
      text.remove_prefix(1);
      continue;
    }
    if (is_dangerous(code->value) || (!utf8 && code->value >= 0x80)) {
      append_escape(out, code->value);
    } else {
      out += text.substr(0, code->bytes);
    }
    text.remove_prefix(code->bytes);
  }
  return out;
}

std::string visible_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const auto code = first_of(json);
    if (!code) {
      out += "\\ufffd";
      json.remove_prefix(1);
      continue;
    }
    // Line breaks and blanks of the JSON text itself; within its strings they are escaped already.
    const bool layout = code->value == '\n' || code->value == '\t';
    if (!layout && is_dangerous(code->value)) {
      std::uint32_t value = code->value;
      if (value >= 0x10000) {
        value -= 0x10000;
        append_hex(out, "\\u", 0xD800 + (value >> 10U), 4);
        value = 0xDC00 + (value & 0x3FFU);
      }
      append_hex(out, "\\u", value, 4);
    } else {
      out += json.substr(0, code->bytes);
    }
    json.remove_prefix(code->bytes);
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto code = first_of(text);
    width += code ? width_of_code(code->value) : 1;
    text.remove_prefix(code ? code->bytes : 1);
  }
  return width;
}

std::string cut_to(std::string_view text, std::size_t columns, bool utf8) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string out;
  std::size_t width = 0;
  while (!text.empty()) {
    const auto code = first_of(text);
    const std::size_t bytes = code ? code->bytes : 1;
    const std::size_t more = code ? width_of_code(code->value) : 1;
    if (width + more > columns - 1) break;
    out += text.substr(0, bytes);
    width += more;
    text.remove_prefix(bytes);
  }
  return out + (utf8 ? "…" : "~");
}

std::string cut_middle(std::string_view text, std::size_t columns, bool utf8) {
  const std::size_t width = width_of(text);
  if (width <= columns) return std::string(text);
  const std::size_t tail_columns = columns / 2;
  if (tail_columns == 0) return cut_to(text, columns, utf8);
  std::string head = cut_to(text, columns - tail_columns, utf8);  // with the ellipsis
  std::size_t left = width;
  while (left > tail_columns) {
    const auto code = first_of(text);
    left -= code ? width_of_code(code->value) : 1;
    text.remove_prefix(code ? code->bytes : 1);
  }
  return head.append(text);
}

std::string short_id(std::string_view id, bool utf8) {
  return cut_middle(id, kShortIdColumns, utf8);
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t width = width_of(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

std::string plain_number(double value) {
  constexpr double kExact = 1e15;  // up to here every whole number has a double of its own
  if (value == std::floor(value) && std::abs(value) < kExact) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return nlohmann::json(value).dump();
}

std::string short_duration(std::chrono::milliseconds time, bool fine) {
  using namespace std::chrono;
  const bool negative = time < milliseconds{0};
  if (negative) time = -time;
  std::string out = negative ? "-" : "";
  const auto append = [&](std::int64_t count, const char* unit) {
    out += std::to_string(count) + unit;
  };
  const std::int64_t s = duration_cast<seconds>(time).count();
  if (fine && time < seconds{1}) {
    append(time.count(), "ms");
  } else if (fine && time < seconds{100}) {
    out += std::to_string(s) + '.' + std::to_string(time.count() % 1'000 / 100) + 's';
  } else if (s < 120) {
    append(s, "s");
  } else if (s < 3'600) {
    append(s / 60, "m");
    if (s < 600 && s % 60 != 0) append(s % 60, "s");
  } else if (s < 86'400) {
    append(s / 3'600, "h");
    if (s < 36'000 && s / 60 % 60 != 0) append(s / 60 % 60, "m");
  } else {
    append(s / 86'400, "d");
    if (s < 864'000 && s / 3'600 % 24 != 0) append(s / 3'600 % 24, "h");
  }
  return out;
}

}  // namespace pap::ctl
