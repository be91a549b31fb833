// SPDX-License-Identifier: MIT
#pragma once

// Names of header fields are the same in either case (RFC 9110 §5.1).
//
// Threads: a pure function.

#include <algorithm>
#include <string>

namespace pap::test {

inline std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace pap::test
