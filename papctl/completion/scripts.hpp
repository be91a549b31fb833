// SPDX-License-Identifier: MIT
#pragma once

// What makes a shell ask `papctl __complete` (answer.hpp) when Tab is pressed.
//
// Threads: values.

#include <string_view>

namespace pap::ctl {

extern const std::string_view kBashScript;
extern const std::string_view kZshScript;
extern const std::string_view kFishScript;

}  // namespace pap::ctl
