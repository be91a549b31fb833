// SPDX-License-Identifier: MIT
#pragma once

// One word of a scenario as the value that its key asks for, within the key's bounds.
//
// Threads: pure functions.

#include <cstdint>
#include <string>
#include <string_view>

#include "papsim/scenario/vocabulary.hpp"

namespace pap::sim {

// Milliseconds, parts per million, a plain number, or the place in Key::words, by the form. Of a
// range both ends, else twice the same.
struct Value {
  std::int64_t first = 0;
  std::int64_t last = 0;
  bool is_share = false;  // kCountOrShare: parts per million
  bool is_flag = false;   // kLasting: `true`
};

// What is wrong with `word` as the value of `key`, for a message; empty when nothing is, and then
// `out` has it. Only for forms that are one word.
std::string parse_value(const Key& key, std::string_view word, Value& out);

// A number in the unit of the form, as one would write it.
std::string value_word(Form form, std::int64_t number);

}  // namespace pap::sim
