// SPDX-License-Identifier: MIT
#include "papsim/scenario/expand_parts.hpp"

#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/vocabulary.hpp"

namespace pap::sim {

void FlowMap::add(std::string_view key, std::string_view value) {
  if (!text_.empty()) text_ += ", ";
  text_.append(key).append(": ").append(value);
}

void FlowList::add(std::string_view value) {
  if (!text_.empty()) text_ += ", ";
  text_.append(value);
}

std::string quoted_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

std::string range_word(Millis from, Millis to) {
  return from == to ? to_word(from) : to_word(from) + ".." + to_word(to);
}

void add_pace(FlowMap& out, const Pace& pace) {
  out.add("over", to_word(pace.over));
  out.add("by", word_of("pace", "by", pace.by));
  if (pace.by == PaceKind::kSteps) out.add("steps", std::to_string(pace.steps));
}

std::string_view word_at(std::string_view section_name, std::string_view key, std::size_t index) {
  return words_of(section(section_name).find(key)->words)[index];
}

std::string set_text(const Scenario& scenario, const std::vector<AgentSet>& sets) {
  const auto name = [&](const AgentSet& set) -> const std::string& {
    return set.kind == AgentSet::Kind::kGroup ? scenario.fleet[set.index].name
                                              : scenario.timeline[set.index].id;
  };
  if (sets.size() == 1) return name(sets.front());
  FlowList out;
  for (const AgentSet& set : sets) out.add(name(set));
  return out.text();
}

}  // namespace pap::sim
