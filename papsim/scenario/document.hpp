// SPDX-License-Identifier: MIT
#pragma once

// A YAML document as a tree that keeps what a reader of scenarios must know: where each thing
// stands, the order of keys, keys that stand twice, and whether a word was quoted.
//
// Anchors, aliases, tags and several documents in one file are refused: a scenario says what it
// says, with no templating.
//
// Errors: as problems, with what could be read up to there.
// Ownership: values. Threads: pure functions.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "papsim/scenario/problem.hpp"

namespace pap::sim {

struct Node {
  enum class Kind : std::uint8_t { kNothing, kWord, kList, kMap };
  struct Pair;

  Kind kind = Kind::kNothing;
  Place place;
  std::string text;         // kWord
  bool quoted = false;      // kWord
  std::vector<Node> items;  // kList
  std::vector<Pair> pairs;  // kMap, in file order, each key once

  bool is_word() const { return kind == Kind::kWord; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }

  // The value of a key of this map; none where there is none, or no map.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
};

struct Node::Pair {
  Node key;  // kWord
  Node value;
};

// What a node is, for messages: "a list", "a map", "nothing", "'word'".
std::string described(const Node& node);

// The same, of a list with how many there are in it: "a list of 3".
std::string counted_items(const Node& node);

// The first document of `text`; kNothing where there is none, or where it is not YAML.
Node parse_yaml(std::string_view text, Problems& problems);

}  // namespace pap::sim
