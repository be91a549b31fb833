// SPDX-License-Identifier: MIT
#include "papctl/completion/words.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace pap::ctl {
namespace {

// An option as it was typed: --name, --name=value, -n, -nvalue.
struct Typed {
  const CLI::Option* option = nullptr;
  bool has_value = false;
  std::size_t value_at = 0;
};

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

bool is_positional(const CLI::Option& option) { return option.get_positional(); }

std::vector<const CLI::App*> subcommands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// Those of the command, and of what it is a part of where its options may come later.
std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  std::vector<const CLI::Option*> out;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      const bool shadowed = std::any_of(out.begin(), out.end(), [option](const auto* known) {
        return known->get_name() == option->get_name();
      });
      if (!is_positional(*option) && !shadowed) out.push_back(option);
    }
    if (!at->get_fallthrough()) break;
  }
  return out;
}

Typed typed_option(const CLI::App& app, const std::string& word) {
  if (word.size() < 2 || word.front() != '-') return {};
  const bool is_long = word.starts_with("--");
  const std::size_t equals = word.find('=');
  for (const CLI::Option* option : options_of(app)) {
    if (is_long) {
      if (!option->check_lname(word.substr(2, equals == std::string::npos ? equals : equals - 2))) {
        continue;
      }
      if (equals == std::string::npos) return {option, false, 0};
      return {option, true, equals + 1};
    }
    if (!option->check_sname(word.substr(1, 1))) continue;
    return {option, word.size() > 2 && takes_value(*option), 2};
  }
  return {};
}

// "{a,b,c}" in "FORMAT:{a,b,c}": CLI::IsMember writes its words there.
std::vector<std::string> words_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string name = type.substr(0, type.find(':'));
  if (name == "MODE") return {"EMERGENCY", "IDLE", "SLEEP"};
  if (name == "CONDITION") {
    return {"healthy", "unhealthy", "gone", "mode=EMERGENCY", "mode=IDLE", "mode=SLEEP"};
  }
  const std::size_t begin = type.find('{');
  const std::size_t end = type.rfind('}');
  std::vector<std::string> words;
  if (begin == std::string::npos || end == std::string::npos) return words;
  for (std::size_t at = begin + 1; at < end;) {
    const std::size_t comma = std::min(type.find(',', at), end);
    words.push_back(type.substr(at, comma - at));
    at = comma + 1;
  }
  return words;
}

Completion::More more_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type == "FILE") return Completion::More::kFiles;
  if (type == "CONTEXT" || option.get_name() == "CONTEXT") return Completion::More::kContexts;
  return option.get_name() == "ID" ? Completion::More::kAgents : Completion::More::kNothing;
}

void complete_value(const CLI::Option& option, const std::string& word, std::size_t at,
                    Completion& out) {
  out.before = word.substr(0, at);
  out.typed = word.substr(at);
  out.more = more_of(option);
  for (const std::string& each : words_of(option)) {
    if (each.starts_with(out.typed)) out.candidates.push_back({out.before + each, {}});
  }
}

void complete_option(const CLI::App& app, const std::string& word,
                     const std::set<const CLI::Option*>& given, Completion& out) {
  const auto add = [&](const std::string& text, const CLI::Option& option) {
    if (text.starts_with(word)) out.candidates.push_back({text, option.get_description()});
  };
  for (const CLI::Option* option : options_of(app)) {
    if (given.contains(option) && option->get_items_expected_max() <= 1) continue;
    for (const std::string& name : option->get_lnames()) add("--" + name, *option);
    // A letter has no place in a list of long names, unless it is what was begun.
    if (word.size() == 2 && !word.ends_with('-')) {
      for (const std::string& name : option->get_snames()) add("-" + name, *option);
    }
  }
}

// The positional at this place; the last one may take any number.
const CLI::Option* positional_at(const CLI::App& app, std::size_t place) {
  for (const CLI::Option* option : app.get_options()) {
    if (!is_positional(*option)) continue;
    const auto room = static_cast<std::size_t>(option->get_items_expected_max());
    if (place < room) return option;
    place -= room;
  }
  return nullptr;
}

}  // namespace

Completion complete(const CLI::App& root, const std::vector<std::string>& words) {
  Completion out;
  if (words.empty()) return out;
  const std::string& last = words.back();
  const CLI::App* app = &root;
  const CLI::Option* waiting = nullptr;  // for its value
  std::set<const CLI::Option*> given;
  std::size_t positionals = 0;
  bool only_positionals = false;

  const auto keep_global = [&](const CLI::Option* option, const std::string& word) {
    const auto globals = root.get_options();
    if (std::find(globals.begin(), globals.end(), option) != globals.end()) {
      out.globals.push_back(word);
    }
  };
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (waiting != nullptr) {
      keep_global(waiting, word);
      waiting = nullptr;
    } else if (only_positionals) {
      ++positionals;
    } else if (word == "--") {
      only_positionals = true;
    } else if (const Typed typed = typed_option(*app, word); typed.option != nullptr) {
      given.insert(typed.option);
      keep_global(typed.option, word);
      if (!typed.has_value && takes_value(*typed.option)) waiting = typed.option;
    } else if (!word.starts_with('-')) {
      const auto subs = subcommands_of(*app);
      const auto found = std::find_if(subs.begin(), subs.end(),
                                      [&](const CLI::App* sub) { return sub->get_name() == word; });
      if (found != subs.end()) {
        app = *found;
      } else {
        ++positionals;
      }
    }
  }

  if (waiting != nullptr) {
    complete_value(*waiting, last, 0, out);
  } else if (!only_positionals && last.starts_with('-')) {
    const Typed typed = typed_option(*app, last);
    if (typed.option != nullptr && typed.has_value) {
      complete_value(*typed.option, last, typed.value_at, out);
    } else {
      complete_option(*app, last, given, out);
    }
  } else if (const auto subs = subcommands_of(*app); !subs.empty()) {
    for (const CLI::App* sub : subs) {
      if (positionals == 0 && sub->get_name().starts_with(last)) {
        out.candidates.push_back({sub->get_name(), sub->get_description()});
      }
    }
  } else if (const CLI::Option* positional = positional_at(*app, positionals)) {
    complete_value(*positional, last, 0, out);
  }
  return out;
}

}  // namespace pap::ctl
