// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

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
  std::size_t rows = 0;
  std::size_t left_out = 0;
  for (const Json& check : seed["checks"]) {
    if (text(check["verdict"]) == "pass") continue;
    if (++rows > kMostRows) {
      ++left_out;
    } else {
      append_check(out, file, check);
    }
  }
  if (left_out > 0) out += "    and " + std::to_string(left_out) + " more\n";
  out += "    repeat: " + text(seed["repeat"]) + '\n';
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
           std::to_string(scenario["seeds"].size()) + " seeds, " + std::to_string(heartbeats) +
           " heartbeats, " + std::to_string(alerts) + " alerts\n";
    if (text(scenario["verdict"]) == "pass") continue;
    std::size_t shown = 0;
    for (const Json& seed : scenario["seeds"]) {
      if (text(seed["verdict"]) == "pass" || ++shown > kSeedsShown) continue;
      append_seed(out, file, seed);
    }
    if (shown > kSeedsShown) {
      out += "  and " + std::to_string(shown - kSeedsShown) + " more seeds\n";
    }
  }
  return out;
}

}  // namespace pap::sim
