// SPDX-License-Identifier: MIT
#pragma once

// Words of a command that is to be copied into a POSIX shell.
//
// Threads: pure functions.

#include <cstdint>
#include <string>

namespace pap::sim {

// One word to the shell, whatever is in it; as it is where that is enough.
std::string shell_word(const std::string& text);

// The same of a file, which no program takes for an option.
std::string shell_path(const std::string& path);

// The command that repeats one run of a scenario.
std::string replay_command(const std::string& file, std::uint64_t seed);

}  // namespace pap::sim
