// SPDX-License-Identifier: MIT
#pragma once

// The text of --help. Threads: pure function.

#include <string>

namespace pap::collectord {

std::string help_text();

}  // namespace pap::collectord
