// SPDX-License-Identifier: MIT
#pragma once

// What commands that go over sockets are asked alike.
//
// Threads: one.

#include <cstdint>
#include <optional>
#include <string>

#include "papsim/live/live_world.hpp"

namespace CLI {
class App;
}

namespace pap::sim {

struct LiveChoice {
  std::string against;
  std::string spawn;
  std::string connections = "fresh";
  std::uint16_t station_port = 0;
  std::string key_file;

  // --connections and --key-file.
  void add_connection_options(CLI::App& app);
  // As a shell reads them on the command line, with a blank before each.
  std::string words() const;
  bool is_live() const { return !against.empty() || !spawn.empty(); }
  // None after what is wrong has been told.
  std::optional<LiveOptions> options() const;
};

}  // namespace pap::sim
