// SPDX-License-Identifier: MIT
#include "papctl/print/observation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "pap/protocol/mode.hpp"
#include "papctl/client/fleet.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/print/agent_rows.hpp"
#include "papctl/print/clock_time.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t kLabelColumns = 24;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string scalar_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

milliseconds seconds_of(double seconds) {
  return milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 4e9) * 1000));
}

// The time of day on this machine's clock face, from the collector's timestamp.
std::string clock_time(const std::string& timestamp) {
  const auto time = parse_timestamp(timestamp);
  return time ? clock_milliseconds(*time) : "--:--:--.---";
}

void also(std::string& note, const std::string& more) {
  if (!note.empty()) note += ", ";
  note += more;
}

}  // namespace

std::string ObservationLines::header() const {
  if (format_ != Format::kTsv) return {};
  std::vector<std::string> names{"timestamp", "type",           "agent_uuid", "agent_name",
                                 "mode",      "uptime_seconds", "gap_ms",     "note"};
  if (several_) names.insert(names.begin(), "collector");
  return tsv_line(names);
}

ObservationLines::Line ObservationLines::line_for(const std::string& message,
                                                  const std::string& collector) {
  const json parsed = read_json<json>(message);
  Line line;
  if (!parsed.is_object()) {
    line.complaint = "the collector sent what is no message: " + visible(cut_to(message, 80));
    return line;
  }
  const std::string type = text_of(parsed, "type");
  if (type == "dropped") {
    line.complaint = "the collector dropped " + visible(scalar_of(parsed.value("count", json(0)))) +
                     " messages, since they were not read fast enough";
  } else if (type.empty() && parsed.contains("error")) {
    line.complaint = "the collector says: " + visible(scalar_of(parsed["error"]));
  }
  line.counts = type == "heartbeat" || type == "alert" || type == "recovered" || type == "removed";
  if (line.counts && !is_wanted(parsed, type)) return {};
  const Said said = read(parsed);
  switch (format_) {
    case Format::kJson:
    case Format::kJsonl:
      if (several_) {
        nlohmann::ordered_json labelled{{"collector", collector}};
        labelled.update(nlohmann::ordered_json::parse(message));
        line.out = in_format(labelled, Format::kJsonl);
      } else {
        line.out = visible_json(message) + '\n';
      }
      break;
    case Format::kYaml:
      line.out = "---\n" + in_format(nlohmann::ordered_json::parse(message), Format::kYaml);
      break;
    case Format::kName:
      if (line.counts) line.out = name_line(said.id, terminal_);
      break;
    case Format::kTsv:
    case Format::kRaw:
      if (!type.empty()) {
        std::vector<std::string> fields{said.time,
                                        said.type,
                                        said.id,
                                        said.name,
                                        said.mode,
                                        said.uptime ? plain_number(*said.uptime) : "",
                                        said.gap ? std::to_string(said.gap->count()) : "",
                                        said.note};
        if (several_) fields.insert(fields.begin(), collector);
        line.out = tsv_line(fields);
      }
      break;
    case Format::kTable:
    case Format::kWide:
      if (line.counts || type == "initial") line.out = for_people(said, collector);
      break;
  }
  return line;
}

bool ObservationLines::is_wanted(const json& message, const std::string& type) const {
  if (name_glob_.empty()) return true;
  if (type == "removed") {  // it says no name
    const auto found = known_.find(text_of(message, "agent_uuid"));
    return found != known_.end() && glob_takes(name_glob_, found->second.name);
  }
  const json about = message.value(type == "alert" ? "alert" : "agent", json::object());
  return about.is_object() && glob_takes(name_glob_, text_of(about, "agent_name"));
}

ObservationLines::Said ObservationLines::read(const json& message) {
  Said said;
  said.type = text_of(message, "type");
  said.time = text_of(message, "timestamp");
  said.symbol = terminal_.symbol("·", ".");
  if (const auto agent = message.find("agent"); agent != message.end() && agent->is_object()) {
    read_agent(*agent, said);
  }
  if (said.type == "heartbeat") {
    read_heartbeat(message, said);
  } else if (said.type == "initial") {
    read_initial(message, said);
  } else if (said.type == "alert") {
    read_alert(message, said);
  } else if (said.type == "recovered") {
    said.symbol = terminal_.symbol("✔", "+");
    said.paint = Paint::kGood;
    said.note = "is back";
  } else if (said.type == "removed") {
    said.id = text_of(message, "agent_uuid");
    said.symbol = terminal_.symbol("−", "-");
    said.note = "was removed";
    known_.erase(said.id);
  }
  said.name_is_shared = is_shared(said.name, said.id);
  return said;
}

bool ObservationLines::is_shared(const std::string& name, const std::string& id) {
  if (name.empty() || name == id) return false;
  std::string& who = named_.try_emplace(name, id).first->second;
  if (who != id) who.clear();
  return who.empty();
}

void ObservationLines::read_agent(const json& agent, Said& said) {
  said.id = text_of(agent, "agent_uuid");
  said.name = text_of(agent, "agent_name");
  said.mode = text_of(agent, "mode");
  if (const auto uptime = agent.find("uptime_seconds");
      uptime != agent.end() && uptime->is_number()) {
    said.uptime = uptime->get<double>();
  }
}

void ObservationLines::read_heartbeat(const json&, Said& said) {
  said.symbol = terminal_.symbol("♥", "*");
  said.paint = paint_of_mode(said.mode);
  const auto now = parse_timestamp(said.time);
  const auto found = known_.find(said.id);
  if (found != known_.end()) {
    const Known& before = found->second;
    if (now && before.at) said.gap = std::chrono::duration_cast<milliseconds>(*now - *before.at);
    if (said.mode != before.mode) {
      also(said.note, "mode was " + before.mode);
      said.paint = said.mode == "EMERGENCY" ? Paint::kBad : Paint::kGood;
    }
    if (said.name != before.name) also(said.note, "name was " + before.name);
    if (said.uptime && *said.uptime < before.uptime) {
      also(said.note, "uptime was " + short_duration(seconds_of(before.uptime)));
      said.paint = Paint::kWarn;
    }
    const auto mode = protocol::parse_mode(before.mode);
    if (mode && said.gap && *said.gap >= 2 * protocol::interval_of(*mode)) {
      const auto missed = *said.gap / protocol::interval_of(*mode) - 1;
      also(said.note, "missed " + std::to_string(missed));
    }
  }
  known_[said.id] = {now, said.mode, said.name, said.uptime.value_or(0)};
}

void ObservationLines::read_initial(const json& message, Said& said) {
  const json agent = message.value("agent", json::object());
  if (!agent.is_object()) return;
  if (text_of(agent, "status") == "unknown") {
    said.note = "not seen yet";
    return;
  }
  said.time = text_of(agent, "last_seen");
  const bool healthy = agent.value("healthy", json(false)) == json(true);
  said.note = healthy ? "is healthy" : "is unhealthy";
  said.paint = healthy ? Paint::kGood : Paint::kBad;
  known_[said.id] = {parse_timestamp(said.time), said.mode, said.name, said.uptime.value_or(0)};
}

void ObservationLines::read_alert(const json& message, Said& said) const {
  const json alert = message.value("alert", json::object());
  if (!alert.is_object()) return;
  said.id = text_of(alert, "agent_uuid");
  said.name = text_of(alert, "agent_name");
  said.time = text_of(alert, "timestamp");
  const std::string severity = text_of(alert, "severity");
  said.symbol = terminal_.symbol("✘", "!");
  said.paint = severity == "critical" ? Paint::kBad : Paint::kWarn;
  said.note = text_of(alert, "type");
  const json details = alert.value("details", json::object());
  if (!details.is_object()) return;
  for (const auto& [key, value] : details.items()) {
    also(said.note, key + ' ' + scalar_of(value));
  }
}

// Padded, and on a terminal cut, to its column.
std::string ObservationLines::who(const Said& said) const {
  const bool utf8 = terminal_.utf8();
  const bool named = !said.name.empty() && said.name != said.id;
  const std::string id = visible(said.id, utf8);
  const std::string name = visible(said.name, utf8);
  if (format_ == Format::kWide && named) return padded(id, 36) + ' ' + name;
  // A third of a narrow terminal is for the name, so that what happened is seen too.
  const std::size_t room =
      std::clamp(terminal_.columns().value_or(SIZE_MAX) / 3, std::size_t{8}, kLabelColumns);
  const auto cut = [&](const std::string& text, std::size_t columns) {
    return terminal_.columns() ? cut_to(text, columns, utf8) : text;
  };
  if (!named) return padded(cut(id, room), room);
  if (!said.name_is_shared) return padded(cut(name, room), room);
  if (room < 2 * kShortIdColumns) return padded(cut_middle(id, room, utf8), room);
  const std::string which = terminal_.columns() ? short_id(id, utf8) : id;
  return padded(cut(name, room - kShortIdColumns - 1) + ' ' + which, room);
}

std::string ObservationLines::for_people(const Said& said, const std::string& collector) const {
  const bool utf8 = terminal_.utf8();
  std::string line = clock_time(said.time) + ' ' + said.symbol + ' ' + who(said);
  if (!said.mode.empty()) line += ' ' + padded(visible(said.mode, utf8), 9);
  if (said.uptime) line += " up " + padded(short_duration(seconds_of(*said.uptime)), 6);
  if (said.gap) line += " +" + padded(short_duration(*said.gap, true), 6);
  if (!said.note.empty()) line += ' ' + visible(said.note, utf8);
  while (line.ends_with(' ')) line.pop_back();
  // Whose it is must be seen, however long the note.
  const std::string whose = several_ ? "  " + visible(collector, utf8) : "";
  if (const auto columns = terminal_.columns()) {
    line = cut_to(line, *columns - std::min(*columns, width_of(whose)), utf8);
    line = cut_to(line + whose, *columns, utf8);
  } else {
    line += whose;
  }
  return terminal_.painted(line, said.paint) + '\n';
}

}  // namespace pap::ctl
