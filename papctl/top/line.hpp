// SPDX-License-Identifier: MIT
#pragma once

// One line of a screen: painted pieces, cut where the screen ends.
//
// Threads: one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "papctl/print/terminal.hpp"

namespace pap::ctl::top {

class Line {
 public:
  Line(const Terminal& terminal, std::size_t columns) : terminal_(terminal), room_(columns) {}

  // The text is visible() already.
  Line& add(std::string_view text, Paint paint = Paint::kPlain);
  // Behind two blanks, and only where it has room as a whole.
  Line& add_whole(std::string_view text, Paint paint = Paint::kPlain);

  std::size_t room() const { return room_; }
  std::string text() const { return text_; }

 private:
  const Terminal& terminal_;
  std::size_t room_;
  std::string text_;
};

struct Part {
  std::uint64_t count;
  std::string_view glyph;  // one column
  Paint paint;
};
// `cells` columns shared out by the counts; whoever is not nought has one at least, while there are
// as many.
std::string bar(const Terminal& terminal, std::span<const Part> parts, std::size_t cells);
// … how many each has.
std::array<std::size_t, 3> shares(const std::array<std::uint64_t, 3>& counts, std::size_t cells);

}  // namespace pap::ctl::top
