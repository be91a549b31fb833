// SPDX-License-Identifier: MIT
#pragma once

// What the insides of a JSON string look like (RFC 8259 §7), for those who read and who write it.
//
// Threads: pure functions, safe from any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace pap::protocol {

// How many bytes at the front of `text` stand for themselves in a JSON string: up to the first
// quote, backslash or byte below 0x20.
std::size_t plain_length(std::string_view text);

// `json` with U+FFFD in place of each \u escape that is half a character. JSON.stringify writes
// such (ECMA-262, QuoteJSONString) of a text that was cut within one, and JSON.parse takes them.
// Every other byte stays where it was.
std::string with_whole_characters(std::string_view json);

// `text` in quotes and escaped as in JSON, at most some 40 bytes of it, for a message to people.
// Whoever sent it chose it, so neither its length nor its bytes may reach a log as they are.
std::string quoted_for_message(std::string_view utf8);

}  // namespace pap::protocol
