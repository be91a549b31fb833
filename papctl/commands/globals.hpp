// SPDX-License-Identifier: MIT
#pragma once

// Options of every command, and how they become Settings.
//
// Flags are stronger than the environment, that than the context, and that than the defaults.
// Threads: one.

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "papctl/settings.hpp"

namespace pap::ctl {

struct Globals {
  std::vector<std::string> collectors;
  std::string context;
  std::string key_file;
  Target target;  // but for the address and the key
  Settings settings;
  bool version = false;
};

void add_globals(CLI::App& app, Globals& globals);
// Fills in `settings`. Failure.
void settle(Globals& globals);

inline constexpr std::string_view kEnvironmentHelp =
    "Environment:\n"
    "  PAPCTL_COLLECTOR  the collector's address, where no flag names one\n"
    "  PAPCTL_CONTEXT    the context, where nothing names a collector\n"
    "  PAPCTL_KEY        its COLLECTOR_API_KEY; PAPCTL_KEY_FILE the file that holds it\n"
    "  NO_COLOR, CLICOLOR_FORCE, COLUMNS  as everywhere\n";

}  // namespace pap::ctl
