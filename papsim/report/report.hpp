// SPDX-License-Identifier: MIT
#pragma once

// What a replay has found, as JSON (schema 2) and, drawn from that JSON, as text, JUnit XML and a
// page (report/report_html.hpp).
//
// Schema 2 has beside what 1 had: of a check its line as written (`source`) and when its rule was
// broken (`at_ms`), of a recorded seed its `recording` (run/recording.hpp); and where all was
// stopped before its end `not_run`: which scenarios had seeds that were not run, and how many.
// The JSON holds nothing that differs between two runs of a seed: no wall time, no speed, no path
// but the one that was given.
// Threads: pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "papsim/expect/verdict.hpp"

namespace pap::sim {

struct ScenarioResult {
  std::string file;
  std::string name;
  std::string about;
  std::vector<SeedResult> seeds;
  std::uint64_t not_run = 0;  // seeds of it, since all was stopped before
};

// Over seeds: fail, then invalid, then unknown (only if no seed tested it), then pass.
Verdict verdict_of(const ScenarioResult& result);

nlohmann::ordered_json to_json(const std::vector<ScenarioResult>& results);
// Of its parts, for other reports.
nlohmann::ordered_json to_json(const Check& check);
nlohmann::ordered_json to_json(const Percentiles& times);
nlohmann::ordered_json to_json(const LiveSummary& live);
// A line a scenario; what did not pass with its checks, causes and the command that repeats it.
std::string to_text(const nlohmann::ordered_json& report);
std::string to_junit(const nlohmann::ordered_json& report);

}  // namespace pap::sim
