// SPDX-License-Identifier: MIT
#pragma once

// The figures that a collector serves at /metrics, by the names that scenarios have for them.
//
// Source: the Prometheus text format 0.0.4; docs/metrics.md for the names.
// Threads: pure functions.

#include <string_view>
#include <vector>

#include "papsim/scenario/names.hpp"
#include "papsim/world/figure_book.hpp"

namespace pap::sim {

// Does a collector serve it? The others the laboratory counts itself, or nobody can see.
bool is_served(Metric metric);

// Sets those that are in the text; labels are summed up. `seen`: which those were.
void read_metrics(std::string_view text, Figures& figures, std::vector<bool>& seen);

}  // namespace pap::sim
