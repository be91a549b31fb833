// SPDX-License-Identifier: MIT
// What must come of a run: alerts, detection, figures, excuses, marks.

#include <algorithm>

#include "papsim/scenario/map_reader.hpp"
#include "papsim/scenario/name_lookup.hpp"
#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

struct ExpectContext {
  const Resolver& names;
  Problems& problems;
};

void refuse_empty(const Node& list, const char* why, Problems& problems) {
  if (list.items.empty()) problems.add(list.place, why);
}

// --- alerts ---

AlertExpectation read_alert(const Node& node, std::string_view type, ExpectContext c) {
  AlertExpectation out;
  out.place = node.place;
  if (node.is_word()) {
    constexpr Key kPlain{.name = "alerts", .form = Form::kWord, .words = "none|any"};
    Value value;
    std::string error = parse_value(kPlain, trimmed(node.text), value);
    if (!error.empty()) {
      c.problems.add(node.place, std::string(type) + " is none, any, or {exactly: …}, not " +
                                     quoted(node.text));
    }
    out.kind = value.first == 0 ? SetKind::kNone : SetKind::kAny;
    return out;
  }
  MapReader in(node, section("alert"), "expect.alerts." + std::string(type), c.problems);
  out.kind = in.chosen() == "at_most"    ? SetKind::kAtMost
             : in.chosen() == "at_least" ? SetKind::kAtLeast
                                         : SetKind::kExactly;
  if (!in.chosen().empty()) out.agents = c.names.find_all(in.names(in.chosen()));
  if (in.given("times")) {
    const Value times = in.value("times");
    out.times_from = static_cast<std::uint32_t>(times.first);
    out.times_to = static_cast<std::uint32_t>(times.last);
  }
  return out;
}

void read_alerts(Expect& expect, const Node& node, ExpectContext c) {
  MapReader in(node, section("alerts"), "expect.alerts", c.problems);
  for (const protocol::AlertType type : protocol::kAlertTypes) {
    const Node* value = in.find(to_string(type));
    if (value == nullptr) continue;
    const auto add = [&](const Node& one) {
      AlertExpectation alert = read_alert(one, to_string(type), c);
      alert.type = type;
      expect.alerts.push_back(std::move(alert));
    };
    if (value->is_list()) {
      refuse_empty(*value, "an empty list expects nothing", c.problems);
      for (const Node& item : value->items) add(item);
    } else {
      add(*value);
    }
  }
  AlertExpectation rest;
  rest.place = in.place("*");
  rest.kind = in.number("*") == 0 ? SetKind::kNone : SetKind::kAny;
  expect.alerts.push_back(std::move(rest));
}

// --- detection ---

DetectionExpectation read_detection(const Node& node, ExpectContext c) {
  DetectionExpectation out;
  out.place = node.place;
  MapReader in(node, section("detection"), "expect.detection", c.problems);
  out.of = c.names.find_all(in.names("of"));
  out.from = in.word<DetectedFrom>("from");
  const Node* window = in.find("window");
  if (window == nullptr) return out;
  if (!window->is_list() || window->items.size() != 2) {
    c.problems.add(window->place,
                   "window must be [earliest, latest], not " + counted_items(*window));
    return out;
  }
  const auto read_bound = [&](const Node& item) {
    const auto bound = parse_bound(item.text);
    if (bound && item.is_word()) return *bound;
    c.problems.add(item.place, "window: " + described(item) + " is not " +
                                   std::string(looks_like(Form::kBound)));
    return Bound{};
  };
  out.earliest = read_bound(window->items[0]);
  out.latest = read_bound(window->items[1]);
  return out;
}

// --- figures ---

bool fits(MetricKind kind, Statistic statistic) {
  switch (kind) {
    case MetricKind::kCounter:
      return statistic == Statistic::kValue;
    case MetricKind::kGauge:
      return statistic == Statistic::kValue || statistic == Statistic::kMin ||
             statistic == Statistic::kMax;
    case MetricKind::kDistribution:
      return statistic != Statistic::kValue;
  }
  return false;
}

std::vector<std::string_view> statistics_of(MetricKind kind) {
  std::vector<std::string_view> out;
  for (const StatisticName& s : kStatistics) {
    if (fits(kind, s.statistic)) out.push_back(s.name);
  }
  return out;
}

void add_threshold(std::vector<Threshold>& out, const Node& node, const MetricName& metric,
                   Statistic statistic, ExpectContext c) {
  Threshold threshold;
  threshold.place = node.place;
  threshold.metric = metric.metric;
  threshold.statistic = statistic;
  const auto comparand = parse_comparand(node.text);
  if (!node.is_word() || !comparand) {
    c.problems.add(node.place, std::string(metric.name) + ": " + described(node) +
                                   " is not a bound, like 0, \"<= 5\" or \"> 0\"");
    return;
  }
  if (!fits(metric.kind, statistic)) {
    const auto words = statistics_of(metric.kind);
    c.problems.add(node.place,
                   quoted(metric.name) + " has no single value; say which: " + listed(words));
    return;
  }
  threshold.comparison = comparand->comparison;
  threshold.value = comparand->value;
  out.push_back(threshold);
}

void read_figure(std::vector<Threshold>& out, const Node::Pair& pair, const MetricName& metric,
                 ExpectContext c) {
  if (!pair.value.is_map()) {
    add_threshold(out, pair.value, metric, Statistic::kValue, c);
    return;
  }
  const auto words = statistics_of(metric.kind);
  for (const Node::Pair& figure : pair.value.pairs) {
    const auto known =
        std::find_if(kStatistics.begin(), kStatistics.end(), [&](const StatisticName& s) {
          return s.name == figure.key.text && fits(metric.kind, s.statistic);
        });
    if (known == kStatistics.end()) {
      c.problems.add(figure.key.place, quoted(metric.name) + " has no " + quoted(figure.key.text) +
                                           suggestion(figure.key.text, words));
      continue;
    }
    add_threshold(out, figure.value, metric, known->statistic, c);
  }
}

// One map of figures: {dropped: 0, waiting: {max: "<= 5"}, during: storm}.
void read_figures(std::vector<Threshold>& out, const Node& node, std::string_view section_name,
                  ExpectContext c) {
  constexpr std::string_view kDuring = "during";
  const std::string where = "expect." + std::string(section_name);
  if (!node.is_map()) {
    c.problems.add(node.place, where + " must be a map of figures, not " + described(node));
    return;
  }
  std::vector<std::string_view> words{kDuring};
  for (const MetricName& m : kMetrics) {
    if (m.section == section_name) words.push_back(m.name);
  }
  const std::size_t first = out.size();
  bool any = false;
  for (const Node::Pair& pair : node.pairs) {
    if (pair.key.text == kDuring) continue;
    any = true;
    const auto metric = std::find_if(kMetrics.begin(), kMetrics.end(), [&](const MetricName& m) {
      return m.section == section_name && m.name == pair.key.text;
    });
    if (metric == kMetrics.end()) {
      c.problems.add(pair.key.place, "there is no figure " + quoted(pair.key.text) + " in " +
                                         where + suggestion(pair.key.text, words));
    } else {
      read_figure(out, pair, *metric, c);
    }
  }
  if (!any) c.problems.add(node.place, where + " names no figure");
  const Node* during = node.find(kDuring);
  if (during == nullptr) return;
  if (!during->is_word()) {
    c.problems.add(during->place,
                   "during must be the id of a timeline entry, not " + described(*during));
  } else if (const auto entry = c.names.entry(*during)) {
    for (std::size_t i = first; i < out.size(); ++i) out[i].during = *entry;
  }
}

// --- excuses and marks ---

void add_excuse(Expect& expect, const Node& name, std::optional<std::uint64_t> at_most,
                ExpectContext c) {
  const ExcuseName* excuse = find_name(kExcuses, name, "excuse", c.problems);
  if (excuse == nullptr) return;
  for (const Allowance& other : expect.allow) {
    if (other.excuse == excuse->excuse) {
      c.problems.add(name.place, quoted(excuse->name) + " stands twice in allow");
    }
  }
  expect.allow.push_back({name.place, excuse->excuse, at_most});
}

void read_allow(Expect& expect, const Node& node, ExpectContext c) {
  const auto expected = [&](const Node& wrong) {
    c.problems.add(wrong.place,
                   "allow must be excuses, in a list or in a map with how often at "
                   "most, not " +
                       described(wrong));
  };
  if (node.is_word()) return add_excuse(expect, node, {}, c);
  if (node.is_list()) {
    refuse_empty(node, "an empty list allows nothing", c.problems);
    for (const Node& item : node.items) {
      item.is_word() ? add_excuse(expect, item, {}, c) : expected(item);
    }
    return;
  }
  if (!node.is_map()) return expected(node);
  if (node.pairs.empty()) c.problems.add(node.place, "an empty map allows nothing");
  for (const Node::Pair& pair : node.pairs) {
    const std::string_view word = trimmed(pair.value.text);
    const auto comparand = parse_comparand(word);
    if (word == "any") {
      add_excuse(expect, pair.key, {}, c);
    } else if (comparand && comparand->comparison == Comparison::kLessEqual) {
      add_excuse(expect, pair.key, static_cast<std::uint64_t>(comparand->value), c);
    } else {
      c.problems.add(pair.value.place, pair.key.text + ": " + described(pair.value) +
                                           " is not how often at most, like \"<= 5\" or any");
    }
  }
}

// A scenario that expects nothing passes whatever the collector does.
bool expects_nothing(const Expect& expect) {
  return expect.detection.empty() && expect.thresholds.empty() && expect.live.empty() &&
         expect.reach.empty() &&
         std::none_of(expect.alerts.begin(), expect.alerts.end(),
                      [](const AlertExpectation& alert) { return alert.kind != SetKind::kAny; });
}

}  // namespace

Expect read_expect(const Node& node, const Resolver& names, Problems& problems) {
  const ExpectContext c{names, problems};
  const std::size_t problems_before = problems.size();
  Expect expect;
  MapReader in(node, section("expect"), "expect", problems);
  if (const Node* alerts = in.find("alerts")) read_alerts(expect, *alerts, c);
  if (const Node* detection = in.find("detection")) {
    if (detection->is_list()) {
      refuse_empty(*detection, "an empty list expects nothing", problems);
      for (const Node& item : detection->items) {
        expect.detection.push_back(read_detection(item, c));
      }
    } else {
      expect.detection.push_back(read_detection(*detection, c));
    }
  }
  for (const std::string_view name :
       {"outbox", "agents", "heartbeats", "station", "collector", "deaths", "live"}) {
    const Node* figures = in.find(name);
    if (figures == nullptr) continue;
    std::vector<Threshold>& out = name == "live" ? expect.live : expect.thresholds;
    if (figures->is_list()) {
      refuse_empty(*figures, "an empty list expects nothing", problems);
      for (const Node& item : figures->items) read_figures(out, item, name, c);
    } else {
      read_figures(out, *figures, name, c);
    }
  }
  if (const Node* allow = in.find("allow")) read_allow(expect, *allow, c);
  for (const Node* name : in.names("reach")) {
    if (const MarkName* mark = find_name(kMarks, *name, "mark", problems)) {
      expect.reach.push_back({name->place, mark->mark});
    }
  }
  if (expects_nothing(expect) && problems.size() == problems_before) {
    problems.add(node.place, "the scenario expects nothing; say at least alerts: {\"*\": none}");
  }
  return expect;
}

}  // namespace pap::sim
