// SPDX-License-Identifier: MIT
#pragma once

// GET /metrics taken apart: the Prometheus text format, version 0.0.4.
//
// Lines that are no samples are left out, so that a stranger's metrics do no harm.
// Threads: pure functions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pap::ctl {

struct Sample {
  std::string name;    // without the prefix pap_collector_
  std::string labels;  // `mode="IDLE"`, without that of the cluster; "" for none
  std::string value;   // as served
};

struct Metrics {
  std::vector<Sample> samples;  // as served

  static Metrics parse(std::string_view text);

  // The number of the first such sample; none when there is none.
  std::optional<double> value(std::string_view name, std::string_view labels = {}) const;
};

}  // namespace pap::ctl
