// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/loading.hpp"

namespace pap::sim {
namespace {

// A pick may find too few alive, which only a plan can tell: so the first seed is planned, too.
bool check(const std::string& path) {
  const auto file = load_scenario(path);
  return file && plan_scenario(*file, file->as_written().ci.first).has_value();
}

}  // namespace

Run prepare_check(CLI::App& app) {
  auto paths = std::make_shared<std::vector<std::string>>();
  app.add_option("FILE|DIR", *paths, "scenario files, or folders of them")->required();
  return [paths] {
    std::vector<std::string> files;
    bool good = gather_files(*paths, files);
    std::size_t bad = 0;
    for (const std::string& file : files) {
      if (!check(file)) ++bad;
    }
    good = good && bad == 0;
    if (good) {
      std::printf("%zu %s good\n", files.size(),
                  files.size() == 1 ? "scenario is" : "scenarios are");
    } else if (bad > 0) {
      std::printf("%zu of %zu scenarios are not good\n", bad, files.size());
    }
    return good ? kPass : kUsage;
  };
}

}  // namespace pap::sim
