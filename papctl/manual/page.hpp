// SPDX-License-Identifier: MIT
#pragma once

// Manual pages, from the definitions that --help is made of: papctl(1), and one a command, as
// papctl-agents-list(1). They are man(7) for groff and mandoc alike, in ASCII.
//
// Threads: pure functions.

#include <string>

#include "papctl/commands/command_line.hpp"

namespace pap::ctl {

std::string manual_page(const CommandLine& line);
std::string manual_page(const CommandLine& line, const CommandLine::Defined& command);

}  // namespace pap::ctl
