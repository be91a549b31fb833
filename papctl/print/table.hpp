// SPDX-License-Identifier: MIT
#pragma once

// An aligned table within so many columns of a terminal.
//
// Widths are settled by the rows that are there when the first is printed; later rows keep them and
// are cut, on a terminal. Where not all fits, the columns that matter less (Column::importance
// under kMatters) are cut, then go, the least important first; only then are the others cut.
// Threads: one.

#include <cstddef>
#include <string>
#include <vector>

#include "papctl/print/terminal.hpp"

namespace pap::ctl {

struct Column {
  std::string header;
  static constexpr unsigned kMatters = 50;
  std::size_t least = 0;     // width to which it may be cut; 0: never cut
  unsigned importance = 10;  // the lowest goes first; the highest stays
  bool right = false;        // aligned to the right: numbers
  std::size_t usual = 0;     // room on a terminal, for rows that come after the widths are settled
  bool middle = false;       // cut in its middle: ids alike at their beginnings
};

struct Cell {
  std::string text;  // visible() already
  Paint paint = Paint::kPlain;
};

class Table {
 public:
  using Row = std::vector<Cell>;  // one for each column

  Table(std::vector<Column> columns, const Terminal& terminal, bool headers);

  // The widths from these rows and the headers; of columns at their usual width, where more rows
  // are to come.
  void settle(const std::vector<Row>& rows, bool more_to_come = false);
  bool settled() const { return !widths_.empty(); }
  // Lines with their newline; "" for a header that is not wanted.
  std::string header() const;
  std::string line(const Row& row) const;

 private:
  std::string join(const Row& row) const;
  bool fits() const;
  // Cuts columns of one kind, the widest first, until all fits; false when it cannot.
  bool cut(bool those_that_matter);

  const std::vector<Column> columns_;
  const Terminal& terminal_;
  const bool headers_;
  std::vector<std::size_t> widths_;
  std::vector<bool> shown_;
};

}  // namespace pap::ctl
