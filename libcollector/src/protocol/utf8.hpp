// SPDX-License-Identifier: MIT
#pragma once

// UTF-8 as RFC 3629 §4 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
//
// Threads: pure functions, safe from any thread.

#include <cstddef>
#include <string_view>

namespace pap::protocol {

// Where the first byte stands that begins no whole character; npos when all of `text` is UTF-8.
std::size_t first_non_utf8(std::string_view text);

inline bool is_utf8(std::string_view text) {
  return first_non_utf8(text) == std::string_view::npos;
}

// The longest beginning of `utf8`, at most `max_bytes` long, that cuts no character in two.
std::string_view cut_at_character(std::string_view utf8, std::size_t max_bytes);

}  // namespace pap::protocol
