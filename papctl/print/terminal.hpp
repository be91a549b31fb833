// SPDX-License-Identifier: MIT
#pragma once

// What stands at the other end of stdout: a terminal or a pipe, how wide, colours or not, UTF-8 or
// not.
//
// Colours: --color, else NO_COLOR and CLICOLOR_FORCE (no-color.org, bixense.com/clicolors), else on
// a terminal that is not `dumb`.
// Threads: values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pap::ctl {

enum class ColorWish : std::uint8_t { kAuto, kAlways, kNever };

enum class Paint : std::uint8_t { kPlain, kGood, kBad, kWarn, kFaint, kBold };

class Terminal {
 public:
  // For tests: any terminal that one likes.
  struct Traits {
    bool interactive = false;
    bool colors = false;
    bool utf8 = true;
    std::optional<std::size_t> columns = 80;
  };
  explicit Terminal(const Traits& traits) : traits_(traits) {}

  // Of this process's stdout.
  static Terminal of_stdout(ColorWish wish);

  bool interactive() const { return traits_.interactive; }
  bool colors() const { return traits_.colors; }
  bool utf8() const { return traits_.utf8; }
  // Where lines are cut: the terminal's width, or COLUMNS. A pipe has none.
  std::optional<std::size_t> columns() const { return traits_.columns; }

  // The text in this paint, or as it is.
  std::string painted(std::string_view text, Paint paint) const;
  // A symbol, or what stands for it without UTF-8.
  std::string_view symbol(std::string_view wanted, std::string_view ascii) const {
    return traits_.utf8 ? wanted : ascii;
  }

 private:
  Traits traits_;
};

}  // namespace pap::ctl
