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

std::string to_string(std::string_view file, const Problem& problem) {
  std::string out(file);
  if (problem.place.line > 0) {
    out += ':' + std::to_string(problem.place.line) + ':' + std::to_string(problem.place.column);
  }
  return out + ": " + problem.message;
}

}  // namespace pap::sim
