// SPDX-License-Identifier: MIT
#pragma once

// A small scenario, run and judged, and what came of it.

#include <algorithm>
#include <string_view>

#include "papsim/run/run_seed.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {

inline SeedResult result_of(const Parts& parts, std::uint64_t seed = 1) {
  RunProgress progress;
  return run_seed(read(parts), seed, progress);
}

// The row of a rule; null when there is none.
inline const Check* row_of(const SeedResult& result, std::string_view rule) {
  const auto found = std::find_if(result.checks.begin(), result.checks.end(),
                                  [rule](const Check& check) { return check.rule == rule; });
  return found == result.checks.end() ? nullptr : &*found;
}

// Every failed row, as "S4 value"; for messages.
inline std::string failures_of(const SeedResult& result) {
  std::string out;
  for (const Check& check : result.checks) {
    if (check.verdict == Verdict::kFailed) out += check.rule + ' ' + check.value + '\n';
  }
  return out;
}

}  // namespace pap::sim
