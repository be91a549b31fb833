// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "pap/net/config.hpp"
#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

// An address may come with a name and a password, though we refuse such.
std::string without_password(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t begin = scheme + 3;
  const std::size_t at = text.substr(0, text.find('/', begin)).rfind('@');
  return at == std::string::npos ? text : text.substr(0, begin) + "(not shown)" + text.substr(at);
}

std::string shown(const SettingValue& value) {
  if (!value.is_set) {
    return value.setting->variable == "CLUSTER_NAME" ? "(as CLUSTER_ID)" : "(unset)";
  }
  if (value.setting->secret()) return "(set, not shown)";
  const bool plain =
      protocol::is_utf8(value.text) && protocol::plain_length(value.text) == value.text.size();
  return plain ? without_password(value.text) : "(cannot be shown)";
}

void pad(std::string& line, std::size_t width) {
  if (line.size() < width) line.append(width - line.size(), ' ');
}

}  // namespace

std::string origin_text(const SettingValue& value, const std::string& file) {
  switch (value.origin) {
    case Origin::kFlag:
      return "flag " + std::string(value.setting->flag);
    case Origin::kEnvironment:
      return "environment";
    case Origin::kFile:
      return "file " + file + ':' + std::to_string(value.line);
    case Origin::kDefault:
      break;
  }
  return "default";
}

std::string print_config(const LoadedConfig& loaded) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const SettingValue& value : loaded.values) {
    name_width = std::max(name_width, value.setting->variable.size());
    value_width = std::max(value_width, std::min<std::size_t>(shown(value).size(), 40));
  }
  std::string out;
  for (const SettingValue& value : loaded.values) {
    std::string line(value.setting->variable);
    pad(line, name_width + 2);
    line += shown(value);
    pad(line, name_width + value_width + 4);
    // A value wider than its column still stands apart from its origin.
    if (line.back() != ' ') line += "  ";
    out += line + origin_text(value, loaded.file) + '\n';
  }
  return out;
}

}  // namespace pap::net
