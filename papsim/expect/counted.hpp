// SPDX-License-Identifier: MIT
#pragma once

// "1 agent", "3 agents".
//
// Threads: pure function.

#include <cstdint>
#include <string>

namespace pap::sim {

// `noun`: one that has its plural by an s.
inline std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

}  // namespace pap::sim
