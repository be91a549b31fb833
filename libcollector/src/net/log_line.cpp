// SPDX-License-Identifier: MIT
#include "net/log_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "net/limits.hpp"
#include "pap/protocol/json_writer.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

using protocol::WallTime;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void append_unicode_escape(std::string& out, std::uint32_t code) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 0xF];
}

// C1 controls, line and paragraph separators, and what turns the writing direction: each would
// let a value look like something else on a terminal. All lie below U+10000.
bool is_deceptive(std::uint32_t code) {
  return (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

std::size_t character_length(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

// Of a two- or three-byte character; longer ones need not be told apart.
std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
  };
  if (character.size() == 2) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (character.size() == 3) {
    return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  }
  return 0x10000;
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
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
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) {
    append_unicode_escape(out, byte);
  } else {
    out += c;
  }
}

// The same escapes serve both forms: they are JSON's.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t bad = std::min(protocol::first_non_utf8(text), text.size());
    std::string_view good = text.substr(0, bad);
    while (!good.empty()) {
      const std::size_t length = character_length(static_cast<unsigned char>(good[0]));
      const std::string_view character = good.substr(0, length);
      good.remove_prefix(length);
      if (length == 1) {
        append_ascii(out, character[0]);
      } else if (const auto code = code_point(character); is_deceptive(code)) {
        append_unicode_escape(out, code);
      } else {
        out += character;
      }
    }
    if (bad < text.size()) out += kReplacement;
    text.remove_prefix(std::min(bad + 1, text.size()));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  const std::string_view shown = protocol::cut_at_character(text, kMaxLogValueBytes);
  out += '"';
  append_escaped(out, shown);
  if (shown.size() < text.size()) out += "…";
  out += '"';
}

// What needs no quotes in a text line to be read, and split, for what it is.
bool is_bare(std::string_view text) {
  const auto bare = [](char c) {
    return c > 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '=';
  };
  return !text.empty() && text.size() <= kMaxLogValueBytes && std::ranges::all_of(text, bare);
}

struct AppendValue {
  std::string& out;
  bool bare_allowed;

  void operator()(std::string_view text) const {
    if (bare_allowed && is_bare(text)) {
      out += text;
    } else {
      append_quoted(out, text);
    }
  }
  void operator()(bool yes) const { protocol::append_json_bool(out, yes); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(std::uint64_t number) const { out += std::to_string(number); }
  void operator()(double number) const { protocol::append_json_number(out, number); }
};

}  // namespace

void append_text_line(std::string& out, const LogHead& head, std::initializer_list<LogField> fields,
                      std::uint64_t suppressed) {
  protocol::append_timestamp(out, head.time);
  out += ' ';
  out += to_string(head.level);
  out += ' ';
  out += head.event;
  for (const LogField& field : fields) {
    out += ' ';
    out += field.name();
    out += '=';
    std::visit(AppendValue{out, true}, field.value());
  }
  if (suppressed > 0) out += " suppressed=" + std::to_string(suppressed);
  out += '\n';
}

void append_json_line(std::string& out, const LogHead& head, std::initializer_list<LogField> fields,
                      std::uint64_t suppressed) {
  out += R"({"time":")";
  protocol::append_timestamp(out, head.time);
  out += R"(","level":")";
  out += to_string(head.level);
  out += R"(","event":")";
  out += head.event;
  out += '"';
  for (const LogField& field : fields) {
    out += ",\"";
    out += field.name();
    out += "\":";
    std::visit(AppendValue{out, false}, field.value());
  }
  if (suppressed > 0) out += ",\"suppressed\":" + std::to_string(suppressed);
  out += "}\n";
}

}  // namespace pap::net
