// SPDX-License-Identifier: MIT
#include "papctl/print/table.hpp"

#include <algorithm>
#include <utility>

#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {
constexpr std::size_t kGap = 2;
}

Table::Table(std::vector<Column> columns, const Terminal& terminal, bool headers)
    : columns_(std::move(columns)), terminal_(terminal), headers_(headers) {}

void Table::settle(const std::vector<Row>& rows, bool more_to_come) {
  widths_.assign(columns_.size(), 0);
  shown_.assign(columns_.size(), true);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (headers_) widths_[i] = width_of(columns_[i].header);
    if (more_to_come) widths_[i] = std::max(widths_[i], columns_[i].usual);
    for (const Row& row : rows) widths_[i] = std::max(widths_[i], width_of(row[i].text));
  }
  if (!terminal_.columns()) return;
  const std::vector<std::size_t> natural = widths_;
  while (!cut(false) && !cut(true)) {
    // Not even so: without the least important, and with what that leaves room for.
    std::size_t least = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!shown_[i]) continue;
      if (least == columns_.size() || columns_[i].importance < columns_[least].importance) {
        least = i;
      }
    }
    widths_ = natural;
    if (std::count(shown_.begin(), shown_.end(), true) == 1) {
      widths_[least] = *terminal_.columns();
      return;
    }
    shown_[least] = false;
  }
}

bool Table::fits() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    if (shown_[i]) sum += widths_[i] + (sum > 0 ? kGap : 0);
  }
  return sum <= *terminal_.columns();
}

bool Table::cut(bool those_that_matter) {
  // They are cut only when all that matters less has gone.
  const auto matters = [this](std::size_t i) { return columns_[i].importance >= Column::kMatters; };
  for (std::size_t i = 0; those_that_matter && i < columns_.size(); ++i) {
    if (shown_[i] && !matters(i)) return false;
  }
  while (!fits()) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!shown_[i] || matters(i) != those_that_matter) continue;
      if (columns_[i].least == 0 || widths_[i] <= columns_[i].least) continue;
      if (widest == columns_.size() || widths_[i] > widths_[widest]) widest = i;
    }
    if (widest == columns_.size()) return false;
    --widths_[widest];
  }
  return true;
}

std::string Table::header() const {
  if (!headers_) return {};
  Row row;
  for (const Column& column : columns_) row.push_back({column.header, Paint::kFaint});
  return join(row);
}

std::string Table::line(const Row& row) const { return join(row); }

std::string Table::join(const Row& row) const {
  std::string out;
  std::size_t last = columns_.size();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (shown_[i]) last = i;
  }
  bool first = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!shown_[i]) continue;
    if (!std::exchange(first, false)) out.append(kGap, ' ');
    // A pipe has no edge: there a longer one only stands out of line.
    std::string text = row[i].text;
    if (terminal_.columns()) {
      text = columns_[i].middle ? cut_middle(text, widths_[i], terminal_.utf8())
                                : cut_to(text, widths_[i], terminal_.utf8());
    }
    const std::string blanks(widths_[i] - std::min(widths_[i], width_of(text)), ' ');
    if (columns_[i].right) out += blanks;
    out += terminal_.painted(text, row[i].paint);
    if (!columns_[i].right && i != last) out += blanks;  // no blanks at the end of a line
  }
  return out + '\n';
}

}  // namespace pap::ctl
