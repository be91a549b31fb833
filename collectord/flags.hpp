// SPDX-License-Identifier: MIT
#pragma once

// The command line: what to do, and the settings given as flags. The flags are those of the table
// of settings (pap/net/config.hpp); none is written down here.
//
// Ownership: values. Threads: pure, but for what parse() prints.

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace pap::collectord {

enum class Task { kServe, kCheck, kPrintConfig, kHealthCheck };

struct CommandLine {
  Task task = Task::kServe;
  std::map<std::string, std::string> settings;  // by variable
  std::optional<std::string> file;
};

// What the command line says; or the exit status, after --help, --version or what was wrong has
// been printed.
std::variant<CommandLine, int> parse_command_line(int argc, char** argv);

}  // namespace pap::collectord
