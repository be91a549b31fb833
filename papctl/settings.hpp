// SPDX-License-Identifier: MIT
#pragma once

// What every command is told: which collector, how to reach it, and how to print.
//
// A flag is stronger than the environment (PAPCTL_COLLECTOR, PAPCTL_KEY, PAPCTL_KEY_FILE).
// Threads: values.

#include <chrono>
#include <optional>
#include <string>

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

struct Settings {
  Target target;
  Printing printing;
};

// A key file's text, without the newline at its end. Failure when it cannot be read or used.
std::string read_key_file(const std::string& path);

}  // namespace pap::ctl
