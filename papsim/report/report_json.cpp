// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "papsim/report/recording_json.hpp"
#include "papsim/report/report.hpp"
#include "papsim/report/shell_word.hpp"

namespace pap::sim {

namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

// A file's name may be any bytes; JSON and XML hold UTF-8 alone.
std::string as_utf8(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

Json to_json(const Story& story) {
  Json json = Json::object();
  if (!story.agent.empty()) json["agent"] = story.agent;
  json["events"] = Json::array();
  for (const Story::Event& event : story.events) {
    Json line{{"at_ms", event.at}};
    if (event.place.line > 0) line["line"] = event.place.line;
    line["what"] = event.what;
    json["events"].push_back(std::move(line));
  }
  return json;
}

Json to_json(const RunOutcome& outcome) {
  Json json{{"whole", outcome.whole}, {"alerts", Json::array()}, {"deaths", Json::array()}};
  for (const RunOutcome::Alert& alert : outcome.alerts) {
    json["alerts"].push_back(
        {{"type", alert.type}, {"agent", alert.agent}, {"times", alert.times}});
  }
  for (const RunOutcome::Death& death : outcome.deaths) {
    json["deaths"].push_back(
        {{"agent", death.agent}, {"mode", death.mode}, {"silence_ms", death.silence_ms}});
  }
  return json;
}

Json to_json(const std::string& file, const SeedResult& seed) {
  Json json{{"seed", seed.seed},
            {"verdict", to_string(seed.verdict)},
            {"interrupted", seed.interrupted},
            {"digest", hex(seed.digest)},
            {"virtual_ms", seed.virtual_ms},
            {"heartbeats", seed.heartbeats},
            {"alerts", seed.alerts},
            {"repeat", replay_command(file, seed.seed) + seed.repeat_with},
            {"checks", Json::array()}};
  for (const Check& check : seed.checks) json["checks"].push_back(to_json(check));
  json["outcome"] = to_json(seed.outcome);
  if (seed.live) json["live"] = to_json(*seed.live);
  if (seed.recording) json["recording"] = to_json(*seed.recording);
  return json;
}

}  // namespace

Json to_json(const Check& check) {
  Json json{{"verdict", to_string(check.verdict)}, {"rule", check.rule}, {"what", check.what}};
  if (check.place.line > 0) {
    json["line"] = check.place.line;
    json["column"] = check.place.column;
    if (!check.source.empty()) json["source"] = as_utf8(check.source);
  }
  json["value"] = check.value;
  json["bound"] = check.bound;
  json["population"] = check.population;
  if (check.at) json["at_ms"] = *check.at;
  if (!check.chain.empty()) json["chain"] = check.chain;
  for (const Story& story : check.stories) json["stories"].push_back(to_json(story));
  return json;
}

Json to_json(const Percentiles& times) {
  return {{"count", times.count}, {"p50", times.p50},     {"p90", times.p90}, {"p99", times.p99},
          {"p999", times.p999},   {"p9999", times.p9999}, {"max", times.max}};
}

Json to_json(const LiveSummary& live) {
  Json json{{"planned", live.planned}, {"sent", live.sent}, {"accepted", live.accepted}};
  json["ends"] = Json::object();
  for (const auto& [name, count] : live.ends) json["ends"][name] = count;
  json["statuses"] = Json::object();
  for (const auto& [status, count] : live.statuses)
    json["statuses"][std::to_string(status)] = count;
  json["answer_us"] = to_json(live.answer_us);
  json["exchange_us"] = to_json(live.exchange_us);
  json["send_lag_us"] = to_json(live.lag_us);
  return json;
}

Verdict verdict_of(const ScenarioResult& result) {
  const auto any = [&](Verdict verdict) {
    return std::any_of(result.seeds.begin(), result.seeds.end(),
                       [verdict](const SeedResult& seed) { return seed.verdict == verdict; });
  };
  if (any(Verdict::kFailed)) return Verdict::kFailed;
  if (any(Verdict::kVoid)) return Verdict::kVoid;
  return any(Verdict::kPassed) ? Verdict::kPassed : Verdict::kUntested;
}

Json to_json(const std::vector<ScenarioResult>& results) {
  Json report{{"papsim", 1}, {"schema", 2}, {"scenarios", Json::array()}};
  for (const ScenarioResult& result : results) {
    const std::string file = as_utf8(result.file);
    Json json{{"file", file},
              {"name", result.name},
              {"about", result.about},
              {"verdict", to_string(verdict_of(result))},
              {"seeds", Json::array()}};
    for (const SeedResult& seed : result.seeds) {
      json["seeds"].push_back(to_json(file, seed));
    }
    if (result.not_run > 0) {
      report["not_run"].push_back(
          {{"file", file}, {"name", result.name}, {"seeds", result.not_run}});
    }
    if (!result.seeds.empty()) report["scenarios"].push_back(std::move(json));
  }
  return report;
}

}  // namespace pap::sim
