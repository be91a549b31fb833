// SPDX-License-Identifier: MIT
#include "papctl/top/line.hpp"

#include <algorithm>

#include "papctl/print/text.hpp"

namespace pap::ctl::top {

Line& Line::add(std::string_view text, Paint paint) {
  const std::string cut = cut_to(text, room_, terminal_.utf8());
  text_ += terminal_.painted(cut, paint);
  room_ -= std::min(room_, width_of(cut));
  return *this;
}

Line& Line::add_whole(std::string_view text, Paint paint) {
  constexpr std::string_view kGap = "  ";
  if (kGap.size() + width_of(text) > room_) return *this;
  return add(kGap).add(text, paint);
}

std::array<std::size_t, 3> shares(const std::array<std::uint64_t, 3>& counts, std::size_t cells) {
  std::array<std::size_t, 3> out{};
  const double total = static_cast<double>(counts[0]) + static_cast<double>(counts[1]) +
                       static_cast<double>(counts[2]);
  if (total <= 0) return out;
  std::size_t given = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (counts[i] == 0) continue;
    const double share = static_cast<double>(counts[i]) / total * static_cast<double>(cells);
    out[i] = std::max<std::size_t>(static_cast<std::size_t>(share), 1);
    given += out[i];
  }
  // What rounding left over, or took too much of, is the largest one's.
  const auto largest =
      static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  if (given <= cells) {
    out[largest] += cells - given;
  } else {
    out[largest] -= std::min(out[largest], given - cells);
  }
  return out;
}

std::string bar(const Terminal& terminal, std::span<const Part> parts, std::size_t cells) {
  std::array<std::uint64_t, 3> counts{};
  const std::size_t size = std::min(parts.size(), counts.size());
  for (std::size_t i = 0; i < size; ++i) counts[i] = parts[i].count;
  const auto widths = shares(counts, cells);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    std::string cell;
    for (std::size_t n = 0; n < widths[i]; ++n) cell += parts[i].glyph;
    out += terminal.painted(cell, parts[i].paint);
  }
  if (counts == std::array<std::uint64_t, 3>{}) out += std::string(cells, ' ');
  return out;
}

}  // namespace pap::ctl::top
