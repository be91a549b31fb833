// SPDX-License-Identifier: MIT
#include "support/pseudo_terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <vector>

namespace pap::test {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

PseudoTerminal::PseudoTerminal(const ChildWish& wish, unsigned short columns, unsigned short rows) {
  Environment wishes{{"TERM", "xterm-256color"}, {"LANG", "C.UTF-8"}};
  for (const auto& [name, value] : wish.environment) wishes[name] = value;
  std::vector<std::string> environment = environment_of(wishes);
  std::vector<std::string> arguments{wish.program};
  arguments.insert(arguments.end(), wish.arguments.begin(), wish.arguments.end());
  const std::vector<char*> argv = pointers_to(arguments);
  const std::vector<char*> envp = pointers_to(environment);
  const winsize size{rows, columns, 0, 0};
  pid_ = ::forkpty(&master_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("no pseudo-terminal");
  if (pid_ == 0) {
    // Nothing but system calls from here on: the test may have other threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
}

PseudoTerminal::~PseudoTerminal() {
  if (!status_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(master_);
}

void PseudoTerminal::type(std::string_view keys) {
  if (::write(master_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("the terminal takes no keys");
  }
}

void PseudoTerminal::resize(unsigned short columns, unsigned short rows) {
  const winsize size{rows, columns, 0, 0};
  ::ioctl(master_, TIOCSWINSZ, &size);
}

void PseudoTerminal::signal(int number) { ::kill(pid_, number); }

bool PseudoTerminal::gathers_lines() const {
  termios modes{};
  if (::tcgetattr(master_, &modes) != 0) throw std::runtime_error("no modes of the terminal");
  return (modes.c_lflag & ICANON) != 0 && (modes.c_lflag & ECHO) != 0;
}

bool PseudoTerminal::read_some(Clock::time_point end) {
  if (ended_) return false;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  pollfd ready{master_, POLLIN, 0};
  const int count = ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
  if (count < 0) return errno == EINTR;
  if (count == 0) return false;
  std::array<char, 16'384> bytes{};
  const ssize_t got = ::read(master_, bytes.data(), bytes.size());
  if (got < 0 && errno == EINTR) return true;
  ended_ = got <= 0;  // EIO when the program has gone
  if (!ended_) shown_.append(bytes.data(), static_cast<std::size_t>(got));
  return !ended_;
}

bool PseudoTerminal::wait_for(const std::function<bool(const std::string&)>& is_true,
                              Patience patience) {
  const auto end = Clock::now() + patience;
  while (!is_true(shown_)) {
    if (!read_some(end)) return is_true(shown_);
  }
  return true;
}

bool PseudoTerminal::wait_for(const std::string& text, Patience patience) {
  return wait_for(
      [&text](const std::string& shown) { return shown.find(text) != std::string::npos; },
      patience);
}

std::optional<int> PseudoTerminal::wait(Patience patience) {
  const auto end = Clock::now() + patience;
  while (read_some(end)) {
  }
  if (!status_ && ended_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return status_;
}

}  // namespace pap::test
