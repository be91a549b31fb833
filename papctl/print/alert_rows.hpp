// SPDX-License-Identifier: MIT
#pragma once

// Alerts as rows: which columns there are, and what stands in them.
//
// Threads: pure functions.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "papctl/client/client.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {

std::vector<Column> alert_columns();
std::vector<std::string> alert_tsv_headers();
// `now`: WHEN is an age; none: the time of day, for rows that stay on the screen.
Record alert_record(nlohmann::ordered_json alert, std::optional<TimePoint> now,
                    const Terminal& terminal);

// What became of it, for people: a collector without a Station says "delivered" of what it logged
// and nobody was told, and that is "logged".
std::string delivery_of(const nlohmann::ordered_json& alert);
Paint paint_of_delivery(const std::string& delivery);

// A text as it is, anything else as JSON, "" for what is not there.
std::string field_of(const nlohmann::ordered_json& object, const char* key);
// What an older collector's 404 means.
Failure no_alerts_at(const std::string& url);

}  // namespace pap::ctl
