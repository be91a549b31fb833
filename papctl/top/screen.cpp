// SPDX-License-Identifier: MIT
#include "papctl/top/screen.hpp"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl::top {
namespace {

// The alternate screen; no cursor; and what is too wide all the same is cut, not wrapped.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// For signal handlers, which are given nothing.
termios as_it_was{};                          // NOLINT: see above
volatile std::sig_atomic_t is_taken = 0;      // NOLINT
std::array<struct sigaction, 5> before_us{};  // NOLINT

// System calls alone: this happens in signal handlers too.
void give_back() {
  if (is_taken == 0) return;
  is_taken = 0;
  std::string_view rest = kLeave;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_it_was);
}

// In columns, without the paint.
std::size_t width_shown(std::string_view line) {
  std::string plain;
  while (!line.empty()) {
    const std::size_t escape = std::min(line.find('\x1b'), line.size());
    plain += line.substr(0, escape);
    line.remove_prefix(escape);
    line.remove_prefix(line.empty() ? 0 : std::min(line.find('m'), line.size() - 1) + 1);
  }
  return width_of(plain);
}

void on_fatal(int number) {
  give_back();
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    if (kFatal[i] == number) ::sigaction(number, &before_us[i], nullptr);
  }
  ::raise(number);
}

}  // namespace

Screen::Screen(Output& out) : out_(out) {
  if (::tcgetattr(STDIN_FILENO, &as_it_was) != 0) {
    throw Failure(kError, std::string("no terminal: ") + std::strerror(errno));
  }
  struct sigaction action {};
  action.sa_handler = on_fatal;
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    ::sigaction(kFatal[i], &action, &before_us[i]);
  }
  enter();
}

Screen::~Screen() {
  give_back();
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    ::sigaction(kFatal[i], &before_us[i], nullptr);
  }
}

void Screen::leave() { give_back(); }

void Screen::enter() {
  termios keys = as_it_was;
  // Keys at once and unseen. Ctrl-C and Ctrl-Z stay signals.
  keys.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO | IEXTEN));
  keys.c_iflag &= static_cast<tcflag_t>(~(IXON | ICRNL));
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  is_taken = 1;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &keys);
  out_.write(kEnter);
  out_.flush();
  forget();
}

Size Screen::size() {
  constexpr unsigned short kMost = 1'000;
  winsize size{};
  Size out;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    out = {std::min(size.ws_col, kMost), std::min(size.ws_row, kMost)};
  }
  return out;
}

void Screen::show(const std::vector<std::string>& lines) {
  const std::size_t columns = size().columns;
  std::string all;
  if (std::exchange(whole_, false)) {
    shown_.clear();
    all += "\x1b[H\x1b[J";
  }
  const std::size_t most = std::max(lines.size(), shown_.size());
  for (std::size_t i = 0; i < most; ++i) {
    const std::string_view line =
        i < lines.size() ? std::string_view(lines[i]) : std::string_view();
    if (i < shown_.size() ? shown_[i] == line : line.empty()) continue;
    // Written over in place and the rest cleared: nothing blinks. Behind a full line there is no
    // rest, and the cursor stands on its last character.
    all += "\x1b[" + std::to_string(i + 1) + ";1H";
    all += line;
    if (width_shown(line) < columns) all += "\x1b[K";
  }
  shown_ = lines;
  if (all.empty()) return;
  out_.write(all);
  out_.flush();
}

}  // namespace pap::ctl::top
