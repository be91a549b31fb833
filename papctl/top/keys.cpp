// SPDX-License-Identifier: MIT
#include "papctl/top/keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace pap::ctl::top {
namespace {

using Kind = Key::Kind;

// xterm's and the VT100's, with and without application mode.
constexpr std::array<std::pair<std::string_view, Kind>, 14> kSequences{{
    {"[A", Kind::kUp},
    {"[B", Kind::kDown},
    {"OA", Kind::kUp},
    {"OB", Kind::kDown},
    {"[5~", Kind::kPageUp},
    {"[6~", Kind::kPageDown},
    {"[H", Kind::kHome},
    {"[F", Kind::kEnd},
    {"OH", Kind::kHome},
    {"OF", Kind::kEnd},
    {"[1~", Kind::kHome},
    {"[4~", Kind::kEnd},
    {"[7~", Kind::kHome},
    {"[8~", Kind::kEnd},
}};
constexpr std::size_t kLongestSequence = 16;

// The bytes of an escape sequence behind its ESC; none while it may go on.
std::optional<std::size_t> length_of(std::string_view rest) {
  if (rest.empty()) return std::nullopt;
  if (rest.front() == 'O') return rest.size() < 2 ? std::nullopt : std::optional<std::size_t>(2);
  if (rest.front() != '[') return 0;  // Escape, and then something else
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] >= 0x40 && rest[i] <= 0x7E) return i + 1;
    if (i >= kLongestSequence) return i;
  }
  return std::nullopt;
}

std::size_t bytes_of_character(unsigned char lead) {
  return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

std::optional<Key> key_of(char c) {
  switch (c) {
    case '\r':
    case '\n':
      return Key{Kind::kEnter};
    case '\x7f':
    case '\b':
      return Key{Kind::kBackspace};
    case '\x15':
      return Key{Kind::kClearLine};
    case '\x0c':
      return Key{Kind::kRedraw};
    case '\x10':  // Ctrl-P and Ctrl-N, as in shells
      return Key{Kind::kUp};
    case '\x0e':
      return Key{Kind::kDown};
    default:
      if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
      return Key{Kind::kText, std::string(1, c)};
  }
}

}  // namespace

std::vector<Key> KeyReader::feed(std::string_view bytes) {
  kept_ += bytes;
  std::vector<Key> keys;
  std::string_view rest = kept_;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '\x1b') {
      const auto length = length_of(rest.substr(1));
      if (!length) break;
      if (*length == 0) {
        keys.push_back({Kind::kEscape});
      } else {
        const std::string_view sequence = rest.substr(1, *length);
        const auto found = std::find_if(kSequences.begin(), kSequences.end(),
                                        [&](const auto& each) { return each.first == sequence; });
        if (found != kSequences.end()) keys.push_back({found->second});
      }
      rest.remove_prefix(1 + *length);
      continue;
    }
    const std::size_t wanted = bytes_of_character(static_cast<unsigned char>(c));
    if (wanted > rest.size()) break;
    if (wanted > 1) {
      keys.push_back({Kind::kText, std::string(rest.substr(0, wanted))});
    } else if (auto key = key_of(c)) {
      keys.push_back(std::move(*key));
    }
    rest.remove_prefix(wanted);
  }
  kept_.erase(0, kept_.size() - rest.size());
  return keys;
}

std::vector<Key> KeyReader::settle() {
  const bool escape = std::exchange(kept_, {}) == "\x1b";
  return escape ? std::vector<Key>{{Kind::kEscape}} : std::vector<Key>{};
}

}  // namespace pap::ctl::top
