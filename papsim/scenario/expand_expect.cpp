// SPDX-License-Identifier: MIT
// What is expected, written out.

#include "papsim/scenario/expand_parts.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

std::string alert_text(const Scenario& scenario, const AlertExpectation& alert) {
  FlowMap out;
  switch (alert.kind) {
    case SetKind::kNone:
      return "none";
    case SetKind::kAny:
      return "any";
    case SetKind::kExactly:
      out.add("exactly", set_text(scenario, alert.agents));
      break;
    case SetKind::kAtMost:
      out.add("at_most", set_text(scenario, alert.agents));
      break;
    case SetKind::kAtLeast:
      out.add("at_least", set_text(scenario, alert.agents));
      break;
  }
  if (alert.times_from && alert.times_to) {
    const std::string first = std::to_string(*alert.times_from);
    const std::string last = std::to_string(*alert.times_to);
    out.add("times", first == last ? first : first + ".." + last);
  }
  return out.text();
}

// All lines of one type; a list when there are several.
std::string alerts_of(const Scenario& scenario, std::optional<protocol::AlertType> type) {
  std::vector<std::string> lines;
  for (const AlertExpectation& alert : scenario.expect.alerts) {
    if (alert.type == type) lines.push_back(alert_text(scenario, alert));
  }
  if (lines.size() == 1) return lines.front();
  FlowList out;
  for (const std::string& line : lines) out.add(line);
  return lines.empty() ? std::string() : out.text();
}

void append_alerts(std::string& out, const Scenario& scenario) {
  if (scenario.expect.alerts.empty()) return;
  out += "  alerts:\n";
  for (const protocol::AlertType type : protocol::kAlertTypes) {
    const std::string text = alerts_of(scenario, type);
    if (!text.empty()) out += "    " + std::string(to_string(type)) + ": " + text + '\n';
  }
  out += "    \"*\": " + alerts_of(scenario, std::nullopt) + '\n';
}

void append_detection(std::string& out, const Scenario& scenario) {
  if (scenario.expect.detection.empty()) return;
  out += "  detection:\n";
  for (const DetectionExpectation& detection : scenario.expect.detection) {
    FlowMap map;
    map.add("of", set_text(scenario, detection.of));
    map.add("from", word_of("detection", "from", detection.from));
    FlowList window;
    window.add(to_word(detection.earliest));
    window.add(to_word(detection.latest));
    map.add("window", window.text());
    out += "    - " + map.text() + '\n';
  }
}

// A map for each threshold, so that no key stands twice in one.
void append_figures(std::string& out, const Scenario& scenario,
                    const std::vector<Threshold>& thresholds) {
  std::string_view section;
  for (const Threshold& threshold : thresholds) {
    const MetricName& metric = about(threshold.metric);
    if (metric.section != section) {
      section = metric.section;
      out += "  " + std::string(section) + ":\n";
    }
    std::string bound = '"' + std::string(to_word(threshold.comparison)) + ' ' +
                        std::to_string(threshold.value) + '"';
    if (threshold.statistic != Statistic::kValue) {
      FlowMap statistic;
      statistic.add(to_string(threshold.statistic), bound);
      bound = statistic.text();
    }
    FlowMap map;
    map.add(metric.name, bound);
    if (threshold.during) map.add("during", scenario.timeline[*threshold.during].id);
    out += "    - " + map.text() + '\n';
  }
}

void append_excuses_and_marks(std::string& out, const Expect& expect) {
  if (!expect.allow.empty()) {
    FlowMap allow;
    for (const Allowance& allowance : expect.allow) {
      allow.add(to_string(allowance.excuse),
                allowance.at_most ? "\"<= " + std::to_string(*allowance.at_most) + '"' : "any");
    }
    out += "  allow: " + allow.text() + '\n';
  }
  if (!expect.reach.empty()) {
    FlowList reach;
    for (const Reach& mark : expect.reach) reach.add(to_string(mark.mark));
    out += "  reach: " + reach.text() + '\n';
  }
}

}  // namespace

void append_expect(std::string& out, const Scenario& scenario) {
  out += "expect:\n";
  append_alerts(out, scenario);
  append_detection(out, scenario);
  append_figures(out, scenario, scenario.expect.thresholds);
  append_figures(out, scenario, scenario.expect.live);
  append_excuses_and_marks(out, scenario.expect);
}

}  // namespace pap::sim
