// SPDX-License-Identifier: MIT
#pragma once

// What commands that measure have found: as text, as JSON and as a page.
//
// Threads: one.

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace CLI {
class App;
}

namespace pap::sim {

struct MeasuredOutput {
  std::string json;  // files; empty: none
  std::string report;

  // --json and --report.
  void add_options(CLI::App& app);
  // Before anything runs: 0, or the exit status after a complaint.
  int check() const;
  // False after complaints, when a file could not be written.
  bool write(const nlohmann::ordered_json& measured, const std::string& text) const;
};

}  // namespace pap::sim
