// SPDX-License-Identifier: MIT
#include "papsim/capacity/measured_json.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "papsim/live/local_process.hpp"
#include "papsim/live/machine.hpp"
#include "papsim/report/report.hpp"

namespace pap::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kMiB = 1024.0 * 1024;

__attribute__((format(printf, 1, 2))) std::string line(const char* form, ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, form);
  std::vsnprintf(text, sizeof text, form, arguments);
  va_end(arguments);
  return text;
}

double ms(const Json& micros) { return micros.get<double>() / 1000; }

std::string times_line(const char* name, const Json& times) {
  return line("%-9s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f\n", name, ms(times["p50"]),
              ms(times["p90"]), ms(times["p99"]), ms(times["p999"]), ms(times["p9999"]),
              ms(times["max"]));
}

std::string_view word(TrialOutcome outcome) {
  switch (outcome) {
    case TrialOutcome::kHeld:
      return "held";
    case TrialOutcome::kFailed:
      return "failed";
    case TrialOutcome::kInvalid:
      return "invalid";
  }
  return "";
}

double tenths(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 10 + 0.5)) / 10;
}

Json to_json(const PhasedTrial& trial) {
  const TrialResult& result = trial.result;
  Json json{{"phase", to_string(trial.phase)}};
  if (trial.phase == Phase::kIncident) json["name"] = to_string(result.wish.incident);
  json["agents"] = result.wish.agents;
  json["rate"] = tenths(result.rate);
  json["outcome"] = word(result.outcome);
  if (!result.why.empty()) json["why"] = result.why;
  if (result.rate == 0) return json;
  json["answer_us"] = sim::to_json(result.answer_us);
  json["send_lag_us"] = sim::to_json(result.lag_us);
  if (result.cpu_percent) json["cpu_percent_of_quota"] = tenths(*result.cpu_percent);
  if (result.resident_bytes) json["resident_bytes"] = *result.resident_bytes;
  if (result.grew_bytes) json["resident_grew_bytes"] = *result.grew_bytes;
  if (result.cpu_us_per_beat) json["cpu_us_per_beat"] = tenths(*result.cpu_us_per_beat);
  json["generator_cpu_us_per_beat"] = tenths(result.own_cpu_us_per_beat);
  if (trial.phase != Phase::kGenerator) {
    json["canaries"] = result.canaries;
    // A canary that was not told of in time is a broken rule.
    if (result.outcome == TrialOutcome::kHeld) json["canaries_found"] = result.canaries;
  }
  return json;
}

// Calm trials with a collector, of which what an agent costs can be told.
std::vector<const TrialResult*> calm_and_measured(const CapacityFound& found) {
  std::vector<const TrialResult*> trials;
  for (const PhasedTrial& each : found.trials) {
    const bool calm = each.phase == Phase::kSearch || each.phase == Phase::kConfirmation;
    if (calm && each.result.outcome == TrialOutcome::kHeld && each.result.resident_bytes) {
      trials.push_back(&each.result);
    }
  }
  return trials;
}

void add_costs(const CapacityFound& found, Json& json) {
  const auto trials = calm_and_measured(found);
  if (trials.empty()) return;
  const auto by_agents = [](const TrialResult* a, const TrialResult* b) {
    return a->wish.agents < b->wish.agents;
  };
  const auto [least, most] = std::minmax_element(trials.begin(), trials.end(), by_agents);
  const auto agents = static_cast<double>((*most)->wish.agents) - (*least)->wish.agents;
  if (agents > 0) {
    // What the process needs for itself is in both.
    const auto bytes = static_cast<double>(*(*most)->resident_bytes) -
                       static_cast<double>(*(*least)->resident_bytes);
    json["bytes_per_agent"] = tenths(bytes / agents);
  }
  if ((*most)->cpu_us_per_beat) json["cpu_us_per_beat"] = tenths(*(*most)->cpu_us_per_beat);
}

// FNV-1a, 64 bits: the same story has the same everywhere.
std::string hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return line("%016llx", static_cast<unsigned long long>(hash));
}

}  // namespace

Json load_to_json(const LoadRun& load, const SeedResult& result,
                  const std::vector<Gauge::Second>& seconds) {
  Json json{{"papsim_measured", 1},
            {"kind", "load"},
            {"target", load.target},
            {"agents", load.agents},
            {"mode_mix", load.mix},
            {"connections", load.connections},
            {"verdict", to_string(result.verdict)},
            {"checks", Json::array()},
            {"machine", machine_facts()}};
  for (const Check& check : result.checks) {
    if (check.verdict != Verdict::kPassed) json["checks"].push_back(sim::to_json(check));
  }
  if (result.live) json["live"] = sim::to_json(*result.live);
  json["seconds"] = Json::array();
  for (const Gauge::Second& second : seconds) {
    Json row{{"at_ms", second.at},
             {"planned", second.planned},
             {"accepted", second.accepted},
             {"failed", second.failed},
             {"answer_p50_us", second.answer_us.p50},
             {"answer_p99_us", second.answer_us.p99}};
    if (second.use) {
      row["collector_resident_bytes"] = second.use->resident_bytes;
      row["collector_cpu_ms"] = second.use->cpu.count();
    }
    json["seconds"].push_back(std::move(row));
  }
  return json;
}

std::string load_to_text(const Json& load) {
  std::string text;
  if (const auto live = load.find("live"); live != load.end()) {
    text += line("planned %llu, sent %llu, answered well %llu\n",
                 (*live)["planned"].get<unsigned long long>(),
                 (*live)["sent"].get<unsigned long long>(),
                 (*live)["accepted"].get<unsigned long long>());
    for (const auto& [name, count] : (*live)["ends"].items()) {
      if (name != "answered") text += "  " + name + ": " + count.dump() + '\n';
    }
    for (const auto& [status, count] : (*live)["statuses"].items()) {
      if (status != "200") text += "  status " + status + ": " + count.dump() + '\n';
    }
    text += line("\n%-9s %9s %9s %9s %9s %9s %9s\n", "ms", "p50", "p90", "p99", "p99.9", "p99.99",
                 "max");
    text += times_line("answer", (*live)["answer_us"]);      // from the planned moment
    text += times_line("exchange", (*live)["exchange_us"]);  // from the sending
    text += times_line("own lag", (*live)["send_lag_us"]);
    const auto& seconds = load["seconds"];
    std::uint64_t accepted = 0;
    for (std::size_t i = 1; i < seconds.size(); ++i)
      accepted += seconds[i]["accepted"].get<std::uint64_t>();
    if (accepted > 0 && seconds.front().contains("collector_cpu_ms") &&
        seconds.back().contains("collector_cpu_ms")) {
      const double cpu = seconds.back()["collector_cpu_ms"].get<double>() -
                         seconds.front()["collector_cpu_ms"].get<double>();
      text += line("\ncollector: %.1f MiB, ",
                   seconds.back()["collector_resident_bytes"].get<double>() / kMiB);
      text +=
          cpu < kLeastCpuToShare.count()
              ? std::string{"too little CPU to say how much a heartbeat takes\n"}
              : line("%.1f us of CPU a heartbeat\n", cpu * 1000 / static_cast<double>(accepted));
    }
  }
  for (const Json& check : load["checks"]) {
    const auto part = [&](const char* name) { return check[name].get<std::string>(); };
    text += part("verdict") + "  " + part("rule") + ": " + part("what") + "\n        value " +
            part("value") + ", bound " + part("bound") + '\n';
  }
  return text;
}

Json capacity_to_json(const CapacityAsked& asked, const CapacityWish& wish,
                      const CapacityFound& found) {
  TrialWish thousand;
  thousand.agents = 1'000;
  thousand.mix = wish.mix;
  thousand.quick = wish.quick;
  Json json{{"papsim_measured", 1},
            {"kind", "capacity"},
            {"quick", wish.quick},
            {"whole", found.whole},
            {"target", asked.target},
            {"agents", found.agents},
            {"heartbeats_per_second", tenths(found.beats_a_second)},
            {"mode_mix", asked.mix},
            {"connections", asked.connections},
            {"bracket", {{"held", found.held}}},
            {"limited_by", found.limited_by},
            {"bounds", {{"answer_p99_us", kMostAnswerP99Us}, {"cpu_percent", kMostCpuPercent}}},
            {"quota",
             {{"cpu_millicores", asked.limits.cpu_millicores},
              {"memory_bytes", asked.limits.memory_bytes},
              {"by", asked.kept_by}}},
            {"machine", machine_facts()},
            {"collector", asked.collector},
            {"story_hash", hash_of(story_of(thousand).text)},
            {"generator",
             {{"ceiling_per_second", tenths(found.generator.ceiling_per_second)},
              {"cpu_us_per_beat", tenths(found.generator.cpu_us_per_beat)}}}};
  if (found.failed) json["bracket"]["failed"] = *found.failed;
  add_costs(found, json);
  json["trials"] = Json::array();
  for (const PhasedTrial& trial : found.trials) json["trials"].push_back(to_json(trial));
  json["incidents"] = Json::array();
  json["not_tested"] = Json::array();
  for (const IncidentFound& each : found.incidents) {
    Json incident{{"name", to_string(each.incident)}};
    if (each.not_tested.empty()) {
      incident["agents"] = each.agents;
      if (each.by_generator) incident["limited_by_generator"] = true;
    } else {
      incident["not_tested"] = each.not_tested;
    }
    json["incidents"].push_back(std::move(incident));
  }
  for (const std::string& what : found.not_tested) json["not_tested"].push_back(what);
  json["not_tested"].push_back("a network between agents and collector: both are on one machine");
  json["not_tested"].push_back("a neighbour that takes the machine's CPU");
  json["not_tested"].push_back("observers and people who ask while it happens");
  json["not_tested"].push_back("days: memory was looked at for minutes");
  return json;
}

std::string capacity_to_text(const Json& capacity) {
  std::string text =
      line("%u agents, %.0f heartbeats a second%s\n", capacity["agents"].get<unsigned>(),
           capacity["heartbeats_per_second"].get<double>(),
           capacity["quick"].get<bool>() ? " (rough: --quick)" : "");
  if (!capacity["whole"].get<bool>()) text += "stopped before its end\n";
  if (const std::string by = capacity["limited_by"]; !by.empty()) text += "limited by " + by + '\n';
  text += line("\n  %-24s %9u agents\n", "calm", capacity["bracket"]["held"].get<unsigned>());
  for (const Json& incident : capacity["incidents"]) {
    const std::string name = incident["name"];
    if (incident.contains("agents")) {
      text += line("  %-24s %9u agents\n", name.c_str(), incident["agents"].get<unsigned>());
    } else {
      text += line("  %-24s not tested: %s\n", name.c_str(),
                   incident["not_tested"].get<std::string>().c_str());
    }
  }
  text += line("\n%-13s %9s %8s %8s %8s %8s %8s %6s %8s  %s\n", "trial", "agents", "beats/s",
               "p50 ms", "p99 ms", "p99.9 ms", "own p99", "CPU %", "MiB", "outcome");
  for (const Json& trial : capacity["trials"]) {
    const std::string phase = trial["phase"];
    const std::string outcome = trial["outcome"];
    const std::string name = trial.value("name", "");
    text += line("%-13s %9u %8.0f", phase.c_str(), trial["agents"].get<unsigned>(),
                 trial["rate"].get<double>());
    if (trial.contains("answer_us")) {
      text += line(" %8.2f %8.2f %8.2f %8.2f", ms(trial["answer_us"]["p50"]),
                   ms(trial["answer_us"]["p99"]), ms(trial["answer_us"]["p999"]),
                   ms(trial["send_lag_us"]["p99"]));
    } else {
      text += line(" %8s %8s %8s %8s", "", "", "", "");
    }
    text += trial.contains("cpu_percent_of_quota")
                ? line(" %6.1f", trial["cpu_percent_of_quota"].get<double>())
                : line(" %6s", "");
    text += trial.contains("resident_bytes")
                ? line(" %8.1f", trial["resident_bytes"].get<double>() / kMiB)
                : line(" %8s", "");
    text += "  " + outcome + (name.empty() ? "" : " (" + name + ')');
    if (trial.contains("why")) text += ": " + trial["why"].get<std::string>();
    text += '\n';
  }
  text += line("\ngenerator: on time up to %.0f heartbeats a second, %.1f us of CPU each\n",
               capacity["generator"]["ceiling_per_second"].get<double>(),
               capacity["generator"]["cpu_us_per_beat"].get<double>());
  if (capacity.contains("cpu_us_per_beat")) {
    text +=
        line("collector: %.1f us of CPU a heartbeat", capacity["cpu_us_per_beat"].get<double>());
    if (capacity.contains("bytes_per_agent")) {
      text += line(", %.0f bytes an agent", capacity["bytes_per_agent"].get<double>());
    }
    text += '\n';
  }
  text += "not tested:\n";
  for (const Json& what : capacity["not_tested"]) text += "  " + what.get<std::string>() + '\n';
  return text;
}

}  // namespace pap::sim
