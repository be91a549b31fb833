// SPDX-License-Identifier: MIT
#pragma once

// JSON written straight into a string, as JavaScript's JSON.stringify would write it, since the
// Node collector's clients compare texts: `3600`, not `3600.0`; `1e+21`; non-ASCII left as it is.
//
// Errors: none; text must be UTF-8 (what enters the collector is checked at the door).
// Threads: pure functions, safe from any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "pap/export.hpp"

namespace pap::protocol {

// With the quotes around it.
PAP_API void append_json_string(std::string& out, std::string_view utf8);
// Number::toString of ECMA-262 §6.1.6.1.20; -0 as 0, what is not finite as null.
PAP_API void append_json_number(std::string& out, double value);
PAP_API void append_json_integer(std::string& out, std::int64_t value);

inline void append_json_bool(std::string& out, bool value) { out += value ? "true" : "false"; }

}  // namespace pap::protocol
