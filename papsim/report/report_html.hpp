// SPDX-License-Identifier: MIT
#pragma once

// A report as a page: one HTML file with its JSON within, which draws itself and asks for nothing
// from anywhere. Where no script runs it shows the text.
//
// Threads: pure functions.

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pap::sim {

std::string to_html(const nlohmann::ordered_json& report);

}  // namespace pap::sim
