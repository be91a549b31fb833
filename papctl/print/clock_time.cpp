// SPDX-License-Identifier: MIT
#include "papctl/print/clock_time.hpp"

#include <chrono>
#include <ctime>

namespace pap::ctl {
namespace {

std::string local(TimePoint time, bool with_date) {
  const std::time_t second =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  ::localtime_r(&second, &parts);
  std::string out(32, '\0');
  out.resize(with_date ? std::strftime(out.data(), out.size(), "%m-%d %H:%M:%S", &parts)
                       : std::strftime(out.data(), out.size(), "%H:%M:%S", &parts));
  return out;
}

}  // namespace

std::string clock_milliseconds(TimePoint time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::string fraction =
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count());
  return local(time, false) + '.' + std::string(3 - fraction.size(), '0') + fraction;
}

std::string clock_second(TimePoint time, TimePoint now) {
  constexpr std::chrono::hours kFar{12};
  const auto away = time > now ? time - now : now - time;
  return local(time, away >= kFar);
}

}  // namespace pap::ctl
