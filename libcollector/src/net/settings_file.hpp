// SPDX-License-Identifier: MIT
#pragma once

// Reads a config file: one flat YAML map of the table's keys.
//
//   cluster_id: is.plugged.in
//   port: 8080
//
// Errors: one line each, `path:line:column: …`. What is right beside them is still returned.
// Threads: reads one file, keeps nothing.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "pap/net/config.hpp"

namespace pap::net {

struct FileValue {
  std::string text;
  std::size_t line = 0;  // from 1
};

struct SettingsFile {
  std::map<const Setting*, FileValue> values;
  std::vector<std::string> problems;
  bool is_yaml = false;  // else nobody knows what it sets
};

SettingsFile read_settings_file(const std::string& path);
// The same for text that was read before.
SettingsFile parse_settings(const std::string& text, const std::string& path);

}  // namespace pap::net
