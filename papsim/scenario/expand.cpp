// SPDX-License-Identifier: MIT
#include "papsim/scenario/expand.hpp"

#include "papsim/scenario/expand_parts.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/resolver.hpp"

namespace pap::sim {
namespace {

std::string seeds_word(const SeedRange& range) {
  return std::to_string(range.first) + ".." + std::to_string(range.last);
}

void append_head(std::string& out, const Scenario& scenario) {
  out += "papsim: 1\nname: " + scenario.name + "\nabout: " + quoted_text(scenario.about) + '\n';
  if (!scenario.fails.empty()) {
    FlowList rules;
    for (const Rule rule : scenario.fails) rules.add(to_string(rule));
    out += "fails: " + rules.text() + '\n';
  }
  if (scenario.sabotage) out += "sabotage: " + std::string(to_string(*scenario.sabotage)) + '\n';
  FlowMap seeds;
  seeds.add("ci", seeds_word(scenario.ci));
  seeds.add("nightly", seeds_word(scenario.nightly));
  FlowMap run;
  run.add("for", to_word(scenario.run_for));
  run.add("settle", to_word(scenario.settle));
  run.add("observers", std::to_string(scenario.observers));
  out += "seeds: " + seeds.text() + "\nrun: " + run.text() + '\n';
}

void append_collector(std::string& out, const CollectorConfig& config) {
  const auto line = [&out](std::string_view key, std::int64_t value) {
    out += "  " + std::string(key) + ": " + std::to_string(value) + '\n';
  };
  out += "collector:\n";
  line("zombie_check_interval_ms", config.zombie_check_interval.count());
  line("alert_queue_max_size", config.alert_queue_max_size);
  line("alert_queue_ttl_ms", config.alert_queue_ttl.count());
  line("agent_retention_ms", config.agent_retention.count());
  line("max_agents", config.max_agents);
  line("drain_ms", config.drain.count());
  line("shutdown_grace_ms", config.shutdown_grace.count());
  out += config.has_station ? "  station: set\n" : "  station: none\n";
  line("slice", config.slice);
}

std::string group_text(const Scenario& scenario, const Group& group) {
  FlowMap out;
  out.add("count", std::to_string(group.count));
  if (group.ids_of) {
    out.add("ids_of", scenario.fleet[*group.ids_of].name);
  } else {
    out.add("id", quoted_text(group.id));
  }
  FlowMap modes;
  for (const protocol::Mode mode : protocol::kModes) {
    const PartsPerMillion share = group.mode[index_of(mode)];
    if (share > 0) modes.add(to_string(mode), share_word(share));
  }
  out.add("mode", modes.text());
  out.add("jitter", share_word(group.jitter));
  out.add("phase", word_of("group", "phase", group.phase));
  FlowMap join;
  join.add("from", to_word(group.join_from));
  add_pace(join, group.join);
  out.add("join", join.text());
  out.add("uptime", range_word(group.uptime_from, group.uptime_to));
  out.add("retry", word_of("group", "retry", group.retry));
  return out.text();
}

void append_vary(std::string& out, const std::vector<Variation>& vary) {
  if (vary.empty()) return;
  out += "vary:\n";
  for (const Variation& variation : vary) {
    out += "  " + quoted_text(variation.path) + ": ";
    if (variation.choices.size() == 1 && variation.choices[0].find("..") != std::string::npos) {
      out += variation.choices[0] + '\n';
      continue;
    }
    FlowList choices;
    for (const std::string& choice : variation.choices) choices.add(quoted_text(choice));
    out += choices.text() + '\n';
  }
}

}  // namespace

std::string to_yaml(const Scenario& scenario) {
  std::string out;
  append_head(out, scenario);
  append_collector(out, scenario.collector);
  out += "fleet:\n";
  for (const Group& group : scenario.fleet) {
    out += "  " + group.name + ": " + group_text(scenario, group) + '\n';
  }
  append_timeline(out, scenario);
  append_vary(out, scenario.vary);
  append_expect(out, scenario);
  return out;
}

}  // namespace pap::sim
