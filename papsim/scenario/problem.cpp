// SPDX-License-Identifier: MIT
#include "papsim/scenario/problem.hpp"

#include <algorithm>
#include <tuple>

namespace pap::sim {

std::vector<Problem> Problems::sorted() const {
  const auto key = [](const Problem& p) {
    return std::tie(p.place.line, p.place.column, p.message);
  };
  std::vector<Problem> out = list_;
  std::sort(out.begin(), out.end(),
            [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  out.erase(std::unique(out.begin(), out.end(),
                        [&](const Problem& a, const Problem& b) { return key(a) == key(b); }),
            out.end());
  return out;
}

namespace {

// A message may quote what the file has; what would end the line, or steer a terminal, is shown.
std::string visible(std::string_view message) {
  std::string out;
  for (const char c : message) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20 && code != 0x7f) {
      out += c;
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += {'\\', 'x', kDigits[code >> 4U], kDigits[code & 0xfU]};
    }
  }
  return out;
}

}  // namespace

std::string to_string(std::string_view file, const Problem& problem) {
  std::string out(file);
  if (problem.place.line > 0) {
    out += ':' + std::to_string(problem.place.line) + ':' + std::to_string(problem.place.column);
  }
  return out + ": " + visible(problem.message);
}

}  // namespace pap::sim
