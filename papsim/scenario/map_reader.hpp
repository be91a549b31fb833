// SPDX-License-Identifier: MIT
#pragma once

// Reads one map of a scenario against its section of the vocabulary: keys that are not in it, keys
// that are missing, keys that exclude each other, values of the wrong form or out of bounds, all
// become problems, each once. Whoever reads on gets defaults, so that one mistake hides no other.
//
// Asking for a key that the section does not have is a programmer's mistake, and asserted.
// Ownership: refers to node and problems. Threads: one.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/problem.hpp"
#include "papsim/scenario/values.hpp"
#include "papsim/scenario/vocabulary.hpp"

namespace pap::sim {

class MapReader {
 public:
  // `where` names the map in messages: fleet.rack, timeline.cut.
  MapReader(const Node& node, const Section& section, std::string where, Problems& problems);

  bool given(std::string_view key) const { return find(key) != nullptr; }
  const Node* find(std::string_view key) const;
  // Of the key's value; of the map where the key is not given.
  Place place(std::string_view key) const;
  Place place() const { return node_.place; }
  const std::string& where() const { return where_; }
  // The key with Key::choice that is given; empty when not exactly one is.
  std::string_view chosen() const { return chosen_; }

  // The value, or the default; 0 where there is neither, or the value is wrong.
  Value value(std::string_view key);
  std::int64_t number(std::string_view key) { return value(key).first; }
  std::uint32_t count(std::string_view key) { return static_cast<std::uint32_t>(number(key)); }
  Millis duration(std::string_view key) { return Millis{number(key)}; }
  PartsPerMillion share(std::string_view key) { return count(key); }
  template <class Enum>
  Enum word(std::string_view key) {
    return static_cast<Enum>(number(key));
  }
  std::string text(std::string_view key);  // kText, kName; trimmed
  // kSet, kNames: the words, one or a list; empty where something else stands.
  std::vector<const Node*> names(std::string_view key);

  void complain(Place place, std::string message) { problems_.add(place, std::move(message)); }

 private:
  void look_for_strangers();
  void look_for_gaps();
  bool misspelt(std::string_view key) const;

  const Node& node_;
  const Section& section_;
  const std::string where_;
  Problems& problems_;
  std::string_view chosen_;
};

}  // namespace pap::sim
