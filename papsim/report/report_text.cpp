// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "papsim/expect/counted.hpp"
#include "papsim/report/report.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {

namespace {

using Json = nlohmann::ordered_json;

// Rows of one seed that are shown when it did not pass; the JSON has all.
constexpr std::size_t kMostRows = 10;

std::string text(const Json& json) { return json.get<std::string>(); }

std::string padded(std::string word, std::size_t width) {
  if (word.size() < width) word.append(width - word.size(), ' ');
  return word;
}

// What did not pass, the worst first: what is left out below is no worse than what is shown.
std::vector<const Json*> worst_first(const Json& all) {
  const auto rank = [](const Json* each) {
    const std::string verdict = text((*each)["verdict"]);
    return verdict == "fail" ? 0 : verdict == "invalid" ? 1 : 2;
  };
  std::vector<const Json*> out;
  for (const Json& each : all) {
    if (text(each["verdict"]) != "pass") out.push_back(&each);
  }
  std::stable_sort(out.begin(), out.end(),
                   [&](const Json* a, const Json* b) { return rank(a) < rank(b); });
  return out;
}

void append_story(std::string& out, const std::string& file, const Json& story) {
  constexpr std::size_t kTimeWidth = 13;
  out += "            ";
  out += story.contains("agent") ? "story of " + text(story["agent"]) : "what happened";
  out += '\n';
  for (const Json& event : story["events"]) {
    const Millis at{event["at_ms"].get<std::int64_t>()};
    out += "              " + padded(clock_word(at), kTimeWidth) + text(event["what"]);
    if (event.contains("line")) {
      out += "  (" + file + ':' + std::to_string(event["line"].get<int>()) + ')';
    }
    out += '\n';
  }
}

void append_check(std::string& out, const std::string& file, const Json& check) {
  out +=
      "    " + padded(text(check["verdict"]), 8) + text(check["rule"]) + ": " + text(check["what"]);
  if (check.contains("line")) {
    out += "  (" + file + ':' + std::to_string(check["line"].get<int>()) + ')';
  }
  out += '\n';
  if (!text(check["value"]).empty()) {  // none where nothing was measured: a plan that cannot be
    out += "            value " + text(check["value"]);
    if (!text(check["bound"]).empty()) out += ", bound " + text(check["bound"]);
    out += ", population " + std::to_string(check["population"].get<std::uint64_t>()) + '\n';
  }
  if (check.contains("chain")) {
    for (const Json& cause : check["chain"]) out += "            because " + text(cause) + '\n';
  }
  if (!check.contains("stories")) return;
  for (const Json& story : check["stories"]) append_story(out, file, story);
}

void append_seed(std::string& out, const std::string& file, const Json& seed) {
  out += "  seed " + std::to_string(seed["seed"].get<std::uint64_t>()) + ": " +
         text(seed["verdict"]) + '\n';
  const auto rows = worst_first(seed["checks"]);
  const std::size_t shown = std::min(rows.size(), kMostRows);
  for (std::size_t i = 0; i < shown; ++i) append_check(out, file, *rows[i]);
  if (rows.size() > shown) out += "    and " + std::to_string(rows.size() - shown) + " more\n";
  out += "    repeat: " + text(seed["repeat"]) + '\n';
}

// How much there was still to come when all was stopped.
void append_not_run(std::string& out, const Json& not_run) {
  std::uint64_t seeds = 0;
  for (const Json& scenario : not_run) seeds += scenario["seeds"].get<std::uint64_t>();
  out += "not run: " + counted(seeds, "seed") + " of " + counted(not_run.size(), "scenario") + '\n';
}

}  // namespace

std::string to_text(const Json& report) {
  constexpr std::size_t kSeedsShown = 3;
  std::string out;
  for (const Json& scenario : report["scenarios"]) {
    const std::string file = text(scenario["file"]);
    std::uint64_t heartbeats = 0;
    std::uint64_t alerts = 0;
    for (const Json& seed : scenario["seeds"]) {
      heartbeats += seed["heartbeats"].get<std::uint64_t>();
      alerts += seed["alerts"].get<std::uint64_t>();
    }
    out += padded(text(scenario["verdict"]), 8) + text(scenario["name"]) + "  " +
           counted(scenario["seeds"].size(), "seed") + ", " + counted(heartbeats, "heartbeat") +
           ", " + counted(alerts, "alert") + '\n';
    if (text(scenario["verdict"]) == "pass") continue;
    const auto seeds = worst_first(scenario["seeds"]);
    const std::size_t shown = std::min(seeds.size(), kSeedsShown);
    for (std::size_t i = 0; i < shown; ++i) append_seed(out, file, *seeds[i]);
    if (seeds.size() > shown) {
      out += "  and " + counted(seeds.size() - shown, "more seed") + '\n';
    }
  }
  if (report.contains("not_run")) append_not_run(out, report["not_run"]);
  return out;
}

}  // namespace pap::sim
