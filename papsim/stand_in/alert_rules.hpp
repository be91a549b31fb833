// SPDX-License-Identifier: MIT
#pragma once

// What the Station checks of an alert, written from the contract alone: nothing here is shared
// with the collector, so that a mistake of ours does not excuse itself.
//
// Threads: pure functions.

#include <optional>
#include <string>

namespace pap::sim {

struct Refusal {
  int status = 0;
  std::string error;
};

struct AlertRules {
  std::string key;         // "" lets anyone in
  bool only_uuids = true;  // as the real one
};

// Why the alert is not taken, if it is not.
std::optional<Refusal> check_alert(const AlertRules& rules, const std::string& authorization,
                                   const std::string& content_type, const std::string& body);

}  // namespace pap::sim
