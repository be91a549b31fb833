// SPDX-License-Identifier: MIT
#pragma once

// The command line as it is defined: all options and commands. What parses it, what helps with it,
// what completes it and what writes manual pages of it read the same definitions.
//
// Threads: one.

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "papctl/commands/command.hpp"
#include "papctl/commands/globals.hpp"

namespace pap::ctl {

class CommandLine {
 public:
  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  struct Defined {
    const Command* command;
    CLI::App* app;
    Run run;
  };

  CLI::App& app() { return app_; }
  const CLI::App& app() const { return app_; }
  Globals& globals() { return globals_; }
  // In the order of the table.
  const std::vector<Defined>& commands() const { return commands_; }

 private:
  Globals globals_;
  CLI::App app_;
  std::vector<Defined> commands_;
};

// "agents list".
std::string full_name(const Command& command);

}  // namespace pap::ctl
