// SPDX-License-Identifier: MIT
#pragma once

// What a terminal sends, as keys.
//
// An escape sequence may come in pieces, and Escape alone looks like the beginning of one: whoever
// reads calls settle() when nothing has come for kEscapePatience.
// Threads: one.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pap::ctl::top {

inline constexpr std::chrono::milliseconds kEscapePatience{50};

struct Key {
  enum class Kind : std::uint8_t {
    kText,  // one character, in UTF-8
    kUp,
    kDown,
    kPageUp,
    kPageDown,
    kHome,
    kEnd,
    kEnter,
    kEscape,
    kBackspace,
    kClearLine,  // Ctrl-U
    kRedraw,     // Ctrl-L
  };
  Kind kind = Kind::kText;
  std::string text{};

  bool is(char c) const { return kind == Kind::kText && text.size() == 1 && text.front() == c; }
  bool operator==(const Key&) const = default;
};

class KeyReader {
 public:
  std::vector<Key> feed(std::string_view bytes);
  // What was kept back is whole.
  std::vector<Key> settle();
  bool waits() const { return !kept_.empty(); }

 private:
  std::string kept_;
};

}  // namespace pap::ctl::top
