// SPDX-License-Identifier: MIT
#include "papctl/commands/arguments.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "pap/protocol/mode.hpp"

namespace pap::ctl {

using std::chrono::milliseconds;

milliseconds parse_duration(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::int64_t kLongest = 1'000LL * 3'600'000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, factor] : kUnits) {
    if (error != std::errc{} || unit != name) continue;
    if (count < 1 || count > kLongest / factor) break;
    return milliseconds(count * factor);
  }
  throw CLI::ValidationError("\"" + text + "\" is no duration: it looks like 500ms, 30s, 5m or 2h");
}

CLI::Option* add_duration(CLI::App& app, const std::string& flags, milliseconds& value,
                          const std::string& help) {
  return app
      .add_option_function<std::string>(
          flags, [&value](const std::string& text) { value = parse_duration(text); }, help)
      ->type_name("TIME");
}

std::string parse_mode_word(const std::string& text) {
  std::string upper = text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (protocol::parse_mode(upper)) return upper;
  throw CLI::ValidationError("\"" + text + "\" is no mode: EMERGENCY, IDLE or SLEEP");
}

CLI::Validator some_id() {
  return {[](const std::string& text) { return text.empty() ? "an id that is empty" : ""; }, ""};
}

CLI::Validator some_count(std::uint64_t least) {
  return {[least](const std::string& text) {
            std::uint64_t count = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, count);
            if (error != std::errc{} || stop != end) return '"' + text + "\" is no count";
            if (count < least) return '"' + text + "\" is less than " + std::to_string(least);
            return std::string{};
          },
          ""};
}

CLI::Validator some_seconds() {
  return {[](const std::string& text) {
            double seconds = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, seconds);
            const bool good = error == std::errc{} && stop == end && std::isfinite(seconds);
            return good && seconds >= 0 ? "" : '"' + text + "\" is no number of seconds";
          },
          ""};
}

CLI::Option* add_mode(CLI::App& app, const std::string& flags, std::string& value,
                      const std::string& help) {
  return app
      .add_option_function<std::string>(
          flags, [&value](const std::string& text) { value = parse_mode_word(text); }, help)
      ->type_name("MODE");
}

}  // namespace pap::ctl
