// SPDX-License-Identifier: MIT
#pragma once

// One mutant put through all stories, in a process of its own: it may crash, or never end.
//
// Threads: called on a process's only thread, since it forks.

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "core/mutants.hpp"
#include "papsim/scenario/names.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

// A mutant that takes longer is taken to hang; a clean build needs a few seconds for all of fast/.
inline constexpr std::chrono::seconds kLongestTrial{300};

struct Trial {
  enum class End { kStopped, kWhole, kCrashed, kHung };

  const core::MutantInfo* mutant = nullptr;  // null: the clean build
  End end = End::kStopped;                   // Ctrl-C came first
  std::array<bool, kRules.size()> caught{};  // by rule
  bool other = false;                        // a verdict that is neither pass nor of a rule

  bool silent() const;
};

// All of them, `jobs` side by side, in their order. `told` is called as each ends. Ctrl-C ends
// those that run, and no further ones are begun.
std::vector<Trial> try_all(const std::vector<const core::MutantInfo*>& mutants,
                           const std::vector<ScenarioFile>& files, unsigned jobs,
                           const std::function<void(const Trial&)>& told);

}  // namespace pap::sim
