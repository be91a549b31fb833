// SPDX-License-Identifier: MIT
#include "papsim/scenario/map_reader.hpp"

#include <algorithm>
#include <cassert>

#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

std::vector<std::string_view> names_of(const Section& section, bool choices_only) {
  std::vector<std::string_view> out;
  for (const Key& key : section.keys) {
    if (key.choice || !choices_only) out.push_back(key.name);
  }
  return out;
}

}  // namespace

MapReader::MapReader(const Node& node, const Section& section, std::string where,
                     Problems& problems)
    : node_(node), section_(section), where_(std::move(where)), problems_(problems) {
  if (!node.is_map()) {
    problems_.add(node.place, where_ + " must be a map, not " + described(node));
    return;
  }
  look_for_strangers();
  look_for_gaps();
}

void MapReader::look_for_strangers() {
  for (const Node::Pair& pair : node_.pairs) {
    if (section_.find(pair.key.text) != nullptr) continue;
    problems_.add(pair.key.place, "unknown key " + quoted(pair.key.text) + " in " + where_ +
                                      suggestion(pair.key.text, names_of(section_, false)));
  }
}

// Some key that is not known is this one with a typo, and has been complained about.
bool MapReader::misspelt(std::string_view key) const {
  return std::any_of(node_.pairs.begin(), node_.pairs.end(), [&](const Node::Pair& pair) {
    return section_.find(pair.key.text) == nullptr && is_typo(pair.key.text, key);
  });
}

void MapReader::look_for_gaps() {
  bool has_choice = false;
  bool excluded = false;
  for (const Key& key : section_.keys) {
    if (key.required && !given(key.name) && !misspelt(key.name)) {
      problems_.add(node_.place, where_ + ": " + quoted(key.name) + " is missing");
    }
    has_choice = has_choice || key.choice;
  }
  if (!has_choice) return;
  // In the order of the file, so that the later one is the one complained about.
  for (const Node::Pair& pair : node_.pairs) {
    const Key* key = section_.find(pair.key.text);
    if (key == nullptr || !key->choice) continue;
    if (chosen_.empty()) {
      chosen_ = key->name;
    } else {
      excluded = true;
      problems_.add(pair.key.place,
                    quoted(key->name) + " and " + quoted(chosen_) + " exclude each other");
    }
  }
  const auto choices = names_of(section_, true);
  if (chosen_.empty() && std::none_of(choices.begin(), choices.end(),
                                      [&](std::string_view key) { return misspelt(key); })) {
    std::string all;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (i > 0) all += i + 1 == choices.size() ? " or " : ", ";
      all += choices[i];
    }
    problems_.add(node_.place, where_ + ": one of " + all + " is missing");
  }
  if (excluded) chosen_ = {};
}

const Node* MapReader::find(std::string_view key) const {
  assert(section_.find(key) != nullptr && "no such key in the section");
  return node_.find(key);
}

Place MapReader::place(std::string_view key) const {
  const Node* node = find(key);
  return node != nullptr ? node->place : node_.place;
}

Value MapReader::value(std::string_view name) {
  const Key& key = *section_.find(name);
  Value fallback;
  if (!key.fallback.empty()) parse_value(key, key.fallback, fallback);
  const Node* node = find(name);
  if (node == nullptr) return fallback;
  if (!node->is_word()) {
    problems_.add(node->place, std::string(name) + ": " + std::string(looks_like(key.form)) +
                                   " was expected, not " + described(*node));
    return fallback;
  }
  Value out;
  std::string error = parse_value(key, trimmed(node->text), out);
  if (error.empty()) return out;
  problems_.add(node->place, std::move(error));
  return fallback;
}

std::string MapReader::text(std::string_view name) {
  const Key& key = *section_.find(name);
  const Node* node = find(name);
  if (node == nullptr) return std::string(key.fallback);
  if (!node->is_word()) {
    std::string message = std::string(name) + ": " + std::string(looks_like(key.form)) +
                          " was expected, not " + described(*node);
    // `id: {uuid}` is a map to YAML.
    if (node->is_map()) message += "; a text with braces wants quotes";
    problems_.add(node->place, std::move(message));
    return std::string(key.fallback);
  }
  const std::string_view text = trimmed(node->text);
  if (text.empty()) problems_.add(node->place, std::string(name) + " is empty");
  if (key.form == Form::kName && !text.empty()) {
    Value unused;
    std::string error = parse_value(key, text, unused);
    if (!error.empty()) problems_.add(node->place, std::move(error));
  }
  return std::string(text);
}

std::vector<const Node*> MapReader::names(std::string_view name) {
  const Key& key = *section_.find(name);
  const Node* node = find(name);
  std::vector<const Node*> out;
  if (node == nullptr) return out;
  const auto expected = [&](const Node& wrong) {
    problems_.add(wrong.place, std::string(name) + ": " + std::string(looks_like(key.form)) +
                                   " was expected, not " + described(wrong));
  };
  if (node->is_word()) return {node};
  if (!node->is_list()) {
    expected(*node);
    return out;
  }
  if (node->items.empty()) problems_.add(node->place, std::string(name) + ": the list is empty");
  for (const Node& item : node->items) {
    if (item.is_word()) {
      out.push_back(&item);
    } else {
      expected(item);
    }
  }
  return out;
}

}  // namespace pap::sim
