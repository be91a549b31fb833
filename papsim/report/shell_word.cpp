// SPDX-License-Identifier: MIT
#include "papsim/report/shell_word.hpp"

#include <algorithm>
#include <string_view>

namespace pap::sim {

std::string shell_word(const std::string& text) {
  // None of these means anything to a shell. What is no ASCII might, in some locale.
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [&](char c) { return kPlain.find(c) != std::string_view::npos; });
  if (plain && !text.empty()) return text;
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += R"('\'')";
    } else {
      word += c;
    }
  }
  return word + '\'';
}

std::string shell_path(const std::string& path) {
  return shell_word(path.starts_with('-') ? "./" + path : path);
}

std::string replay_command(const std::string& file, std::uint64_t seed) {
  return "papsim replay " + shell_path(file) + " --seed " + std::to_string(seed);
}

}  // namespace pap::sim
