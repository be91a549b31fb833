// SPDX-License-Identifier: MIT
// The whole file: its head, and in what order its parts are read.

#include "papsim/scenario/map_reader.hpp"
#include "papsim/scenario/name_lookup.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

SeedRange range_of(const Value& value) {
  return {static_cast<std::uint64_t>(value.first), static_cast<std::uint64_t>(value.last)};
}

void read_seeds(Scenario& scenario, const Node& node, Problems& problems) {
  MapReader in(node, section("seeds"), "seeds", problems);
  scenario.ci = range_of(in.value("ci"));
  scenario.nightly = range_of(in.value("nightly"));
}

void read_run(Scenario& scenario, const Node& node, Problems& problems) {
  MapReader in(node, section("run"), "run", problems);
  scenario.run_for = in.duration("for");
  scenario.settle = in.duration("settle");
  scenario.observers = in.count("observers");
}

void read_collector(Scenario& scenario, const Node& node, Problems& problems) {
  MapReader in(node, section("collector"), "collector", problems);
  CollectorConfig& config = scenario.collector;
  config.zombie_check_interval = in.duration("zombie_check_interval_ms");
  config.alert_queue_max_size = in.count("alert_queue_max_size");
  config.alert_queue_ttl = in.duration("alert_queue_ttl_ms");
  config.agent_retention = in.duration("agent_retention_ms");
  if (config.agent_retention != Millis{0} && config.agent_retention < Millis{1'000}) {
    problems.add(in.place("agent_retention_ms"),
                 "agent_retention_ms must be 0 (never) or at least 1000");
  }
  config.max_agents = in.count("max_agents");
  config.drain = in.duration("drain_ms");
  config.shutdown_grace = in.duration("shutdown_grace_ms");
  config.has_station = in.number("station") == 0;
  config.slice = in.count("slice");
}

void read_canary(Scenario& scenario, MapReader& in, Problems& problems) {
  for (const Node* name : in.names("fails")) {
    const RuleName* rule = find_name(kRules, *name, "rule", problems);
    if (rule != nullptr) scenario.fails.push_back(rule->rule);
  }
  const auto sabotages = in.names("sabotage");
  if (sabotages.size() > 1) {
    problems.add(sabotages[1]->place, "one sabotage at a time, or nobody knows which was caught");
  }
  if (!sabotages.empty()) {
    const SabotageName* name = find_name(kSabotages, *sabotages[0], "canary", problems);
    if (name != nullptr) scenario.sabotage = name->sabotage;
    if (scenario.fails.empty() && !in.given("fails")) {
      problems.add(sabotages[0]->place,
                   "sabotage wants to know what must catch it: 'fails' is missing");
    }
  }
}

std::vector<Variation> read_vary(const Node& node, Problems& problems) {
  std::vector<Variation> out;
  if (!node.is_map()) {
    problems.add(node.place, "vary must be a map from paths to ranges, not " + described(node));
    return out;
  }
  if (node.pairs.empty()) problems.add(node.place, "vary names no path");
  for (const Node::Pair& pair : node.pairs) {
    Variation variation{pair.key.place, pair.key.text, {}};
    if (pair.value.is_word()) {
      variation.choices.emplace_back(trimmed(pair.value.text));
    } else {
      for (const Node& item : pair.value.items) variation.choices.emplace_back(trimmed(item.text));
    }
    out.push_back(std::move(variation));
  }
  return out;
}

}  // namespace

Scenario read_scenario(const Node& document, Problems& problems) {
  Scenario scenario;
  MapReader in(document, section("scenario"), "the scenario", problems);
  if (!document.is_map()) return scenario;
  in.value("papsim");
  scenario.name = in.text("name");
  scenario.about = in.text("about");
  read_canary(scenario, in, problems);
  Node empty;
  empty.kind = Node::Kind::kMap;
  const auto part = [&](std::string_view key) -> const Node& {
    const Node* node = in.find(key);
    return node != nullptr ? *node : empty;
  };
  read_seeds(scenario, part("seeds"), problems);
  if (in.given("run")) read_run(scenario, part("run"), problems);
  read_collector(scenario, part("collector"), problems);
  const bool head_is_good = problems.empty();
  const Resolver names(document, problems);
  if (in.given("fleet")) scenario.fleet = read_fleet(part("fleet"), names, problems);
  const bool fleet_is_good = problems.empty();
  if (in.given("timeline")) scenario.timeline = read_timeline(part("timeline"), names, problems);
  const bool timeline_is_good = problems.empty();
  if (in.given("vary")) scenario.vary = read_vary(part("vary"), problems);
  if (in.given("expect")) scenario.expect = read_expect(part("expect"), names, problems);
  // What rests on a part that could not be read would only be told wrong.
  const bool all_is_good = problems.empty();
  if (head_is_good && fleet_is_good) check_fleet(scenario, problems);
  if (timeline_is_good) check_timeline(scenario, problems);
  if (all_is_good) check_expect(scenario, problems);
  return scenario;
}

}  // namespace pap::sim
