// SPDX-License-Identifier: MIT
#pragma once

// What this process holds, and what it is allowed (Linux).
//
// Errors: 0, or none, when the kernel does not say.
// Threads: any.

#include <cstddef>
#include <optional>

namespace pap::net {

std::size_t resident_memory_bytes();
// Of the control group, version 2 or 1; none when there is no limit.
std::optional<std::size_t> memory_limit_bytes();

}  // namespace pap::net
