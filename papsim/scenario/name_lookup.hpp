// SPDX-License-Identifier: MIT
#pragma once

// A name out of one of the closed lists of scenario/names.hpp, or a problem with the nearest one.
//
// Threads: pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/problem.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {

// `kind` is what such a name is called in messages: rule, excuse.
template <class Table>
const typename Table::value_type* find_name(const Table& table, const Node& node,
                                            std::string_view kind, Problems& problems) {
  const std::string_view word = trimmed(node.text);
  std::vector<std::string_view> words;
  for (const auto& entry : table) {
    if (entry.name == word) return &entry;
    words.push_back(entry.name);
  }
  problems.add(node.place, "there is no " + std::string(kind) + " '" + std::string(word) + "'" +
                               suggestion(word, words));
  return nullptr;
}

}  // namespace pap::sim
