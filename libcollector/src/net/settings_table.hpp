// SPDX-License-Identifier: MIT
#pragma once

// The table of settings with what settings() does not show: which member of Config each fills.
//
// Ownership: lives as long as the program. Threads: constant.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pap/net/config.hpp"

namespace pap::net {

using ConfigMember =
    std::variant<std::string Config::*, std::optional<std::string> Config::*,
                 std::uint16_t Config::*, std::size_t Config::*, Config::Milliseconds Config::*,
                 std::optional<StationUrl> Config::*, LogLevel Config::*, LogFormat Config::*>;

// `settings` and `members` run side by side.
struct SettingsTable {
  std::vector<Setting> settings;
  std::vector<ConfigMember> members;
};

const SettingsTable& settings_table();

// How a member reads in a config file; "" when it holds nothing.
std::string text_of(const Config& config, const ConfigMember& member);

}  // namespace pap::net
