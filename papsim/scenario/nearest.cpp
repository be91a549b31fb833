// SPDX-License-Identifier: MIT
#include "papsim/scenario/nearest.hpp"

#include <algorithm>

namespace pap::sim {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the usual table: the one being filled, the one above, and the one above that.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

bool is_typo(std::string_view wrong, std::string_view word) {
  const std::size_t most = std::max<std::size_t>(1, std::max(wrong.size(), word.size()) / 3);
  return edit_distance(wrong, word) <= most;
}

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

std::string suggestion(std::string_view wrong, std::span<const std::string_view> words) {
  constexpr std::size_t kFewEnoughToList = 12;
  std::string_view best;
  std::size_t least = SIZE_MAX;
  for (const std::string_view word : words) {
    const std::size_t distance = edit_distance(wrong, word);
    if (distance < least) {
      least = distance;
      best = word;
    }
  }
  if (words.empty()) return {};
  if (is_typo(wrong, best)) return "; did you mean '" + std::string(best) + "'?";
  if (words.size() > kFewEnoughToList) return "; the nearest is '" + std::string(best) + "'";
  return (words.size() == 1 ? "; there is " : "; there are ") + listed(words);
}

}  // namespace pap::sim
