// SPDX-License-Identifier: MIT
#pragma once

// What was found as a page: one HTML file with its JSON within, which draws itself and asks for
// nothing from anywhere. Where no script runs it shows the text.
//
// Threads: pure functions.

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pap::sim {

std::string to_html(const nlohmann::ordered_json& report);

// Of `load` and `capacity`: JSON with "papsim_measured", and the same in words.
std::string measured_to_html(const nlohmann::ordered_json& measured, const std::string& text);

}  // namespace pap::sim
