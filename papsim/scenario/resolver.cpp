// SPDX-License-Identifier: MIT
#include "papsim/scenario/resolver.hpp"

#include <string>

#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

std::string_view noun(AgentSet::Kind kind) {
  return kind == AgentSet::Kind::kGroup ? "group" : "timeline entry";
}

}  // namespace

Resolver::Resolver(const Node& document, Problems& problems) : problems_(problems) {
  if (const Node* fleet = document.find("fleet")) {
    for (std::size_t i = 0; i < fleet->pairs.size(); ++i) {
      add(fleet->pairs[i].key, {AgentSet::Kind::kGroup, i});
    }
  }
  if (const Node* timeline = document.find("timeline")) {
    for (std::size_t i = 0; i < timeline->items.size(); ++i) {
      if (const Node* id = timeline->items[i].find("id")) {
        add(*id, {AgentSet::Kind::kEntry, i});
      }
    }
  }
}

void Resolver::add(const Node& name, AgentSet set) {
  const std::string_view word = trimmed(name.text);
  if (!name.is_word() || word.empty()) return;  // complained about where it is read
  if (word == kCollectorItself) {
    problems_.add(name.place, "no " + std::string(noun(set.kind)) + " may be called 'collector'");
  } else if (const Name* other = look_up(word)) {
    problems_.add(name.place,
                  quoted(word) + " is already the name of a " + std::string(noun(other->set.kind)));
  }
  names_.push_back({word, set});
}

const Resolver::Name* Resolver::look_up(std::string_view name) const {
  for (const Name& known : names_) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::string Resolver::suggest(std::string_view wrong, std::optional<AgentSet::Kind> kind,
                              std::optional<std::size_t> before) const {
  std::vector<std::string_view> words;
  for (const Name& name : names_) {
    if (kind && name.set.kind != *kind) continue;
    if (before && name.set.kind == AgentSet::Kind::kEntry && name.set.index >= *before) continue;
    words.push_back(name.name);
  }
  return suggestion(wrong, words);
}

std::optional<AgentSet> Resolver::find(const Node& name, std::optional<std::size_t> before) const {
  const std::string_view word = trimmed(name.text);
  const Name* known = look_up(word);
  if (known == nullptr) {
    problems_.add(name.place, "there is no group or timeline entry " + quoted(word) +
                                  suggest(word, {}, before));
    return std::nullopt;
  }
  if (before && known->set.kind == AgentSet::Kind::kEntry && known->set.index >= *before) {
    problems_.add(name.place, quoted(word) +
                                  " does not stand above this entry; whom it picks is "
                                  "not known here");
    return std::nullopt;
  }
  return known->set;
}

std::optional<std::size_t> Resolver::group(const Node& name) const {
  const std::string_view word = trimmed(name.text);
  const Name* known = look_up(word);
  if (known != nullptr && known->set.kind == AgentSet::Kind::kGroup) return known->set.index;
  problems_.add(name.place,
                "there is no group " + quoted(word) + suggest(word, AgentSet::Kind::kGroup, {}));
  return std::nullopt;
}

std::optional<std::size_t> Resolver::entry(const Node& name) const {
  const std::string_view word = trimmed(name.text);
  const Name* known = look_up(word);
  if (known != nullptr && known->set.kind == AgentSet::Kind::kEntry) return known->set.index;
  problems_.add(name.place, "there is no timeline entry " + quoted(word) +
                                suggest(word, AgentSet::Kind::kEntry, {}));
  return std::nullopt;
}

std::vector<AgentSet> Resolver::find_all(const std::vector<const Node*>& names) const {
  std::vector<AgentSet> out;
  for (const Node* name : names) {
    const auto set = find(*name);
    if (!set) continue;
    for (const AgentSet& other : out) {
      if (other == *set) {
        problems_.add(name->place, quoted(trimmed(name->text)) + " stands twice in the list");
      }
    }
    out.push_back(*set);
  }
  return out;
}

}  // namespace pap::sim
