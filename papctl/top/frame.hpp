// SPDX-License-Identifier: MIT
#pragma once

// What stands on the screen: the model, drawn into so many columns and lines.
//
// Threads: pure functions.

#include <cstddef>
#include <string>
#include <vector>

#include "papctl/print/terminal.hpp"
#include "papctl/top/model.hpp"

namespace pap::ctl::top {

struct Size {
  std::size_t columns = 80;
  std::size_t lines = 24;
  bool operator==(const Size&) const = default;
};

struct Frame {
  std::vector<std::string> lines;  // at most as many as the screen has, each no wider than it
  std::size_t page = 0;            // how many agents have room
};

// Of the terminal, only colours and UTF-8 count.
Frame draw(const Model& model, Size size, const Terminal::Traits& traits, Moment now);

}  // namespace pap::ctl::top
