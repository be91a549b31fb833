// SPDX-License-Identifier: MIT
#pragma once

// The parts of writing a scenario out, and the few forms of YAML that it needs.
//
// Threads: values; pure functions.

#include <string>
#include <string_view>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

// {a: 1, b: 2}
class FlowMap {
 public:
  void add(std::string_view key, std::string_view value);
  bool empty() const { return text_.empty(); }
  std::string text() const { return '{' + text_ + '}'; }

 private:
  std::string text_;
};

// [a, b]
class FlowList {
 public:
  void add(std::string_view value);
  std::string text() const { return '[' + text_ + ']'; }

 private:
  std::string text_;
};

// In double quotes, whatever is in it.
std::string quoted_text(std::string_view text);
std::string range_word(Millis from, Millis to);
void add_pace(FlowMap& out, const Pace& pace);

// The word of an enum's value, from the words of its key.
std::string_view word_at(std::string_view section, std::string_view key, std::size_t index);
template <class Enum>
std::string_view word_of(std::string_view section, std::string_view key, Enum value) {
  return word_at(section, key, static_cast<std::size_t>(value));
}

std::string set_text(const Scenario& scenario, const std::vector<AgentSet>& sets);

void append_timeline(std::string& out, const Scenario& scenario);
void append_expect(std::string& out, const Scenario& scenario);

}  // namespace pap::sim
