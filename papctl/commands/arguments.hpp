// SPDX-License-Identifier: MIT
#pragma once

// Arguments that several commands take, read and checked in one way.
//
// Errors: CLI::ValidationError that quotes the word. Threads: pure functions.

#include <chrono>
#include <string>

#include <CLI/CLI.hpp>

namespace pap::ctl {

// "500ms", "30s", "5m", "2h": from 1 ms to 1 000 h.
std::chrono::milliseconds parse_duration(const std::string& text);
// An option of that kind.
CLI::Option* add_duration(CLI::App& app, const std::string& flags, std::chrono::milliseconds& value,
                          const std::string& help);
// EMERGENCY, IDLE or SLEEP, in any case; as on the wire.
std::string parse_mode_word(const std::string& text);
// Refuses "": `papctl agents delete "$ID"` without an ID must not mean whoever is there.
CLI::Validator some_id();
// 0, 1, 2 … (CLI::NonNegativeNumber speaks of 300 digits).
CLI::Validator some_count(std::uint64_t least = 0);
// A finite number from 0 on.
CLI::Validator some_seconds();
CLI::Option* add_mode(CLI::App& app, const std::string& flags, std::string& value,
                      const std::string& help);

}  // namespace pap::ctl
