// SPDX-License-Identifier: MIT
// The timeline: when, whom, and (read_action.cpp) what.

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/map_reader.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

During read_during(const Node& node, Problems& problems) {
  if (!node.is_list() || node.items.size() != 2) {
    problems.add(node.place, "during must be [from, to], not " + counted_items(node));
    return {};
  }
  std::array<Millis, 2> ends{};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Node& item = node.items[i];
    const auto time = parse_duration(trimmed(item.text));
    if (item.is_word() && time) {
      ends[i] = *time;
    } else {
      problems.add(item.place, "during: " + described(item) + " is not " +
                                   std::string(looks_like(Form::kDuration)));
      return {};
    }
  }
  if (ends[0] >= ends[1]) {
    problems.add(node.place, "during must begin before it ends, not [" + to_word(ends[0]) + ", " +
                                 to_word(ends[1]) + "]");
  }
  return {ends[0], ends[1]};
}

Every read_every(const Node& node, const std::string& where, Problems& problems) {
  MapReader in(node, section("every"), where + ".every", problems);
  Every every{in.duration("each"), in.duration("from"), in.duration("to"), {}};
  if (in.given("lasts")) every.lasts = in.duration("lasts");
  if (every.from > every.to) {
    problems.add(in.place("to"), "every must begin before it ends, not from " +
                                     to_word(every.from) + " to " + to_word(every.to));
  }
  if (every.lasts && *every.lasts > every.each) {
    problems.add(in.place("lasts"), "lasts longer than each: " + to_word(*every.lasts) + " and " +
                                        to_word(every.each));
  }
  return every;
}

When read_when(MapReader& in, Problems& problems) {
  if (in.given("pace") && (in.given("every") || in.given("during"))) {
    problems.add(in.place("pace"), "pace goes with at alone");
  }
  if (in.chosen() == "every") return read_every(*in.find("every"), in.where(), problems);
  if (in.chosen() == "during") return read_during(*in.find("during"), problems);
  At at;
  at.time = in.duration("at");
  if (const Node* pace = in.find("pace")) at.pace = read_pace(*pace, in.where(), problems);
  return at;
}

Pick read_pick(MapReader& in) {
  Pick pick;
  const Value value = in.value("pick");
  if (value.is_share) {
    pick.share = static_cast<PartsPerMillion>(value.first);
  } else {
    pick.count = static_cast<std::uint32_t>(value.first);
  }
  pick.order = in.word<PickOrder>("order");
  return pick;
}

Who read_who(const Node& node, std::size_t entry, const std::string& where, const Resolver& names,
             Problems& problems) {
  Who who;
  const auto add = [&](const Node& name) {
    if (!name.is_word()) {
      problems.add(name.place, "who: " + std::string(looks_like(Form::kSet)) +
                                   " was expected, not " + described(name));
    } else if (const auto set = names.find(name, entry)) {
      who.sets.push_back(*set);
    }
  };
  if (node.is_list()) {
    if (node.items.empty()) problems.add(node.place, "who: the list is empty");
    for (const Node& item : node.items) add(item);
  } else if (node.is_map()) {
    MapReader in(node, section("who"), where + ".who", problems);
    const Node* group = in.find("group");
    if (group != nullptr && !in.text("group").empty()) {
      if (const auto index = names.group(*group)) {
        who.sets.push_back({AgentSet::Kind::kGroup, *index});
      }
    }
    who.pick = read_pick(in);
  } else if (trimmed(node.text) != kCollectorItself) {
    add(node);
  }
  return who;
}

// Whether the entry says whom it is about just when its verb asks for it.
void check_who(const Entry& entry, const Node* who, Place what, Problems& problems) {
  const std::string verb(verb_of(entry.action));
  const bool itself = who != nullptr && trimmed(who->text) == kCollectorItself;
  if (std::holds_alternative<CollectorFault>(entry.action)) {
    if (who != nullptr && !itself) {
      problems.add(who->place, "'" + verb + "' is about the collector alone; 'who' says nothing");
    }
  } else if (std::holds_alternative<StationFault>(entry.action)) {
    if (itself) problems.add(who->place, "'station' is about the Station, not the collector");
  } else if (who == nullptr) {
    problems.add(what,
                 "timeline." + entry.id + ": 'who' is missing; whom does '" + verb + "' meet?");
  } else if (itself && !std::holds_alternative<NetFault>(entry.action)) {
    problems.add(who->place, "'" + verb + "' is for agents, not for the collector");
  }
}

Entry read_entry(const Node& node, std::size_t index, const Resolver& names, Problems& problems) {
  Entry entry;
  entry.place = node.place;
  std::string where = "timeline[" + std::to_string(index + 1) + "]";
  if (const Node* id = node.find("id"); id != nullptr && id->is_word() && !id->text.empty()) {
    where = "timeline." + std::string(trimmed(id->text));
  }
  MapReader in(node, section("entry"), where, problems);
  if (!node.is_map()) return entry;
  entry.id = in.text("id");
  entry.when = read_when(in, problems);
  const Node* who = in.find("who");
  if (who != nullptr) entry.who = read_who(*who, index, where, names, problems);
  const Node* what = in.find("do");
  if (what == nullptr) return entry;
  const auto action = read_action(*what, where, problems);
  if (!action) return entry;
  entry.action = action->action;
  check_who(entry, who, what->place, problems);
  if (!action->lasts) return entry;
  if (auto* at = std::get_if<At>(&entry.when)) {
    at->lasts = action->lasts;
  } else if (auto* every = std::get_if<Every>(&entry.when); every != nullptr && !every->lasts) {
    every->lasts = action->lasts;
  } else {
    problems.add(what->place, where + " says twice how long it lasts");
  }
  return entry;
}

}  // namespace

Pace read_pace(const Node& node, const std::string& where, Problems& problems) {
  MapReader in(node, section("pace"), where + ".pace", problems);
  Pace pace{in.duration("over"), in.word<PaceKind>("by"), in.count("steps")};
  if (pace.by == PaceKind::kSteps && !in.given("steps")) {
    problems.add(in.place("by"), "by: steps wants to know how many: 'steps' is missing");
  }
  if (pace.by != PaceKind::kSteps && in.given("steps")) {
    problems.add(in.place("steps"), "steps goes with by: steps alone");
  }
  return pace;
}

std::vector<Entry> read_timeline(const Node& timeline, const Resolver& names, Problems& problems) {
  std::vector<Entry> out;
  if (!timeline.is_list()) {
    problems.add(timeline.place, "timeline must be a list of entries, not " + described(timeline));
    return out;
  }
  for (std::size_t i = 0; i < timeline.items.size(); ++i) {
    out.push_back(read_entry(timeline.items[i], i, names, problems));
  }
  return out;
}

}  // namespace pap::sim
