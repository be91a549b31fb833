// SPDX-License-Identifier: MIT
// Expectations that nothing could ever test: they would pass for ever, whatever the collector did.
// One that can be tested and cannot hold is none of these: it is tested, and fails.

#include <algorithm>

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/bounds.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

void check_alerts(const Scenario& scenario, Problems& problems) {
  for (const AlertExpectation& alert : scenario.expect.alerts) {
    if (alert.times_to && *alert.times_to == 0) {
      problems.add(alert.place, "`times: 0` names agents to say nothing of them; say none");
    }
    const std::string type(alert.type ? to_string(*alert.type) : "*");
    for (const AgentSet& set : alert.agents) {
      if (set.kind != AgentSet::Kind::kEntry) continue;
      const Entry& entry = scenario.timeline[set.index];
      if (entry.who.sets.empty()) {
        problems.add(alert.place, type + ": '" + entry.id + "' picks no agents, so no alert can " +
                                      "be about whom it picked");
      }
    }
  }
}

// In which modes an agent of these sets may be when it is last heard.
std::array<bool, protocol::kModeCount> modes_of(const Scenario& scenario) {
  std::array<bool, protocol::kModeCount> out{};
  for (const Group& group : scenario.fleet) {
    for (std::size_t mode = 0; mode < protocol::kModeCount; ++mode) {
      out[mode] = out[mode] || group.mode[mode] > 0;
    }
    // After three failures at the Station a real agent goes there by itself.
    if (group.retry == Retry::kReal) out[index_of(protocol::Mode::kEmergency)] = true;
  }
  for (const Entry& entry : scenario.timeline) {
    if (const auto* set = std::get_if<SetMode>(&entry.action)) out[index_of(set->mode)] = true;
  }
  return out;
}

void check_detection(const Scenario& scenario, Problems& problems) {
  for (const DetectionExpectation& detection : scenario.expect.detection) {
    for (const AgentSet& set : detection.of) {
      if (set.kind != AgentSet::Kind::kEntry) continue;
      const Entry& entry = scenario.timeline[set.index];
      if (may_silence(entry.action) && !entry.who.sets.empty()) continue;
      problems.add(detection.place, "detection of '" + entry.id + "' can never be tested: '" +
                                        std::string(verb_of(entry.action)) +
                                        "' makes no agent fall silent");
    }
    const auto modes = modes_of(scenario);
    const bool possible =
        std::any_of(protocol::kModes.begin(), protocol::kModes.end(), [&](protocol::Mode mode) {
          return modes[index_of(mode)] && bound_of(scenario, mode, detection.earliest) <=
                                              bound_of(scenario, mode, detection.latest);
        });
    if (!possible) {
      problems.add(detection.place, "no moment lies between " + to_word(detection.earliest) +
                                        " and " + to_word(detection.latest));
    }
  }
}

void check_thresholds(const Scenario& scenario, const std::vector<Threshold>& thresholds,
                      Problems& problems) {
  for (const Threshold& threshold : thresholds) {
    if (threshold.comparison == Comparison::kGreaterEqual && threshold.value == 0) {
      problems.add(threshold.place, std::string(about(threshold.metric).name) +
                                        " is never below 0, so this tests nothing");
    }
    if (!threshold.during) continue;
    const Entry& entry = scenario.timeline[*threshold.during];
    const Span span = span_of(scenario, entry);
    if (span.from >= span.to) {
      problems.add(threshold.place, "'" + entry.id + "' is over the moment it happens, so there " +
                                        "is nothing to measure during it");
    }
  }
}

}  // namespace

void check_expect(const Scenario& scenario, Problems& problems) {
  const Expect& expect = scenario.expect;
  check_alerts(scenario, problems);
  check_detection(scenario, problems);
  check_thresholds(scenario, expect.thresholds, problems);
  check_thresholds(scenario, expect.live, problems);
}

}  // namespace pap::sim
