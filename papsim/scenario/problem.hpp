// SPDX-License-Identifier: MIT
#pragma once

// What is wrong with a file: where and why, all at once.
//
// A message names the offending word, and where one exists the nearest word that would have done.
// Ownership: values. Threads: values.

#include <string>
#include <string_view>
#include <vector>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

struct Problem {
  Place place;
  std::string message;
};

// A word of the file, as messages name it.
inline std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

class Problems {
 public:
  void add(Place place, std::string message) { list_.push_back({place, std::move(message)}); }

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  // In the order of the file, each once.
  std::vector<Problem> sorted() const;

 private:
  std::vector<Problem> list_;
};

// `file:line:column: message`; without a place `file: message`. One line, and no control
// characters.
std::string to_string(std::string_view file, const Problem& problem);

}  // namespace pap::sim
