// SPDX-License-Identifier: MIT
#pragma once

// `vary`: what each seed draws, before anything else. A path names one word of the document
// (fleet.rack.count, timeline.cut.at, collector.max_agents), a range or a list says which words may
// stand there. The drawn word is put in its place, and the document read as if it had been written
// so: nothing after this knows of it.
//
// Each path has a stream of random numbers of its own; so taking one out shifts no other.
// Errors: as problems. Threads: pure functions.

#include <cstdint>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/problem.hpp"

namespace pap::sim {

enum class Draw : std::uint8_t { kLowest, kHighest, kBySeed };

// Takes `vary` out of `document` and puts into it what it draws. kLowest and kHighest are the ends
// of each range, or the first and the last of a list, for checking a file once for all seeds.
void apply_vary(Node& document, Draw draw, std::uint64_t seed, Problems& problems);

}  // namespace pap::sim
