// SPDX-License-Identifier: MIT
#include "papsim/scenario/document.hpp"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "protocol/utf8.hpp"

namespace pap::sim {
namespace {

// A scenario is a page. What is larger is something else, and what is nested deeper is an attack.
constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;
constexpr std::size_t kMaxDepth = 16;

// yaml-cpp counts lines and columns from 0.
Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

// Builds from events rather than from YAML::Node, which takes a key that stands twice in silence.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Problems& problems) : problems_(problems) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Node node;
    node.place = place_of(mark);
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problems_.add(place_of(mark), "aliases are not taken; write it out");
    Node node;
    node.place = place_of(mark);
    add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    if (tag.size() > 1) problems_.add(place_of(mark), "tags are not taken: '" + tag + "'");
    Node node;
    node.kind = Node::Kind::kWord;
    node.place = place_of(mark);
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    open(Node::Kind::kList, mark);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    open(Node::Kind::kMap, mark);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    bool has_key = false;
    Node key;
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) problems_.add(place_of(mark), "anchors are not taken; write it out");
  }

  void open(Node::Kind kind, const YAML::Mark& mark) {
    if (open_.size() == kMaxDepth) throw YAML::ParserException(mark, "nested too deeply");
    Open opened;
    opened.node.kind = kind;
    opened.node.place = place_of(mark);
    open_.push_back(std::move(opened));
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.has_key = true;
      parent.key = std::move(node);
    } else {
      parent.has_key = false;
      add_pair(parent, std::move(node));
    }
  }

  void add_pair(Open& parent, Node value) {
    Node& key = parent.key;
    if (!key.is_word()) {
      problems_.add(key.place, "a key is one word, not " + described(key));
      return;
    }
    if (const auto* first = find_key(parent.node, key.text)) {
      problems_.add(key.place, "'" + key.text + "' stands twice; first in line " +
                                   std::to_string(first->key.place.line));
      return;
    }
    // Of nothing, yaml-cpp says the place of whatever comes next.
    if (value.kind == Node::Kind::kNothing) value.place = key.place;
    parent.node.pairs.push_back({std::move(key), std::move(value)});
  }

  static const Node::Pair* find_key(const Node& map, std::string_view key) {
    for (const Node::Pair& pair : map.pairs) {
      if (pair.key.text == key) return &pair;
    }
    return nullptr;
  }

  Problems& problems_;
  std::vector<Open> open_;
  Node root_;
};

Place place_at(std::string_view text, std::size_t offset) {
  Place place{1, 1};
  for (const char c : text.substr(0, offset)) {
    ++place.column;
    if (c == '\n') place = {place.line + 1, 1};
  }
  return place;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Pair& pair : pairs) {
    if (pair.key.text == key) return &pair.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) {
  for (Pair& pair : pairs) {
    if (pair.key.text == key) return &pair.value;
  }
  return nullptr;
}

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNothing:
      return "nothing";
    case Node::Kind::kWord:
      return "'" + node.text + "'";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
  }
  return {};
}

std::string counted_items(const Node& node) {
  return described(node) + (node.is_list() ? " of " + std::to_string(node.items.size()) : "");
}

Node parse_yaml(std::string_view text, Problems& problems) {
  if (text.size() > kMaxBytes) {
    problems.add({}, "larger than 1 MiB; no scenario is");
    return {};
  }
  if (const std::size_t at = protocol::first_non_utf8(text); at != std::string_view::npos) {
    problems.add(place_at(text, at), "not UTF-8 from here on");
    return {};
  }
  Builder builder(problems);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) problems.add({1, 1}, "the file is empty");
    Problems ignored;
    Builder second(ignored);
    if (parser.HandleNextDocument(second)) {
      problems.add(second.take().place, "a second document; one scenario a file");
    }
  } catch (const YAML::Exception& e) {
    problems.add(place_of(e.mark), e.msg);
  }
  return builder.take();
}

}  // namespace pap::sim
