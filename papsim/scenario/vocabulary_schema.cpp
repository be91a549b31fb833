// SPDX-License-Identifier: MIT
// The vocabulary as a JSON Schema. Editors complete and check by it; what it cannot say (names that
// must exist, times that must fit) `papsim check` does.

#include <nlohmann/json.hpp>

#include "pap/protocol/mode.hpp"
#include "papsim/scenario/names.hpp"
#include "papsim/scenario/vocabulary.hpp"
#include "papsim/scenario/vocabulary_text.hpp"

namespace pap::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kName = "^[A-Za-z][A-Za-z0-9_-]{0,63}$";

Json text(std::string_view pattern) { return {{"type", "string"}, {"pattern", pattern}}; }
Json any_of(std::initializer_list<Json> choices) { return {{"anyOf", Json(choices)}}; }
Json reference(std::string_view section) {
  return {{"$ref", "#/definitions/" + std::string(section)}};
}
// One of it, or a list of some.
Json one_or_more(const Json& item) {
  return any_of({item, {{"type", "array"}, {"items", item}, {"minItems", 1}}});
}
Json pair_of(const Json& item) {
  return {{"type", "array"}, {"items", item}, {"minItems", 2}, {"maxItems", 2}};
}

std::string duration_pattern() { return "([0-9]+([.][0-9]+)?(ms|s|m|h|d))+"; }
std::string share_pattern() { return "[0-9]+([.][0-9]+)? ?(%|ppm)"; }

Json duration() { return any_of({text("^(0|" + duration_pattern() + ")$"), {{"const", 0}}}); }
Json integer(const Key& key) {
  Json out{{"type", "integer"}, {"minimum", key.least}};
  if (key.most != 0) out["maximum"] = key.most;
  return out;
}
Json words(const std::vector<std::string_view>& list) { return {{"enum", list}}; }

template <class Table>
Json names(const Table& table) {
  Json out = Json::array();
  for (const auto& entry : table) out.push_back(entry.name);
  return {{"enum", out}};
}

Json comparand() {
  return any_of({{{"type", "integer"}, {"minimum", 0}}, text("^ *(<=?|>=?|==?)? *[0-9]+ *$")});
}

Json of_form(const Key& key) {
  const std::string d = duration_pattern();
  switch (key.form) {
    case Form::kInteger:
      return integer(key);
    case Form::kDuration:
      return duration();
    case Form::kSignedDuration:
      return any_of({text("^[-+]?(0|" + d + ")$"), {{"const", 0}}});
    case Form::kDurationRange:
      return any_of({text("^(0|" + d + ")( *[.][.] *" + d + ")?$"), {{"const", 0}}});
    case Form::kMillis:
      return any_of({integer(key), text("^(" + d + ")$")});
    case Form::kShare:
      return text("^" + share_pattern() + "$");
    case Form::kDrift:
      return text("^[-+]?" + share_pattern() + "$");
    case Form::kCountOrShare:
      return any_of({integer(key), text("^" + share_pattern() + "$")});
    case Form::kSeeds:
      return any_of({{{"type", "integer"}, {"minimum", 1}}, text("^[0-9]+ *[.][.] *[0-9]+$")});
    case Form::kTimes:
      return any_of({{{"type", "integer"}, {"minimum", 1}}, text("^[0-9]+ *[.][.] *[0-9]+$")});
    case Form::kWord:
      return words(words_of(key.words));
    case Form::kName:
      return text(kName);
    case Form::kText:
      return {{"type", "string"}, {"minLength", 1}};
    case Form::kFlag:
      return {{"const", true}};
    case Form::kLasting:
      return any_of({duration(), {{"const", true}}});
    case Form::kBound:
      return any_of({{{"type", "string"}, {"minLength", 1}}, {{"const", 0}}});
    case Form::kSet:
      return one_or_more(text(kName));
    case Form::kNames:
    case Form::kMap:
    case Form::kOwn:
      break;
  }
  return {};
}

// A section, or one of its keys alone as a word.
Json or_bare(std::string_view section_name) {
  std::vector<std::string_view> bare;
  for (const Key& key : section(section_name).keys) {
    if (key.form == Form::kFlag || key.form == Form::kLasting ||
        (key.choice && key.section == "collector_restart")) {
      bare.push_back(key.name);
    }
  }
  if (bare.empty()) return reference(section_name);
  return any_of({words(bare), reference(section_name)});
}

Json verbs_schema() {
  std::vector<std::string_view> bare;
  Json properties = Json::object();
  for (const Verb& verb : verbs()) {
    const bool wants_nothing = verb.value == nullptr && verb.section.empty();
    if (wants_nothing || verb.name == "restart") bare.push_back(verb.name);
    Json parameters = wants_nothing           ? Json{{"const", true}}
                      : verb.value != nullptr ? of_form(*verb.value)
                                              : or_bare(verb.section);
    parameters["description"] = verb.about;
    properties[std::string(verb.name)] = std::move(parameters);
  }
  return any_of({words(bare),
                 {{"type", "object"},
                  {"properties", properties},
                  {"additionalProperties", false},
                  {"minProperties", 1},
                  {"maxProperties", 1}}});
}

Json figures(std::string_view section_name) {
  Json properties = Json::object();
  for (const MetricName& metric : kMetrics) {
    if (metric.section != section_name) continue;
    Json statistics = Json::object();
    for (const StatisticName& s : kStatistics) {
      const bool gauge = s.statistic == Statistic::kMin || s.statistic == Statistic::kMax;
      const bool plain = s.statistic == Statistic::kValue;
      const bool fits = metric.kind == MetricKind::kDistribution ? !plain
                        : metric.kind == MetricKind::kGauge      ? gauge || plain
                                                                 : plain;
      if (fits) statistics[std::string(s.name)] = comparand();
    }
    Json by_statistic{{"type", "object"},
                      {"properties", statistics},
                      {"additionalProperties", false},
                      {"minProperties", 1}};
    Json figure = metric.kind == MetricKind::kDistribution ? by_statistic
                                                           : any_of({comparand(), by_statistic});
    figure["description"] = metric.about;
    properties[std::string(metric.name)] = std::move(figure);
  }
  properties["during"] = text(kName);
  return one_or_more({{"type", "object"},
                      {"properties", properties},
                      {"additionalProperties", false},
                      {"minProperties", 1}});
}

Json modes() {
  Json shares = Json::object();
  std::vector<std::string_view> all;
  for (const protocol::Mode mode : protocol::kModes) {
    all.push_back(to_string(mode));
    shares[std::string(to_string(mode))] = text("^" + share_pattern() + "$");
  }
  return any_of({words(all),
                 {{"type", "object"},
                  {"properties", shares},
                  {"additionalProperties", false},
                  {"minProperties", 1}}});
}

Json named_map(const Json& value, std::string_view pattern) {
  return {{"type", "object"},
          {"patternProperties", {{std::string(pattern), value}}},
          {"additionalProperties", false},
          {"minProperties", 1}};
}

Json vary() {
  return named_map(
      any_of({text("[.][.]"),
              {{"type", "array"}, {"items", {{"type", {"string", "integer"}}}}, {"minItems", 1}}}),
      "^(run|collector|fleet|timeline)[.]");
}

Json allow() {
  Json counts = Json::object();
  for (const ExcuseName& excuse : kExcuses) {
    counts[std::string(excuse.name)] = text("^(any| *<= *[0-9]+ *)$");
  }
  return any_of({names(kExcuses),
                 {{"type", "array"}, {"items", names(kExcuses)}},
                 {{"type", "object"}, {"properties", counts}, {"additionalProperties", false}}});
}

// Keys whose form is not one of the plain ones.
Json of_its_own(std::string_view section_name, const Key& key) {
  const auto is = [&](std::string_view s, std::string_view k) {
    return section_name == s && key.name == k;
  };
  if (is("scenario", "fleet")) return named_map(reference("group"), kName);
  if (is("scenario", "timeline")) return {{"type", "array"}, {"items", reference("entry")}};
  if (is("scenario", "vary")) return vary();
  if (is("scenario", "fails")) return one_or_more(names(kRules));
  if (is("scenario", "sabotage")) return names(kSabotages);
  if (is("group", "mode")) return modes();
  if (is("group", "join")) return any_of({duration(), reference("join")});
  if (is("entry", "during")) return pair_of(duration());
  if (is("entry", "who")) return any_of({one_or_more(text(kName)), reference("who")});
  if (is("entry", "do")) return verbs_schema();
  if (is("detection", "window")) return pair_of(of_form({.name = "", .form = Form::kBound}));
  if (is("expect", "allow")) return allow();
  if (is("expect", "reach")) return one_or_more(names(kMarks));
  if (is("expect", "detection")) return one_or_more(reference("detection"));
  if (section_name == "expect" && key.form == Form::kOwn) return figures(key.name);
  if (section_name == "alerts" && key.form == Form::kMap) {
    const Json one = any_of({words({"none", "any"}), reference("alert")});
    return any_of({one, {{"type", "array"}, {"items", one}, {"minItems", 1}}});
  }
  return or_bare(key.section);
}

Json section_schema(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  Json choices = Json::array();
  for (const Key& key : section.keys) {
    const bool plain = key.form != Form::kOwn && key.form != Form::kMap && key.form != Form::kNames;
    Json value = plain ? of_form(key) : of_its_own(section.name, key);
    value["description"] = key.about;
    if (!key.fallback.empty()) value["default"] = key.fallback;
    properties[std::string(key.name)] = std::move(value);
    if (key.required) required.push_back(key.name);
    if (key.choice) choices.push_back({{"required", {key.name}}});
  }
  Json out{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!section.about.empty()) out["description"] = section.about;
  if (!required.empty()) out["required"] = required;
  if (!choices.empty()) out["oneOf"] = choices;
  return out;
}

}  // namespace

std::string vocabulary_schema() {
  Json out{{"$schema", "http://json-schema.org/draft-07/schema#"},
           {"title", "papsim scenario"},
           {"description",
            "A fleet, a timeline, and what must come of it. Written by `papsim "
            "words --schema`; `papsim check` knows more."}};
  const Section& whole = section("scenario");
  out.update(section_schema(whole));
  out["description"] =
      "A fleet, a timeline, and what must come of it. Written by `papsim words "
      "--schema`; `papsim check` checks what a schema cannot.";
  Json definitions = Json::object();
  for (const Section& s : sections()) {
    if (s.name != whole.name) definitions[std::string(s.name)] = section_schema(s);
  }
  out["definitions"] = std::move(definitions);
  return out.dump(2) + '\n';
}

}  // namespace pap::sim
