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

Json words(const std::vector<std::string_view>& list) { return {{"enum", list}}; }

template <class Table>
Json names(const Table& table) {
  Json out = Json::array();
  for (const auto& entry : table) out.push_back(entry.name);
  return {{"enum", out}};
}

Json integer(const Key& key) {
  Json out{{"type", "integer"}, {"minimum", key.least}};
  if (key.most != 0) out["maximum"] = key.most;
  return out;
}

// --- forms without bounds of a key, each said once ---

// A map from some of these statistics to bounds.
Json by_statistic(MetricKind kind) {
  Json statistics = Json::object();
  for (const StatisticName& s : kStatistics) {
    const bool extreme = s.statistic == Statistic::kMin || s.statistic == Statistic::kMax;
    const bool plain = s.statistic == Statistic::kValue;
    const bool fits = kind == MetricKind::kDistribution ? !plain
                      : kind == MetricKind::kGauge      ? extreme || plain
                                                        : plain;
    if (fits) statistics[std::string(s.name)] = reference("a_bound");
  }
  return {{"type", "object"},
          {"properties", statistics},
          {"additionalProperties", false},
          {"minProperties", 1}};
}

std::string_view figure_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "a_counter";
    case MetricKind::kGauge:
      return "a_gauge";
    case MetricKind::kDistribution:
      break;
  }
  return "a_distribution";
}

Json form_definitions() {
  const std::string duration = "([0-9]+([.][0-9]+)?(ms|s|m|h|d))+";
  const std::string share = "[0-9]+([.][0-9]+)? ?(%|ppm)";
  const Json positive{{"type", "integer"}, {"minimum", 1}};
  const Json range = text("^[0-9]+ *[.][.] *[0-9]+$");
  const Json zero{{"const", 0}};
  Json out = Json::object();
  out["a_duration"] = any_of({text("^(0|" + duration + ")$"), zero});
  out["a_signed_duration"] = any_of({text("^[-+]?(0|" + duration + ")$"), zero});
  out["a_duration_range"] =
      any_of({text("^(0|" + duration + ")( *[.][.] *" + duration + ")?$"), zero});
  out["a_share"] = text("^" + share + "$");
  out["a_drift"] = text("^[-+]?" + share + "$");
  out["a_number_or_range"] = any_of({positive, range});
  out["a_name"] = text("^[A-Za-z][A-Za-z0-9_-]{0,63}$");
  out["a_text"] = {{"type", "string"}, {"minLength", 1}};
  out["a_sum"] = any_of({reference("a_text"), zero});
  out["a_set"] = one_or_more(reference("a_name"));
  out["a_bound"] =
      any_of({{{"type", "integer"}, {"minimum", 0}}, text("^ *(<=?|>=?|==?)? *[0-9]+ *$")});
  for (const MetricKind kind : {MetricKind::kCounter, MetricKind::kGauge}) {
    out[std::string(figure_name(kind))] = any_of({reference("a_bound"), by_statistic(kind)});
  }
  out["a_distribution"] = by_statistic(MetricKind::kDistribution);
  out["a_rule"] = names(kRules);
  out["a_mark"] = names(kMarks);
  out["an_excuse"] = names(kExcuses);
  return out;
}

Json of_form(const Key& key) {
  switch (key.form) {
    case Form::kInteger:
      return integer(key);
    case Form::kDuration:
      return reference("a_duration");
    case Form::kSignedDuration:
      return reference("a_signed_duration");
    case Form::kDurationRange:
      return reference("a_duration_range");
    case Form::kMillis:
      return any_of({integer(key), reference("a_duration")});
    case Form::kShare:
      return reference("a_share");
    case Form::kDrift:
      return reference("a_drift");
    case Form::kCountOrShare:
      return any_of({integer(key), reference("a_share")});
    case Form::kSeeds:
    case Form::kTimes:
      return reference("a_number_or_range");
    case Form::kWord:
      return words(words_of(key.words));
    case Form::kName:
      return reference("a_name");
    case Form::kText:
      return reference("a_text");
    case Form::kFlag:
      return {{"const", true}};
    case Form::kLasting:
      return any_of({reference("a_duration"), {{"const", true}}});
    case Form::kBound:
      return reference("a_sum");
    case Form::kSet:
      return reference("a_set");
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
    Json figure = reference(figure_name(metric.kind));
    figure["description"] = metric.about;
    properties[std::string(metric.name)] = std::move(figure);
  }
  properties["during"] = reference("a_name");
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
    shares[std::string(to_string(mode))] = reference("a_share");
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
  return any_of({one_or_more(reference("an_excuse")),
                 {{"type", "object"},
                  {"properties", counts},
                  {"additionalProperties", false},
                  {"minProperties", 1}}});
}

// Keys whose form is not one of the plain ones.
Json of_its_own(std::string_view section_name, const Key& key) {
  const auto is = [&](std::string_view s, std::string_view k) {
    return section_name == s && key.name == k;
  };
  if (is("scenario", "fleet"))
    return named_map(reference("group"), "^[A-Za-z][A-Za-z0-9_-]{0,63}$");
  if (is("scenario", "timeline")) return {{"type", "array"}, {"items", reference("entry")}};
  if (is("scenario", "vary")) return vary();
  if (is("scenario", "fails")) return one_or_more(reference("a_rule"));
  if (is("scenario", "sabotage")) return names(kSabotages);
  if (is("group", "mode")) return modes();
  if (is("group", "join")) return any_of({reference("a_duration"), reference("join")});
  if (is("entry", "during")) return pair_of(reference("a_duration"));
  if (is("entry", "who")) return any_of({reference("a_set"), reference("who")});
  if (is("entry", "do")) return verbs_schema();
  if (is("detection", "window")) return pair_of(reference("a_sum"));
  if (is("expect", "allow")) return allow();
  if (is("expect", "reach")) return one_or_more(reference("a_mark"));
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
  if (section.name == "entry") out["dependencies"] = {{"pace", {"at"}}};
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
  Json definitions = form_definitions();
  for (const Section& s : sections()) {
    if (s.name != whole.name) definitions[std::string(s.name)] = section_schema(s);
  }
  out["definitions"] = std::move(definitions);
  return out.dump(2) + '\n';
}

}  // namespace pap::sim
