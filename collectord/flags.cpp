// SPDX-License-Identifier: MIT
#include "collectord/flags.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>

#include "collectord/exit_status.hpp"
#include "collectord/help.hpp"
#include "pap/net/config.hpp"
#include "pap/version.hpp"

namespace pap::collectord {
namespace {

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

}  // namespace

std::variant<CommandLine, int> parse_command_line(int argc, char** argv) {
  CommandLine out;
  bool help = false;
  bool version = false;
  bool check = false;
  bool print_config = false;
  bool health_check = false;
  std::map<std::string, std::string> texts;
  std::string file;

  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", help);
  app.add_flag("--version", version);
  // One at a time: which of two would it be?
  CLI::Option_group* tasks = app.add_option_group("task");
  tasks->add_flag("--check", check);
  tasks->add_flag("--print-config", print_config);
  tasks->add_flag("--healthcheck", health_check);
  tasks->require_option(0, 1);
  const CLI::Option* config = app.add_option("--config", file);
  std::map<std::string, const CLI::Option*> options;
  for (const net::Setting& setting : net::settings()) {
    const std::string variable(setting.variable);
    options[variable] = app.add_option(std::string(setting.flag), texts[variable]);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::fprintf(stderr, "collectord: %s\nTry `collectord --help`.\n", e.what());
    return kUsage;
  }
  if (help) {
    print(help_text());
    return kGood;
  }
  if (version) {
    print("collectord " + std::string(build_info()) + '\n');
    return kGood;
  }
  out.task = check          ? Task::kCheck
             : print_config ? Task::kPrintConfig
             : health_check ? Task::kHealthCheck
                            : Task::kServe;
  if (config->count() > 0) out.file = file;
  for (const auto& [variable, option] : options) {
    if (option->count() > 0) out.settings[variable] = texts[variable];
  }
  return out;
}

}  // namespace pap::collectord
