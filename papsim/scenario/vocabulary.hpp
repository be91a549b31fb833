// SPDX-License-Identifier: MIT
#pragma once

// The one table of the format: every section of a scenario file, every key in it, with its form,
// default, bounds and meaning; and every verb. Reading takes names, forms and defaults from here,
// the JSON Schema and the README's tables are written from here, so that none of them can say
// something else than the others.
//
// Closed lists of names (figures, excuses, marks, rules, canaries) stand in scenario/names.hpp.
// Threads: constants.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pap::sim {

// In a fleet, and in a collector's table.
inline constexpr std::int64_t kMostAgents = 10'000'000;

// How a value is written.
enum class Form : std::uint8_t {
  kInteger,         // 12
  kDuration,        // 70s
  kSignedDuration,  // -1h
  kDurationRange,   // 1h, or 1h..7d
  kMillis,          // 10000, or 10s
  kShare,           // 10%
  kDrift,           // -5%, 200ppm
  kCountOrShare,    // 10, or 10%
  kSeeds,           // 20, or 1..20
  kWord,            // one of Key::words
  kName,            // letters, digits, - and _; begins with a letter
  kText,
  kFlag,     // true; or the key alone, as a word in place of the map
  kLasting,  // a duration, at a moment; `true` where `during` or `lasts` says how long
  kBound,    // 2I + slack
  kTimes,    // 1, or 0..3
  kSet,      // the name of a group or a timeline entry, or a list of them
  kNames,    // a name out of a closed list, or a list of them
  kMap,      // a section of its own, Key::section
  kOwn,      // a form of its own; Key::about says which
};

struct Key {
  std::string_view name = {};
  Form form = Form::kText;
  std::string_view about = {};
  std::string_view fallback = {};  // the default, as it would be written; empty: none
  bool required = false;
  bool choice = false;  // of all keys of a section with this mark, exactly one is given
  // Of the number, in the form's own unit: milliseconds, parts per million. Both 0: no bounds.
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::string_view words = {};    // kWord: a|b|c
  std::string_view section = {};  // kMap
};

struct Section {
  std::string_view name;
  std::string_view about;
  std::span<const Key> keys;

  const Key* find(std::string_view key) const;
};

// Whom a verb is about.
enum class Subject : std::uint8_t { kAgents, kNet, kStation, kCollector };

struct Verb {
  std::string_view name;
  Subject subject;
  // What stands behind the verb: a section's name, or one value; neither: nothing.
  std::string_view section;
  const Key* value = nullptr;
  bool state = false;  // may be `during`
  std::string_view about;
};

std::span<const Section> sections();
const Section& section(std::string_view name);  // one that exists
std::span<const Verb> verbs();
const Verb* find_verb(std::string_view name);

// "a|b|c" cut up.
std::vector<std::string_view> words_of(std::string_view joined);
// How values of this form look, for messages: "a duration, like 70s, 500ms or 1h30m".
std::string_view looks_like(Form form);

}  // namespace pap::sim
