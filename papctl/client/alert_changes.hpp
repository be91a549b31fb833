// SPDX-License-Identifier: MIT
#pragma once

// GET /alerts, asked again and again: which alerts are new since the last answer, and whose
// delivery has changed.
//
// Memory: the alerts of the last answer, by key and state.
// Threads: one.

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

namespace pap::ctl {

class AlertChanges {
 public:
  // So many are asked for where nothing waits, and never more than the collector remembers.
  static constexpr std::size_t kFewestRows = 100;
  static constexpr std::size_t kMostRows = 1000;

  struct Found {
    std::vector<nlohmann::ordered_json> alerts;  // the oldest first
    // More have come than were answered with: ask again for rows(), or, where those were asked
    // for, some were never seen.
    bool gap = false;
  };

  // Of the whole answer; `asked` is how many rows at most.
  Found take(const nlohmann::ordered_json& answer, std::size_t asked);
  // How many to ask for: all back to the oldest that still waits, and as many again as may be new.
  std::size_t rows() const { return rows_; }

 private:
  std::unordered_map<std::string, std::string> states_;
  std::size_t rows_ = kFewestRows;
  bool first_ = true;
};

}  // namespace pap::ctl
