// SPDX-License-Identifier: MIT
#pragma once

// Plays a story to the collector and to the naive one side by side, and compares them at every
// moment at which either has something to do.
//
// Threads: one.

#include <cstddef>
#include <optional>
#include <string>

#include "unit/core/model/story.hpp"

namespace pap::test {

struct Disagreement {
  std::size_t act;  // the last one played; the number of acts: afterwards, when all was healed
  std::string what;
};

// None when the two agreed to the end.
std::optional<Disagreement> rehearse(const Story& story);

// The story cut down to acts without which the two would agree.
Story shortened(const Story& story);

}  // namespace pap::test
