// SPDX-License-Identifier: MIT
#pragma once

// Text that others chose, made fit for a terminal: no control character, no mark that turns the
// writing direction, no byte that is not UTF-8 gets through raw; and how wide it stands.
//
// Widths are those of wcwidth(3) where the C library knows them, so that wide characters align.
// Threads: pure functions; the width needs the process's locale to be UTF-8 (see use_locale()).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pap::ctl {

// At the start of the program: widths as the C library's UTF-8 locale has them.
void use_locale();

// The character at the front, and its bytes; U+FFFD and one byte where that is not UTF-8. The text
// is not empty.
struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};
CodePoint first_code_point(std::string_view text);

// Escapes as \n, \t, \x1b and \u202e; what is not UTF-8 as \xff. Without `utf8`, everything beyond
// ASCII is escaped too.
std::string visible(std::string_view text, bool utf8 = true);
// For one line of JSON that is valid already: the same characters, as \u escapes of JSON's.
std::string visible_json(std::string_view json);

inline constexpr std::size_t kShortIdColumns = 9;

// In columns, of text that is visible() already.
std::size_t width_of(std::string_view text);
// Cut to `columns`, with an ellipsis ("…", or "~" without UTF-8) for what is missing.
std::string cut_to(std::string_view text, std::size_t columns, bool utf8 = true);
// … in its middle, for what is told apart at both ends, as ids.
std::string cut_middle(std::string_view text, std::size_t columns, bool utf8 = true);
// An id beside a name that others may have too: its two ends.
std::string short_id(std::string_view id, bool utf8 = true);
// With spaces up to `columns`.
std::string padded(std::string text, std::size_t columns);

// As JavaScript writes it: 3600, not 3600.0.
std::string plain_number(double value);

// "950ms" (with `fine`), "12s", "5m", "3h", "2d4h": two units where the first is small.
std::string short_duration(std::chrono::milliseconds time, bool fine = false);

}  // namespace pap::ctl
