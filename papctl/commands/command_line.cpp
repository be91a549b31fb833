// SPDX-License-Identifier: MIT
#include "papctl/commands/command_line.hpp"

#include <map>
#include <string_view>

namespace pap::ctl {

CommandLine::CommandLine()
    : app_("Asks a PAP heartbeat collector: who is alive, and what is wrong.", "papctl") {
  add_globals(app_, globals_);
  app_.add_flag("--version", globals_.version, "print the version");
  app_.require_subcommand(0, 1);
  app_.footer("\n" + std::string(kEnvironmentHelp) + "\n" + kExitStatusHelp);

  std::map<std::string_view, CLI::App*> parents{{"", &app_}};
  for (const Group& each : groups()) {
    CLI::App* group = app_.add_subcommand(std::string(each.name), std::string(each.summary));
    group->require_subcommand(1)->fallthrough();
    group->footer("\nEach has its own --help, with examples.");
    parents.emplace(each.name, group);
  }
  for (const Command& command : ctl::commands()) {
    CLI::App* sub = parents.at(command.group)
                        ->add_subcommand(std::string(command.name), std::string(command.summary));
    sub->fallthrough();
    sub->footer("\n" + std::string(command.details) +
                "\nOptions of every command: papctl --help\n\n" + kExitStatusHelp);
    commands_.push_back({&command, sub, command.prepare(*sub)});
  }
}

std::string full_name(const Command& command) {
  return command.group.empty() ? std::string(command.name)
                               : std::string(command.group) + ' ' + std::string(command.name);
}

}  // namespace pap::ctl
