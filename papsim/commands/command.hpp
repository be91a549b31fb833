// SPDX-License-Identifier: MIT
#pragma once

// The commands of papsim. One file each, one row in the table; main() knows none by name.
//
// Threads: one.

#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace pap::sim {

// How papsim ends, for scripts. Of several verdicts the first of fail, invalid, unknown and pass.
inline constexpr int kPass = 0;       // all is well
inline constexpr int kFail = 1;       // a rule or an expectation was broken
inline constexpr int kUnknown = 2;    // nothing was tested
inline constexpr int kInvalid = 3;    // the harness itself failed or lagged
inline constexpr int kUsage = 64;     // wrong command line or file (EX_USAGE of sysexits.h)
inline constexpr int kStopped = 130;  // Ctrl-C

using Run = std::function<int()>;  // gives the exit status

struct Command {
  std::string_view name;
  std::string_view summary;  // one line
  std::string_view details;  // the rest of --help: what it prints, and an example
  // Adds its options, and gives what is to be run once they are parsed.
  Run (*prepare)(CLI::App& app);
};

std::span<const Command> commands();

Run prepare_capacity(CLI::App& app);
Run prepare_check(CLI::App& app);
Run prepare_compare(CLI::App& app);
Run prepare_events(CLI::App& app);
Run prepare_expand(CLI::App& app);
Run prepare_load(CLI::App& app);
Run prepare_null_server(CLI::App& app);
Run prepare_plan(CLI::App& app);
Run prepare_replay(CLI::App& app);
Run prepare_shrink(CLI::App& app);
Run prepare_small_worlds(CLI::App& app);
Run prepare_station(CLI::App& app);
Run prepare_swarm(CLI::App& app);
Run prepare_words(CLI::App& app);

// The whole program: parses, runs, gives the exit status.
int run_papsim(int argc, const char* const* argv);

}  // namespace pap::sim
