// SPDX-License-Identifier: MIT
// The vocabulary as tables of Markdown.

#include "papsim/scenario/names.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/values.hpp"
#include "papsim/scenario/vocabulary.hpp"
#include "papsim/scenario/vocabulary_text.hpp"

namespace pap::sim {
namespace {

std::string code(std::string_view text) { return '`' + std::string(text) + '`'; }

// A bar would end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string how_written(const Key& key) {
  if (key.form == Form::kWord) {
    std::string out;
    for (const std::string_view word : words_of(key.words)) {
      out += (out.empty() ? "" : ", ") + code(word);
    }
    return out;
  }
  if (key.form == Form::kMap) return "map: " + std::string(key.section);
  if (key.form == Form::kOwn) return key.section.empty() ? "" : "see " + std::string(key.section);
  std::string out(looks_like(key.form));
  constexpr std::int64_t kNoEnd = 1'000'000'000'000;
  if (key.least == 0 && key.most == 0) return out;
  if (key.least == key.most) return value_word(key.form, key.least);
  out += "; from " + value_word(key.form, key.least);
  if (key.most < kNoEnd) out += " to " + value_word(key.form, key.most);
  return out;
}

std::string default_of(const Key& key) {
  if (key.required) return "required";
  if (!key.fallback.empty()) return code(key.fallback);
  return key.choice ? "one of these" : "";
}

void append_section(std::string& out, const Section& section) {
  out += "\n### " + std::string(section.name) + "\n\n";
  if (!section.about.empty()) out += std::string(section.about) + "\n\n";
  out += "| key | written as | default | |\n|---|---|---|---|\n";
  for (const Key& key : section.keys) {
    out += "| " + code(key.name) + " | " + cell(how_written(key)) + " | " + default_of(key) +
           " | " + cell(key.about) + " |\n";
  }
}

std::string_view who_of(Subject subject) {
  switch (subject) {
    case Subject::kAgents:
      return "agents";
    case Subject::kNet:
      return "agents, or `collector`";
    case Subject::kStation:
      return "none, or agents";
    case Subject::kCollector:
      break;
  }
  return "none";
}

void append_verbs(std::string& out) {
  out += "\n### Verbs\n\n| verb | parameters | `who` | `during` | |\n|---|---|---|---|---|\n";
  for (const Verb& verb : verbs()) {
    const std::string parameters =
        verb.value != nullptr
            ? (verb.value->words.empty() ? std::string(looks_like(verb.value->form))
                                         : std::string("a mode"))
            : (verb.section.empty() ? std::string() : "map: " + std::string(verb.section));
    out += "| " + code(verb.name) + " | " + cell(parameters) + " | " +
           std::string(who_of(verb.subject)) + " | " + (verb.state ? "yes" : "") + " | " +
           cell(verb.about) + " |\n";
  }
}

std::string_view kind_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kDistribution:
      break;
  }
  return "distribution";
}

void append_metrics(std::string& out) {
  out +=
      "\n### Figures\n\nA counter is its growth over the run, or over `during`; a gauge its "
      "value at the end of it, or its `min` or `max`; a distribution its `min`, `p50`, `p90`, "
      "`p99`, `p999` or `max`.\n\nA bound is a whole number, `5` for just as many, or a text with "
      "`<`, `<=`, `>`, `>=` or `==` before\nit: `{dropped: 0, delivered: \"> 5\"}`. What has "
      "several "
      "values has a map from each to its bound:\n`{waiting: {max: \"<= 5\"}}`, `{lag_ms: {p99: \"< "
      "9000\", max: \"<= 10000\"}}`. `during: ENTRY` in a map of\nfigures is about all of them, "
      "and a "
      "list of such maps has one for each time:\n`outbox: [{dropped: 0}, {delivered: \"> 5\", "
      "during: "
      "em}]`.\n\n| figure | kind | |\n|---|---|---|\n";
  for (const MetricName& metric : kMetrics) {
    out += "| " + code(std::string(metric.section) + ": {" + std::string(metric.name) + ": …}") +
           " | " + std::string(kind_of(metric.kind)) + " | " + cell(metric.about) + " |\n";
  }
}

template <class Table>
void append_names(std::string& out, std::string_view heading, std::string_view about,
                  const Table& table) {
  out += "\n### " + std::string(heading) + "\n\n" + std::string(about) + "\n\n| | |\n|---|---|\n";
  for (const auto& name : table) {
    out += "| " + code(name.name) + " | " + cell(name.about) + " |\n";
  }
}

}  // namespace

std::string vocabulary_tables() {
  std::string out;
  for (const Section& section : sections()) append_section(out, section);
  append_verbs(out);
  append_metrics(out);
  append_names(out, "Excuses", "For `allow`. Granted only where the oracle proves what it says.",
               kExcuses);
  append_names(out, "Marks", "For `reach`. Places in the collector that a run came by.", kMarks);
  append_names(out, "Rules",
               "What a run is held to, whatever the scenario says; and, for `fails`, the names of "
               "its own expectations.",
               kRules);
  append_names(out, "Canaries",
               "For `sabotage`, with the rule that must catch it. The harness lies; the collector "
               "under test is the real one.",
               kSabotages);
  return out;
}

}  // namespace pap::sim
