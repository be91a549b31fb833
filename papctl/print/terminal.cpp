// SPDX-License-Identifier: MIT
#include "papctl/print/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace pap::ctl {
namespace {

constexpr std::size_t kDefaultColumns = 80;
constexpr std::size_t kFewestColumns = 20;
constexpr std::size_t kMostColumns = 1'000;

std::optional<std::string> environment(const char* name) {
  // Read before any thread is started.
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string(text);
}

std::optional<std::size_t> columns_of(int descriptor, bool interactive) {
  if (const auto given = environment("COLUMNS")) {
    const long columns = std::strtol(given->c_str(), nullptr, 10);
    if (columns > 0) {
      return std::clamp(static_cast<std::size_t>(columns), kFewestColumns, kMostColumns);
    }
  }
  if (!interactive) return std::nullopt;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return std::clamp<std::size_t>(size.ws_col, kFewestColumns, kMostColumns);
  }
  return kDefaultColumns;
}

bool wants_colors(ColorWish wish, bool interactive) {
  if (wish != ColorWish::kAuto) return wish == ColorWish::kAlways;
  if (environment("NO_COLOR")) return false;
  if (const auto force = environment("CLICOLOR_FORCE"); force && *force != "0") return true;
  return interactive && environment("TERM").value_or("dumb") != "dumb";
}

// As setlocale(3) looks for it.
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment(name);
    if (!value) continue;
    return ::strcasestr(value->c_str(), "utf-8") != nullptr ||
           ::strcasestr(value->c_str(), "utf8") != nullptr;
  }
  return false;
}

const char* code_of(Paint paint) {
  switch (paint) {
    case Paint::kPlain:
      break;
    case Paint::kGood:
      return "\x1b[32m";
    case Paint::kBad:
      return "\x1b[1;31m";
    case Paint::kWarn:
      return "\x1b[33m";
    case Paint::kFaint:
      return "\x1b[2m";
    case Paint::kBold:
      return "\x1b[1m";
  }
  return "";
}

}  // namespace

Terminal Terminal::of_stdout(ColorWish wish) {
  Traits traits;
  traits.interactive = ::isatty(STDOUT_FILENO) == 1;
  traits.colors = wants_colors(wish, traits.interactive);
  traits.utf8 = speaks_utf8();
  traits.columns = columns_of(STDOUT_FILENO, traits.interactive);
  return Terminal(traits);
}

std::string Terminal::painted(std::string_view text, Paint paint) const {
  if (!traits_.colors || paint == Paint::kPlain || text.empty()) return std::string(text);
  return code_of(paint) + std::string(text) + "\x1b[0m";
}

}  // namespace pap::ctl
