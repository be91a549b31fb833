// SPDX-License-Identifier: MIT
#include "collectord/help.hpp"

#include <algorithm>
#include <string_view>

#include "pap/net/config.hpp"
#include "pap/version.hpp"

namespace pap::collectord {
namespace {

constexpr std::size_t kColumns = 92;

constexpr std::string_view kHead = R"(
Hears the heartbeats of PAP agents and tells the central Station when one dies.

Usage: collectord [--config FILE] [settings]

  collectord --cluster-id is.plugged.in --port 8080
  CLUSTER_ID=dev STATION_ALERT_URL=https://station/alerts STATION_ALERT_KEY=key collectord

Tasks:
  (none)          serve until SIGTERM or SIGINT, then drain and stop; a second signal stops at once
  --check         say whether the configuration is good, with all that is wrong with it
  --print-config  show each setting, its value and where that came from; secrets are not shown
  --healthcheck   ask the collector on this machine whether it is well, for Docker's HEALTHCHECK
  --version       print the version
  --help          print this

Settings are flags, environment variables, and keys of the config file, a flat YAML map; a key is
its flag without dashes (--cluster-id, CLUSTER_ID, cluster_id). A flag goes before the environment,
that before the file, and that before the default. What is empty counts as unset.

  --config FILE
      The config file. There is none by default.
)";

constexpr std::string_view kTail = R"(
Exit status:
  0   stopped in good order; configuration ok; healthy
  1   could not start (the port is taken, say), was stopped at once, or is not healthy
  64  wrong command line or configuration
)";

void append_wrapped(std::string& out, std::string_view text) {
  constexpr std::string_view kIndent = "      ";
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column == 0 || column + 1 + word.size() > kColumns) {
      if (column > 0) out += '\n';
      out += kIndent;
      column = kIndent.size();
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

std::string_view value_name(net::SettingKind kind) {
  switch (kind) {
    case net::SettingKind::kNumber:
      return "N";
    case net::SettingKind::kMilliseconds:
      return "MS";
    case net::SettingKind::kAddress:
      return "ADDRESS";
    case net::SettingKind::kUrl:
      return "URL";
    case net::SettingKind::kFile:
      return "FILE";
    case net::SettingKind::kSecret:
      return "KEY";
    case net::SettingKind::kText:
    case net::SettingKind::kChoice:
      break;
  }
  return "TEXT";
}

std::string range_of(const net::Setting& setting) {
  if (!setting.choices.empty()) return ", one of " + std::string(setting.choices);
  if (setting.maximum == 0) return {};
  return ", " + std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum) +
         (setting.zero.empty() ? "" : ", or 0");
}

void append_setting(std::string& out, const net::Setting& setting) {
  out += "\n  ";
  out += setting.flag;
  out += ' ';
  out += value_name(setting.kind);
  out += "  (";
  out += setting.variable;
  if (setting.required) {
    out += ", required";
  } else if (!setting.default_text.empty()) {
    out += ", default " + setting.default_text;
  }
  out += range_of(setting);
  out += ")\n";
  append_wrapped(out, setting.help);
}

}  // namespace

std::string help_text() {
  std::string out = "collectord ";
  out += version();
  out += kHead;
  for (const net::Setting& setting : net::settings()) append_setting(out, setting);
  out += kTail;
  return out;
}

}  // namespace pap::collectord
