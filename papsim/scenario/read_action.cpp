// SPDX-License-Identifier: MIT
// What an entry does: a verb alone, or a map from one verb to its parameters.

#include <algorithm>

#include "papsim/scenario/map_reader.hpp"
#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

// `station: down` is short for `station: {down: true}`, and `do: restart` for `do: {restart: {}}`.
Node as_map(const Node& node, std::string_view section_name, std::string_view where,
            Problems& problems) {
  if (node.is_map()) return node;
  Node out;
  out.kind = Node::Kind::kMap;
  out.place = node.place;
  // Where something is missing, that is what will be said.
  const auto keys = section(section_name).keys;
  const bool wants_something = std::any_of(
      keys.begin(), keys.end(), [](const Key& key) { return key.required || key.choice; });
  if (node.kind == Node::Kind::kNothing && wants_something) return out;
  if (!node.is_word()) {
    problems.add(node.place,
                 std::string(where) + " must be a word or a map, not " + described(node));
    return out;
  }
  Node key = node;
  Node value = node;
  value.text = "true";
  // What wants more than the bare word says so itself when it is read.
  const Key* known = section(section_name).find(trimmed(node.text));
  if (known != nullptr && known->form == Form::kMap) {
    value.kind = Node::Kind::kMap;
  } else if (known != nullptr && known->form != Form::kFlag && known->form != Form::kLasting) {
    value.kind = Node::Kind::kNothing;
  }
  key.text = std::string(trimmed(node.text));
  out.pairs.push_back({std::move(key), std::move(value)});
  return out;
}

struct Context {
  const std::string& where;
  Problems& problems;
};

ReadAction read_restart(const Node& node, Context c) {
  MapReader in(node, section("restart"), c.where + ".restart", c.problems);
  return {RestartAgent{in.duration("down"), in.number("identity") == 1}, {}};
}

ReadAction read_swizzle(const Node& node, Context c) {
  MapReader in(node, section("swizzle"), c.where + ".swizzle", c.problems);
  return {Swizzle{in.duration("over")}, {}};
}

ReadAction read_agent_clock(const Node& node, Context c) {
  MapReader in(node, section("clock"), c.where + ".clock", c.problems);
  AgentClock clock;
  if (in.chosen() == "step") {
    clock.step_ms = in.number("step");
  } else if (in.chosen() == "drift") {
    clock.kind = AgentClock::Kind::kDrift;
    clock.drift_ppm = in.number("drift");
  } else if (in.chosen() == "freeze") {
    clock.kind = AgentClock::Kind::kFreeze;
    in.value("freeze");
  }
  return {clock, {}};
}

ReadAction read_net(const Node& node, Context c) {
  const std::size_t problems_before = c.problems.size();
  MapReader in(node, section("net"), c.where + ".net", c.problems);
  NetFault net;
  net.link = in.word<Link>("link");
  net.loss = in.share("loss");
  const Value delay = in.value("delay");
  net.delay_from = Millis{delay.first};
  net.delay_to = Millis{delay.last};
  net.duplicate = in.share("duplicate");
  net.reorder = in.share("reorder");
  net.cut = in.word<Cut>("cut");
  if (net.loss == 0 && net.delay_to == Millis{0} && net.duplicate == 0 && net.reorder == 0 &&
      net.cut == Cut::kNone && c.problems.size() == problems_before) {
    c.problems.add(node.place,
                   c.where + ": net without loss, delay, duplicate, reorder or cut does nothing");
  }
  return {net, {}};
}

ReadAction read_station(const Node& node, Context c) {
  using Kind = StationFault::Kind;
  MapReader in(node, section("station"), c.where + ".station", c.problems);
  StationFault fault;
  const auto of = [&](std::string_view key) { return in.chosen() == key; };
  if (of("down") || of("reset") || of("hang") || of("garbage")) {
    fault.kind = of("down")    ? Kind::kDown
                 : of("reset") ? Kind::kReset
                 : of("hang")  ? Kind::kHang
                               : Kind::kGarbage;
    in.value(in.chosen());
  } else if (of("status")) {
    fault.kind = Kind::kStatus;
    fault.status = static_cast<std::uint16_t>(in.number("status"));
  } else if (of("slow")) {
    fault.kind = Kind::kSlow;
    fault.delay = in.duration("slow");
  } else if (of("limit")) {
    fault.kind = Kind::kLimit;
    fault.per_second = in.count("limit");
  } else if (of("ids")) {
    fault.kind = Kind::kIds;
    fault.uuid_only = in.number("ids") == 1;
  }
  if (in.given("retry_after")) {
    fault.retry_after = in.duration("retry_after");
    if (fault.retry_after->count() % 1000 != 0) {
      c.problems.add(in.place("retry_after"), "retry_after goes over the wire in whole seconds");
    }
    if (fault.kind != Kind::kStatus && fault.kind != Kind::kLimit) {
      c.problems.add(in.place("retry_after"), "retry_after goes with status or limit alone");
    }
  }
  fault.share = in.share("share");
  if (in.given("share") && (fault.kind == Kind::kLimit || fault.kind == Kind::kIds)) {
    c.problems.add(in.place("share"), "share does not go with limit or ids");
  }
  return {fault, {}};
}

void read_collector_clock(CollectorFault& fault, const Node& node, Context c) {
  using Kind = CollectorFault::Kind;
  MapReader clocks(node, section("collector_clock"), c.where + ".clock", c.problems);
  if (clocks.chosen().empty()) return;
  const bool wall = clocks.chosen() == "wall";
  const std::string where = c.where + ".clock." + std::string(clocks.chosen());
  const Node which =
      as_map(*clocks.find(clocks.chosen()), wall ? "clock" : "monotonic", where, c.problems);
  MapReader in(which, section(wall ? "clock" : "monotonic"), where, c.problems);
  if (in.chosen() == "step") {
    fault.kind = wall ? Kind::kWallStep : Kind::kMonotonicStep;
    fault.step_ms = in.number("step");
  } else if (in.chosen() == "drift") {
    fault.kind = wall ? Kind::kWallDrift : Kind::kMonotonicDrift;
    fault.drift_ppm = in.number("drift");
  } else if (in.chosen() == "freeze") {
    fault.kind = Kind::kWallFreeze;
    in.value("freeze");
  }
}

ReadAction read_collector(const Node& node, Context c) {
  using Kind = CollectorFault::Kind;
  const std::string where = c.where + ".collector";
  MapReader in(node, section("collector_fault"), where, c.problems);
  ReadAction out{CollectorFault{}, {}};
  auto& fault = std::get<CollectorFault>(out.action);
  if (in.chosen() == "pause" || in.chosen() == "suspend" || in.chosen() == "deaf") {
    fault.kind = in.chosen() == "pause"  ? Kind::kPause
                 : in.chosen() == "deaf" ? Kind::kDeaf
                                         : Kind::kSuspend;
    const Value lasts = in.value(in.chosen());
    if (!lasts.is_flag) out.lasts = Millis{lasts.first};
  } else if (in.chosen() == "restart") {
    fault.kind = Kind::kRestart;
    const Node restart =
        as_map(*in.find("restart"), "collector_restart", where + ".restart", c.problems);
    MapReader how(restart, section("collector_restart"), where + ".restart", c.problems);
    fault.down = how.duration("down");
    fault.kill = how.number("how") == 1;
  } else if (in.chosen() == "starve") {
    fault.kind = Kind::kStarve;
    fault.starve = in.share("starve");
  } else if (in.chosen() == "clock") {
    read_collector_clock(fault, *in.find("clock"), {where, c.problems});
  }
  return out;
}

// A verb with one value: `freeze: 30s`, `mode: SLEEP`.
ReadAction read_one_value(const Verb& verb, const Node& node, Context c) {
  Value value;
  if (!node.is_word()) {
    c.problems.add(node.place, "'" + std::string(verb.name) + "' wants " +
                                   std::string(looks_like(verb.value->form)) + ", not " +
                                   described(node));
  } else if (std::string error = parse_value(*verb.value, trimmed(node.text), value);
             !error.empty()) {
    c.problems.add(node.place, std::move(error));
  }
  if (verb.name == "freeze") return {Freeze{Millis{value.first}}, {}};
  return {SetMode{static_cast<protocol::Mode>(value.first)}, {}};
}

ReadAction read_verb(const Verb& verb, const Node& node, Context c) {
  if (verb.value != nullptr) return read_one_value(verb, node, c);
  if (verb.section.empty()) {
    if (node.kind == Node::Kind::kNothing) {
      c.problems.add(node.place,
                     "'" + std::string(verb.name) +
                         "' has nothing behind it; write do: " + std::string(verb.name));
    } else if (trimmed(node.text) != "true") {
      c.problems.add(node.place, "'" + std::string(verb.name) + "' has no parameters");
    }
    if (verb.name == "die") return {Die{}, {}};
    if (verb.name == "revive") return {Revive{}, {}};
    return {Leave{}, {}};
  }
  const Node map = as_map(node, verb.section, c.where + "." + std::string(verb.name), c.problems);
  if (verb.name == "restart") return read_restart(map, c);
  if (verb.name == "swizzle") return read_swizzle(map, c);
  if (verb.name == "clock") return read_agent_clock(map, c);
  if (verb.name == "net") return read_net(map, c);
  if (verb.name == "station") return read_station(map, c);
  return read_collector(map, c);
}

std::string suggest_verb(std::string_view wrong) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  return suggestion(wrong, names);
}

}  // namespace

std::optional<ReadAction> read_action(const Node& what, const std::string& where,
                                      Problems& problems) {
  Node name = what;
  Node parameters;
  parameters.place = what.place;
  if (what.is_map()) {
    if (what.pairs.empty()) {
      problems.add(what.place, where + ".do: a verb is missing" + suggest_verb({}));
      return std::nullopt;
    }
    for (std::size_t i = 1; i < what.pairs.size(); ++i) {
      problems.add(what.pairs[i].key.place, where + ".do: one verb an entry; '" +
                                                what.pairs[i].key.text +
                                                "' wants an entry of its own");
    }
    name = what.pairs.front().key;
    parameters = what.pairs.front().value;
  } else if (!what.is_word()) {
    problems.add(what.place,
                 where + ".do must be a verb or a map from one, not " + described(what));
    return std::nullopt;
  }
  const Verb* verb = find_verb(trimmed(name.text));
  if (verb == nullptr) {
    problems.add(name.place,
                 "there is no verb '" + name.text + "'" + suggest_verb(trimmed(name.text)));
    return std::nullopt;
  }
  // The verb alone.
  if (what.is_word() && verb->value == nullptr) {
    parameters.kind = verb->section.empty() ? Node::Kind::kWord : Node::Kind::kMap;
    parameters.text = "true";
  }
  return read_verb(*verb, parameters, {where, problems});
}

}  // namespace pap::sim
