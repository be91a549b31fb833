// SPDX-License-Identifier: MIT
#pragma once

// Agents as rows: which columns there are, and what stands in them.
//
// Ages are reckoned from the collector's own time. Threads: pure functions.

#include <string>
#include <vector>

#include "papctl/client/agent.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {

std::vector<Column> agent_columns(bool wide);
std::vector<std::string> agent_tsv_headers();
Record agent_record(Agent agent, TimePoint now, bool wide, const Terminal& terminal);

Paint paint_of_mode(const std::string& mode);
Cell health_cell(bool healthy, const Terminal& terminal);

}  // namespace pap::ctl
