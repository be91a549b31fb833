// SPDX-License-Identifier: MIT
#pragma once

// Scenarios for tests, from the parts that a test is about; the rest is the least that is good.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

struct Parts {
  std::string head = {};  // further lines at the top
  std::string run = "{for: 10m}";
  std::string fleet = "  pods: {count: 10, id: \"pod-{i}\"}\n";
  std::string timeline = {};
  std::string expect = "{alerts: {\"*\": any}, reach: death_decided}";
};

// Lines: 1 papsim, 2 name, 3 about, then `head`, run, fleet: and its groups, timeline: and its
// entries, expect.
inline std::string text_of(const Parts& parts) {
  return "papsim: 1\nname: story\nabout: A story.\n" + parts.head + "run: " + parts.run +
         "\nfleet:\n" + parts.fleet +
         (parts.timeline.empty() ? "" : "timeline:\n" + parts.timeline) +
         "expect: " + parts.expect + "\n";
}

// What is wrong with it, as `line:column: message`.
inline std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> out;
  const auto file = ScenarioFile::from_text("f", text);
  for (const Problem& problem : file.problems()) {
    std::string line = to_string("f", problem);
    out.push_back(line.substr(line.starts_with("f:") ? 2 : 0));
  }
  return out;
}
inline std::vector<std::string> problems_of(const Parts& parts) {
  return problems_of(text_of(parts));
}

// The only thing wrong with it, without its place.
inline std::string problem_of(const Parts& parts) {
  const auto file = ScenarioFile::from_text("f", text_of(parts));
  if (file.problems().size() == 1) return file.problems().front().message;
  std::string out = std::to_string(file.problems().size()) + " problems";
  for (const Problem& problem : file.problems()) out += '\n' + to_string("f", problem);
  return out;
}

// The scenario, which must be good.
inline Scenario read(std::string_view text) {
  const auto file = ScenarioFile::from_text("f", text);
  for (const Problem& problem : file.problems()) ADD_FAILURE() << to_string("f", problem);
  return file.as_written();
}
inline Scenario read(const Parts& parts) { return read(text_of(parts)); }

// Its plan, which must have no errors.
inline Plan plan_of(const Scenario& scenario, std::uint64_t seed = 1) {
  std::vector<PlanError> errors;
  Plan plan = make_plan(scenario, seed, errors);
  for (const PlanError& error : errors) ADD_FAILURE() << error.message;
  return plan;
}

}  // namespace pap::sim
