// SPDX-License-Identifier: MIT
#pragma once

// What every command is told: which collector, how to reach it, and how to print.
//
// A flag is stronger than the environment (PAPCTL_COLLECTOR, PAPCTL_KEY, PAPCTL_KEY_FILE,
// PAPCTL_CONTEXT), and that than the context (contexts.hpp).
// Threads: values.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "papctl/print/format.hpp"
#include "papctl/print/terminal.hpp"

namespace pap::ctl {

inline constexpr const char* kDefaultCollector = "http://127.0.0.1:8080";
// For a connection, and for each piece of an answer.
inline constexpr std::chrono::seconds kConnectPatience{5};
inline constexpr std::chrono::seconds kAnswerPatience{10};

struct Target {
  std::string collector = kDefaultCollector;
  std::optional<std::string> api_key;  // X-Collector-Key
  std::string ca_file;                 // "": the system's
  std::string certificate_file;        // the client's own, with
  std::string certificate_key_file;
  bool insecure = false;  // any certificate will do
  bool debug = false;     // the exchange on stderr, without secrets
};

struct Printing {
  std::optional<Format> format;  // none: a table on a terminal, else TSV
  bool headers = true;
  ColorWish color = ColorWish::kAuto;

  Format format_on(const Terminal& terminal) const {
    return format.value_or(terminal.interactive() ? Format::kTable : Format::kTsv);
  }
};

// More than this at once are refused.
inline constexpr std::size_t kMostCollectors = 100;

struct Settings {
  std::vector<Target> targets{1};  // one at the least
  Printing printing;
  std::string context;    // its name, "" for none
  bool readonly = false;  // nothing may be deleted

  bool several() const { return targets.size() > 1; }
  // For what asks one collector alone: Failure (usage) when there are several.
  const Target& only_target() const;
};

// What `--collector` and its like were given: an address each; `dns+http://name:port` stands for
// every address of that name, as a headless service has them. Failure when nothing has the name.
std::vector<std::string> resolved(const std::vector<std::string>& collectors);

// A key file's text, without the newline at its end. Failure when it cannot be read or used.
std::string read_key_file(const std::string& path);
// The same for a key that came from elsewhere; `source` names it, the key is never shown.
std::string checked_key(std::string key, const std::string& source);

}  // namespace pap::ctl
