// SPDX-License-Identifier: MIT
#include "papctl/print/records.hpp"

#include <algorithm>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

// Bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dumped(const Json& value, int indent = -1) {
  return visible_json(value.dump(indent, ' ', false, Json::error_handler_t::replace));
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, each] : value.items()) {
      out << YAML::Key << visible(key) << YAML::Value;
      emit(out, each);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const Json& each : value) emit(out, each);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    // Quoted always: a name like `yes` or `1e3` must stay a text.
    out << YAML::DoubleQuoted << value.get<std::string>();
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();  // numbers as JSON writes them, true and false
  }
}

std::string yaml_of(const Json& value) {
  YAML::Emitter out;
  out.SetOutputCharset(YAML::EscapeNonAscii);
  emit(out, value);
  return out.c_str();
}

template <class T>
std::vector<T> with_collector(bool several, T first, std::vector<T> rest) {
  if (several) rest.insert(rest.begin(), std::move(first));
  return rest;
}

}  // namespace

std::string tsv_line(const std::vector<std::string>& fields) {
  std::string out;
  for (const std::string& field : fields) {
    if (!out.empty() || &field != &fields.front()) out += '\t';
    std::string text;
    for (const char c : field) {
      text += c;
      if (c == '\\') text += c;
    }
    out += visible(text);
  }
  return out + '\n';
}

std::string in_format(const Json& value, Format format) {
  if (format == Format::kYaml) return yaml_of(value) + '\n';
  return dumped(value, format == Format::kJson ? 2 : -1) + '\n';
}

std::string key_lines(const Json& value, const std::string& collector) {
  std::string out;
  const Json flat = value.flatten();
  for (const auto& [path, each] : flat.items()) {
    std::string key = path.substr(1);
    std::replace(key.begin(), key.end(), '/', '.');
    std::vector<std::string> fields{key, each.is_string() ? each.get<std::string>() : each.dump()};
    if (!collector.empty()) fields.insert(fields.begin(), collector);
    out += tsv_line(fields);
  }
  return out;
}

std::string name_line(const std::string& name, const Terminal& terminal) {
  std::string rest = name;
  for (const std::string_view joiner : {"\u200c", "\u200d"}) {
    for (auto at = rest.find(joiner); at != std::string::npos; at = rest.find(joiner)) {
      rest.erase(at, joiner.size());
    }
  }
  const bool harmless = visible(rest) == rest;
  return (harmless && !terminal.interactive() ? name : visible(name)) + '\n';
}

std::string as_answer(const Json& value, const std::string& name, Format format,
                      const Terminal& terminal) {
  if (format == Format::kName) return name_line(name, terminal);
  if (format == Format::kTsv) return key_lines(value);
  return in_format(value, format);
}

Records::Records(Format format, bool headers, bool several, const Terminal& terminal, Output& out,
                 std::vector<Column> columns, std::vector<std::string> tsv_headers)
    : format_(format),
      headers_(headers),
      several_(several),
      terminal_(terminal),
      out_(out),
      tsv_headers_(with_collector(several, std::string("collector"), std::move(tsv_headers))),
      table_(with_collector(several, Column{"COLLECTOR", 8, 60, false}, std::move(columns)),
             terminal, headers) {}

void Records::open() {
  if (!std::exchange(opened_, true) && format_ == Format::kTsv && headers_) {
    out_.write(tsv_line(tsv_headers_));
  }
}

void Records::add(Record record, const std::string& collector) {
  open();
  if (several_) {
    record.cells.insert(record.cells.begin(), Cell{visible(collector, terminal_.utf8()), {}});
    record.full.insert(record.full.begin(), collector);
    Json json{{"collector", collector}};
    json.update(record.json);
    record.json = std::move(json);
  }
  const bool first = count_++ == 0;
  switch (format_) {
    case Format::kTable:
    case Format::kWide:
      if (table_.settled()) {
        out_.write(table_.line(record.cells));
      } else {
        waiting_.push_back(std::move(record.cells));
        if (waiting_.size() >= kSettleRows) {
          settle(false);
          out_.flush();
        }
      }
      break;
    case Format::kJson:
      out_.write(first ? "[\n  " : ",\n  ");
      out_.write(dumped(record.json));
      break;
    case Format::kJsonl:
      out_.write(dumped(record.json) + '\n');
      break;
    case Format::kYaml:
      out_.write(yaml_of(Json::array({std::move(record.json)})) + '\n');
      break;
    case Format::kName:
      out_.write(name_line(record.name, terminal_));
      break;
    case Format::kTsv:
    case Format::kRaw:
      out_.write(tsv_line(record.full));
      break;
  }
}

void Records::settle(bool more_to_come) {
  if (!is_for_people(format_) || table_.settled() || waiting_.empty()) return;
  table_.settle(waiting_, more_to_come);
  out_.write(table_.header());
  for (const Table::Row& row : waiting_) out_.write(table_.line(row));
  waiting_.clear();
}

void Records::show_now() {
  open();
  settle(true);
  out_.flush();
}

void Records::end(const std::string& nothing) {
  open();
  settle(false);
  if (format_ == Format::kJson) out_.write(count_ == 0 ? "[]\n" : "\n]\n");
  if (format_ == Format::kYaml && count_ == 0) out_.write("[]\n");
  out_.flush();
  if (count_ == 0 && is_for_people(format_) && !nothing.empty()) complain(nothing);
}

}  // namespace pap::ctl
