// SPDX-License-Identifier: MIT
#pragma once

// The table of commands: one file a command, each with its options and its help.
//
// A command throws Failure when it ends early, and returns its exit status otherwise.
// Threads: one.

#include <functional>
#include <span>
#include <string_view>

#include <CLI/CLI.hpp>

#include "papctl/exit_status.hpp"
#include "papctl/print/output.hpp"
#include "papctl/print/terminal.hpp"
#include "papctl/settings.hpp"

namespace pap::ctl {

struct Context {
  Settings settings;
  Terminal terminal;
  Output out;

  Format format() const { return settings.printing.format_on(terminal); }
};

using Run = std::function<int(Context&)>;

struct Group {
  std::string_view name;
  std::string_view summary;
};

struct Command {
  std::string_view group;  // "" for a command of its own
  std::string_view name;
  std::string_view summary;
  std::string_view details;  // an example at the least
  Run (*prepare)(CLI::App& app);
};

std::span<const Group> groups();
std::span<const Command> commands();
int run_papctl(int argc, const char* const* argv);

Run prepare_agents_list(CLI::App& app);
Run prepare_agents_get(CLI::App& app);
Run prepare_agents_delete(CLI::App& app);
Run prepare_agents_wait(CLI::App& app);
Run prepare_observe_agent(CLI::App& app);
Run prepare_alerts_list(CLI::App& app);
Run prepare_alerts_watch(CLI::App& app);
Run prepare_completion(CLI::App& app);
Run prepare_config_set_context(CLI::App& app);
Run prepare_config_use_context(CLI::App& app);
Run prepare_config_delete_context(CLI::App& app);
Run prepare_config_view(CLI::App& app);
Run prepare_heartbeat_send(CLI::App& app);
Run prepare_man(CLI::App& app);
Run prepare_metrics(CLI::App& app);
Run prepare_status(CLI::App& app);
Run prepare_top(CLI::App& app);

}  // namespace pap::ctl
