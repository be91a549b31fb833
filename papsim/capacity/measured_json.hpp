// SPDX-License-Identifier: MIT
#pragma once

// What `papsim load` and `papsim capacity` have measured, as JSON (papsim_measured 1), and from it,
// for people, as text and as a page (report/report_html.hpp).
//
// Threads: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "papsim/capacity/capacity_run.hpp"
#include "papsim/capacity/quota.hpp"
#include "papsim/expect/verdict.hpp"
#include "papsim/live/gauge.hpp"

namespace pap::sim {

struct LoadRun {
  std::string target;
  std::uint32_t agents = 0;
  std::string mix;
  std::string connections;
};
nlohmann::ordered_json load_to_json(const LoadRun& load, const SeedResult& result,
                                    const std::vector<Gauge::Second>& seconds);
std::string load_to_text(const nlohmann::ordered_json& load);

struct CapacityAsked {
  std::string target;
  std::string mix;
  std::string connections;
  Limits limits;
  std::string kept_by;    // "cgroup", "CPU time", or "none"
  std::string collector;  // what it calls itself
};
nlohmann::ordered_json capacity_to_json(const CapacityAsked& asked, const CapacityWish& wish,
                                        const CapacityFound& found);
std::string capacity_to_text(const nlohmann::ordered_json& capacity);

}  // namespace pap::sim
