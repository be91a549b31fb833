// SPDX-License-Identifier: MIT
#include "papsim/scenario/vary.hpp"

#include <algorithm>
#include <optional>

#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {
namespace {

// A range of one unit, from words like 10..100, 60s..90s, 1%..5%.
struct Range {
  enum class Unit : std::uint8_t { kNumber, kMillis, kPartsPerMillion } unit = Unit::kNumber;
  std::int64_t first = 0;
  std::int64_t last = 0;

  std::string word(std::int64_t value) const {
    switch (unit) {
      case Unit::kNumber:
        return std::to_string(value);
      case Unit::kMillis:
        return to_word(Millis{value});
      case Unit::kPartsPerMillion:
        return share_word(value);
    }
    return {};
  }
};

std::optional<Range> parse_range(std::string_view word) {
  const auto ends = cut_range(word);
  if (!ends || word.find("..") == std::string_view::npos) return std::nullopt;
  const auto [first, last] = *ends;
  if (const auto a = parse_integer(first), b = parse_integer(last); a && b) {
    return Range{Range::Unit::kNumber, *a, *b};
  }
  if (const auto a = parse_signed_duration(first), b = parse_signed_duration(last); a && b) {
    return Range{Range::Unit::kMillis, a->count(), b->count()};
  }
  if (const auto a = parse_drift(first), b = parse_drift(last); a && b) {
    return Range{Range::Unit::kPartsPerMillion, *a, *b};
  }
  return std::nullopt;
}

// The parts of the document that a seed may draw: what names it and its expectations stays.
constexpr std::array<std::string_view, 4> kMayVary{"run", "collector", "fleet", "timeline"};

class Drawing {
 public:
  Drawing(Node& document, Draw draw, std::uint64_t seed, Problems& problems)
      : document_(document), draw_(draw), stream_(seed, "vary"), problems_(problems) {}

  void run(const Node::Pair& pair) {
    const auto word = drawn(pair);
    Node* target = find(pair.key);
    if (!word || target == nullptr) return;
    if (target->is_list() || target->is_map()) {
      problems_.add(pair.key.place,
                    "'" + pair.key.text + "' is " + described(*target) + ", not one value");
      return;
    }
    target->kind = Node::Kind::kWord;
    target->text = *word;
    target->place = pair.value.place;
  }

 private:
  std::optional<std::string> drawn(const Node::Pair& pair) {
    RandomStream stream = stream_.of(pair.key.text);
    if (pair.value.is_list()) {
      const auto& items = pair.value.items;
      if (items.empty() ||
          !std::all_of(items.begin(), items.end(), [](const Node& n) { return n.is_word(); })) {
        problems_.add(pair.value.place, "vary: a list of words to choose from was expected");
        return std::nullopt;
      }
      const std::size_t at = draw_ == Draw::kLowest    ? 0
                             : draw_ == Draw::kHighest ? items.size() - 1
                                                       : stream.below(items.size());
      return std::string(trimmed(items[at].text));
    }
    const auto range = parse_range(trimmed(pair.value.text));
    if (!pair.value.is_word() || !range) {
      problems_.add(pair.value.place, "vary: " + described(pair.value) +
                                          " is not a range, like 10..100 or 60s..90s, nor a list");
      return std::nullopt;
    }
    if (range->first > range->last) {
      problems_.add(pair.value.place, "vary: '" + pair.value.text + "' ends before it begins");
      return std::nullopt;
    }
    return range->word(draw_ == Draw::kLowest    ? range->first
                       : draw_ == Draw::kHighest ? range->last
                                                 : stream.between(range->first, range->last));
  }

  // What the path names. Its last step may be a key that is not written, and so has its default.
  Node* find(const Node& path) {
    Node* at = &document_;
    std::string_view rest = path.text;
    for (std::string so_far; !rest.empty();) {
      const std::size_t dot = std::min(rest.find('.'), rest.size());
      const std::string_view step = rest.substr(0, dot);
      rest.remove_prefix(std::min(dot + 1, rest.size()));
      if (at == &document_ && std::find(kMayVary.begin(), kMayVary.end(), step) == kMayVary.end()) {
        problems_.add(path.place, "vary: '" + std::string(step) + "' is not varied" +
                                      suggestion(step, kMayVary));
        return nullptr;
      }
      Node* next = child(*at, step);
      if (next == nullptr && (rest.empty() || at == &document_) && at->is_map()) {
        next = add(*at, step, path.place);
        if (!rest.empty()) next->kind = Node::Kind::kMap;
      }
      if (next == nullptr) {
        problems_.add(path.place, "vary: there is no '" + std::string(step) + "' in " +
                                      (so_far.empty() ? "the scenario" : so_far) +
                                      suggestion(step, children(*at)));
        return nullptr;
      }
      so_far += (so_far.empty() ? "" : ".") + std::string(step);
      at = next;
    }
    return at;
  }

  // Of a list, the item with that id.
  static Node* child(Node& node, std::string_view step) {
    if (Node* value = node.find(step)) return value;
    for (Node& item : node.items) {
      const Node* id = item.find("id");
      if (id != nullptr && trimmed(id->text) == step) return &item;
    }
    return nullptr;
  }

  static std::vector<std::string_view> children(const Node& node) {
    std::vector<std::string_view> out;
    for (const Node::Pair& pair : node.pairs) out.push_back(pair.key.text);
    for (const Node& item : node.items) {
      if (const Node* id = item.find("id")) out.push_back(trimmed(id->text));
    }
    return out;
  }

  static Node* add(Node& map, std::string_view key, Place place) {
    Node name;
    name.kind = Node::Kind::kWord;
    name.place = place;
    name.text = std::string(key);
    map.pairs.push_back({std::move(name), {}});
    return &map.pairs.back().value;
  }

  Node& document_;
  const Draw draw_;
  const RandomStream stream_;
  Problems& problems_;
};

}  // namespace

void apply_vary(Node& document, Draw draw, std::uint64_t seed, Problems& problems) {
  const auto found = std::find_if(document.pairs.begin(), document.pairs.end(),
                                  [](const Node::Pair& pair) { return pair.key.text == "vary"; });
  if (found == document.pairs.end()) return;
  const Node vary = std::move(found->value);
  document.pairs.erase(found);
  Drawing drawing(document, draw, seed, problems);
  for (const Node::Pair& pair : vary.pairs) drawing.run(pair);
}

}  // namespace pap::sim
