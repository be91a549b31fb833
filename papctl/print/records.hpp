// SPDX-License-Identifier: MIT
#pragma once

// A list of like things in any format: rows for people and for TSV, JSON for programs.
//
// Rows are shown while they come: the first kSettleRows settle a table's widths.
// Threads: one.

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "papctl/print/format.hpp"
#include "papctl/print/output.hpp"
#include "papctl/print/table.hpp"
#include "papctl/print/terminal.hpp"

namespace pap::ctl {

struct Record {
  Table::Row cells;               // for table and wide, visible()
  std::vector<std::string> full;  // for TSV, one for each of tsv_headers, raw
  std::string name;               // for -o name, raw
  nlohmann::ordered_json json;    // for the rest
};

class Records {
 public:
  static constexpr std::size_t kSettleRows = 500;

  // `several`: each record says whose it is, in a column and a key "collector" of their own.
  Records(Format format, bool headers, bool several, const Terminal& terminal, Output& out,
          std::vector<Column> columns, std::vector<std::string> tsv_headers);

  void add(Record record, const std::string& collector = {});
  // All is there. Without any row, `nothing` goes to stderr for people.
  void end(const std::string& nothing);
  // What waits for its table is shown now, with widths from what there is; more may come.
  void show_now();

  std::size_t count() const { return count_; }

 private:
  void open();
  void settle(bool more_to_come);

  const Format format_;
  const bool headers_;
  const bool several_;
  const Terminal& terminal_;
  Output& out_;
  const std::vector<std::string> tsv_headers_;
  Table table_;
  std::vector<Table::Row> waiting_;
  std::size_t count_ = 0;
  bool opened_ = false;
};

// One value, in json, jsonl or yaml.
std::string in_format(const nlohmann::ordered_json& value, Format format);
// What a collector answered to a command that is no list: in those formats; as TSV a line for each
// of its values, "key.key <tab> value"; as a name, that of whom it was about.
std::string as_answer(const nlohmann::ordered_json& value, const std::string& name, Format format,
                      const Terminal& terminal);
std::string key_lines(const nlohmann::ordered_json& value, const std::string& collector = {});
// One line of -o name: visible(), but for a program with the joiners that names in some scripts and
// emoji have, so that it can be given back to a command.
std::string name_line(const std::string& name, const Terminal& terminal);
// Fields of one line of TSV: tabs, newlines and backslashes escaped as \t, \n and \\.
std::string tsv_line(const std::vector<std::string>& fields);

}  // namespace pap::ctl
