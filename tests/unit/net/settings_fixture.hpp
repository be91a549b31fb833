// SPDX-License-Identifier: MIT
#pragma once

// An environment, flags and a file of a test's own, to load a Config from.

#include <map>
#include <optional>
#include <string>

#include "pap/net/config.hpp"
#include "support/temp_file.hpp"

namespace pap::net {

struct Sources {
  std::map<std::string, std::string> flags;
  std::map<std::string, std::string> environment{{"CLUSTER_ID", "c1"}};
  std::optional<std::string> file;  // its path

  LoadedConfig load() const {
    ConfigSources sources;
    sources.flags = flags;
    sources.file = file;
    sources.environment = [this](const std::string& variable) -> std::optional<std::string> {
      const auto it = environment.find(variable);
      return it == environment.end() ? std::nullopt : std::optional(it->second);
    };
    return load_config(sources);
  }

  // With a file of this content.
  LoadedConfig load_with_file(const std::string& content) const {
    const test::TempFile on_disk(content);
    Sources with = *this;
    with.file = on_disk.path();
    LoadedConfig loaded = with.load();
    // So that tests can name it.
    for (std::string& problem : loaded.problems) {
      const std::size_t at = problem.find(on_disk.path());
      if (at != std::string::npos) problem.replace(at, on_disk.path().size(), "FILE");
    }
    return loaded;
  }
};

}  // namespace pap::net
