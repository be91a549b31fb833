// SPDX-License-Identifier: MIT
#include "net/settings_values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <limits>
#include <optional>
#include <system_error>

#include "net/limits.hpp"
#include "net/station_url.hpp"
#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// C0, DEL, and C1 in its UTF-8 form: what moves a terminal's cursor or ends a line.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return false;
}

// The value as a message may repeat it.
std::string quoted(std::string_view text) {
  if (!protocol::is_utf8(text) || has_control_character(text))
    return "a value that cannot be shown";
  return protocol::quoted_for_message(text);
}

std::string why_not_text(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return "is " + std::to_string(text.size()) + " bytes long; " + std::to_string(max_bytes) +
           " are allowed";
  }
  if (!protocol::is_utf8(text)) return "is not UTF-8";
  if (has_control_character(text)) return "holds a control character";
  return {};
}

std::string why_not_secret(std::string_view text) {
  if (text.empty()) return "holds nothing but a newline; to leave it unset, make it empty";
  if (text.size() > kMaxSecretBytes) {
    return "is over " + std::to_string(kMaxSecretBytes) + " bytes long";
  }
  // It stands in a header line, where anything else would end or split it.
  const auto visible = [](char c) { return c >= 0x20 && c < 0x7F; };
  if (has_control_character(text)) return "holds a control character";
  if (!std::ranges::all_of(text, visible)) return "holds a character that is not ASCII";
  if (text.front() == ' ' || text.back() == ' ') return "begins or ends with a blank";
  return {};
}

std::string range_text(const Setting& setting) {
  std::string text = std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum);
  if (setting.kind == SettingKind::kMilliseconds) text += " ms";
  if (!setting.zero.empty()) text += ", or 0 for " + std::string(setting.zero);
  return text + " is allowed";
}

std::string parse_number(const Setting& setting, std::string_view text, std::uint64_t& number) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) {
    return quoted(text) + " is not a whole number; " + range_text(setting);
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool zero = error == std::errc() && number == 0;
  if (zero && !setting.zero.empty()) return {};
  if (error != std::errc() || (negative && !zero) || number < setting.minimum ||
      number > setting.maximum) {
    return quoted(text) + " is out of range; " + range_text(setting);
  }
  return {};
}

std::string why_not_address(std::string_view text) {
  const std::string host(text);
  in6_addr address{};
  if (text == "localhost" || inet_pton(AF_INET, host.c_str(), &address) == 1 ||
      inet_pton(AF_INET6, host.c_str(), &address) == 1) {
    return {};
  }
  return quoted(text) + R"( is neither an IPv4 nor an IPv6 address nor "localhost")";
}

// The value whose name is `text`; the names are those of to_string().
template <typename Choice>
std::optional<Choice> choice_named(std::string_view text, Choice last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<Choice>(i)) == text) return static_cast<Choice>(i);
  }
  return std::nullopt;
}

struct SetValue {
  const Setting& setting;
  std::string_view text;

  std::string operator()(std::string& value) const {
    if (std::string why = why_not_text(text, kMaxClusterTextBytes); !why.empty()) return why;
    if (text.find_first_not_of(" ") == std::string_view::npos) return "is blank";
    value = text;
    return {};
  }

  std::string operator()(std::optional<std::string>& value) const {
    std::string why = setting.secret()                        ? why_not_secret(text)
                      : setting.kind == SettingKind::kAddress ? why_not_address(text)
                                                              : why_not_text(text, kMaxPathBytes);
    if (why.empty()) value = text;
    return why;
  }

  std::string operator()(std::uint16_t& value) const { return number_into(value); }
  std::string operator()(std::size_t& value) const { return number_into(value); }

  std::string operator()(Config::Milliseconds& value) const {
    std::uint64_t number = 0;
    std::string why = parse_number(setting, text, number);
    if (why.empty()) value = Config::Milliseconds(static_cast<std::int64_t>(number));
    return why;
  }

  std::string operator()(std::optional<StationUrl>& value) const {
    std::string why;
    value = parse_station_url(text, why);
    return why;
  }

  std::string operator()(LogLevel& value) const { return choice_into(value, LogLevel::kOff); }
  std::string operator()(LogFormat& value) const { return choice_into(value, LogFormat::kJson); }

  template <std::unsigned_integral Number>
  std::string number_into(Number& value) const {
    std::uint64_t number = 0;
    std::string why = parse_number(setting, text, number);
    if (why.empty()) value = static_cast<Number>(number);
    return why;
  }

  template <typename Choice>
  std::string choice_into(Choice& value, Choice last) const {
    const auto choice = choice_named(text, last);
    if (!choice) {
      return quoted(text) + " is none of " + std::string(setting.choices);
    }
    value = *choice;
    return {};
  }
};

}  // namespace

std::string_view to_string(LogLevel level) {
  constexpr std::string_view kNames[] = {"trace", "debug", "info", "warn", "error", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string_view to_string(LogFormat format) {
  return format == LogFormat::kJson ? "json" : "text";
}

std::string_view trimmed(const Setting& setting, std::string_view text) {
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  }
  if (setting.secret() || setting.kind == SettingKind::kText ||
      setting.kind == SettingKind::kFile) {
    return text;
  }
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string set_value(const Setting& setting, const ConfigMember& member, std::string_view text,
                      Config& config) {
  return std::visit([&](auto pointer) { return SetValue{setting, text}(config.*pointer); }, member);
}

}  // namespace pap::net
