// SPDX-License-Identifier: MIT
#pragma once

// Named contexts, so that nobody types addresses: which collectors, how to trust them, and where
// their key lies. The file is $XDG_CONFIG_HOME/papctl/config.yaml, or ~/.config/papctl/config.yaml:
//
//     current: prod
//     contexts:
//       prod:
//         collectors: ["https://collector.agents.example"]
//         key_file: /run/secrets/collector-key
//         readonly: true
//
// Keys themselves have no place in it, only the names of files that hold them.
// Errors: Failure with file, line and the offending word. A file that is not there is empty.
// Threads: one; the file is replaced as a whole, so that a reader never meets half of it.

#include <map>
#include <string>
#include <vector>

namespace pap::ctl {

struct NamedContext {
  std::vector<std::string> collectors;
  std::string key_file;
  std::string cacert;
  std::string cert;
  std::string key;
  bool insecure = false;
  bool readonly = false;
};

struct Contexts {
  std::string current;  // "": none
  std::map<std::string, NamedContext> named;

  static Contexts load(const std::string& path);
  // Makes the folder when it is missing.
  void save(const std::string& path) const;
  // As it stands in the file.
  std::string text() const;
  // Failure (usage) that names those there are.
  const NamedContext& find(const std::string& name) const;
};

// Of this user. Failure when neither XDG_CONFIG_HOME nor HOME is set.
std::string contexts_path();

}  // namespace pap::ctl
