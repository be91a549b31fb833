// SPDX-License-Identifier: MIT
#pragma once

// Scenarios that nobody wrote, run one after another: drawn from seeds, and what reached something
// new is kept and varied. A rule that breaks is what it looks for; what was untested does not
// matter.
//
// The same first seed gives the same scenarios in the same order, whatever `jobs` is.
// Threads: called on one; starts its own and joins them.

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "papsim/expect/verdict.hpp"
#include "papsim/scenario/model.hpp"

namespace pap::sim {

struct SwarmFailure {
  Scenario scenario;
  std::uint64_t seed = 0;
  bool varied = false;  // of one that was kept: no seed alone draws it
  SeedResult result;
};

struct SwarmReport {
  std::uint64_t next_seed = 0;
  std::uint64_t runs = 0;
  std::uint64_t heartbeats = 0;
  std::uint64_t alerts = 0;
  std::int64_t virtual_ms = 0;
  std::uint64_t kept = 0;                            // of those that reached something new
  std::array<std::uint64_t, kMarks.size()> marks{};  // in how many runs each was hit
  std::vector<SwarmFailure> failures;                // of a batch: whoever is told takes them
};

inline constexpr std::size_t kSwarmBatch = 64;

// `told`: after each batch of so many runs; false ends it. What is kept is varied from the next on.
SwarmReport swarm(std::uint64_t first_seed, unsigned jobs,
                  const std::function<bool(SwarmReport&)>& told, std::size_t batch = kSwarmBatch);

}  // namespace pap::sim
