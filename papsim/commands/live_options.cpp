// SPDX-License-Identifier: MIT
#include "papsim/commands/live_options.hpp"

#include <cstdio>
#include <fstream>
#include <map>

#include <CLI/CLI.hpp>

#include "papsim/report/shell_word.hpp"

namespace pap::sim {
namespace {

const std::map<std::string, Connections> kConnections{
    {"fresh", Connections::kFresh}, {"kept", Connections::kKept}, {"node", Connections::kNode}};

}  // namespace

void LiveChoice::add_connection_options(CLI::App& app) {
  app.add_option("--connections", connections,
                 "over sockets: fresh (one a heartbeat), kept, or node (for 4 s, or as promised)")
      ->check(CLI::IsMember({"fresh", "kept", "node"}))
      ->capture_default_str();
  app.add_option("--key-file", key_file, "file with the collector's COLLECTOR_API_KEY");
}

std::string LiveChoice::words() const {
  std::string text;
  const auto add = [&text](const std::string& option, const std::string& value) {
    // What begins with a dash would be taken for an option itself.
    text += " --" + option + (value.starts_with('-') ? '=' : ' ') + shell_word(value);
  };
  if (spawn.empty()) {
    add("against", against);
  } else {
    add("spawn", spawn);
  }
  if (station_port != 0) add("station-port", std::to_string(station_port));
  if (connections != "fresh") add("connections", connections);
  if (!key_file.empty()) add("key-file", key_file);
  return text;
}

std::optional<LiveOptions> LiveChoice::options() const {
  if (!against.empty() && !spawn.empty()) {
    std::fputs("papsim: --against and --spawn exclude each other\n", stderr);
    return std::nullopt;
  }
  LiveOptions options;
  options.against = against;
  options.spawn = spawn;
  options.connections = kConnections.at(connections);
  options.station_port = station_port;
  if (!key_file.empty()) {
    std::ifstream file(key_file);
    if (!std::getline(file, options.collector_key) || options.collector_key.empty()) {
      std::fprintf(stderr, "papsim: no key in %s\n", key_file.c_str());
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace pap::sim
