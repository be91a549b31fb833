// SPDX-License-Identifier: MIT
#pragma once

// How many agents a collector holds: the generator is proved, the size doubled until it fails and
// bisected, confirmed, and then tried in the incidents. The capacity is the least of them.
//
// It knows a trial only as a function, so that it is tested without a collector. A trial that is
// invalid is tried again; what stays so is a limit of ours, and said to be.
// Threads: one.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "papsim/capacity/trial.hpp"

namespace pap::sim {

inline constexpr double kSearchWidth = 0.05;
inline constexpr double kIncidentWidth = 0.10;
inline constexpr double kProofWidth = 0.25;
inline constexpr int kConfirmations = 5;
// A size that was confirmed fewer times is left for one that is so much smaller, and so often.
inline constexpr int kMostStepsBack = 4;
inline constexpr int kInvalidAgain = 2;
// The generator is proved at twice what it is wanted for.
inline constexpr double kGeneratorMargin = 2;

enum class Phase : std::uint8_t { kGenerator, kSearch, kConfirmation, kIncident };
std::string_view to_string(Phase phase);

struct PhasedTrial {
  Phase phase = Phase::kSearch;
  TrialResult result;
};

struct CapacityWish {
  ModeMix mix;
  bool quick = false;
  bool may_restart = true;  // a collector that we started
  std::uint32_t start = 1'000;
  std::chrono::milliseconds quick_lasts = std::chrono::minutes(5);
};

struct GeneratorProof {
  double ceiling_per_second = 0;  // the greatest rate at which it was on time
  double cpu_us_per_beat = 0;
};

struct IncidentFound {
  Incident incident = Incident::kNone;
  std::uint32_t agents = 0;   // the most that it held with
  bool by_generator = false;  // … and more could not be tried
  std::string not_tested;     // instead: why
};

struct CapacityFound {
  std::uint32_t agents = 0;  // the least of calm and incidents
  double beats_a_second = 0;
  std::uint32_t held = 0;               // calm, and confirmed
  std::optional<std::uint32_t> failed;  // the least that did not
  std::string limited_by;
  GeneratorProof generator;
  std::vector<PhasedTrial> trials;
  std::vector<IncidentFound> incidents;
  std::vector<std::string> not_tested;
  bool whole = true;  // false: it was stopped
};

class CapacityRun {
 public:
  struct World {
    // Of the collector under test.
    std::function<TrialResult(const TrialWish&)> trial;
    // Of a server that does nothing, with agents that beat every 5 s.
    std::function<TrialResult(const TrialWish&)> generator_trial;
    std::function<bool()> stop;
    // What is tried, and what came of it.
    std::function<void(Phase, const TrialWish&, std::chrono::milliseconds left)> begins =
        [](Phase, const TrialWish&, std::chrono::milliseconds) {};
    std::function<void(const PhasedTrial&)> ended;
    std::function<std::chrono::milliseconds()> now;
  };

  CapacityRun(CapacityWish wish, World world);

  CapacityFound run();

 private:
  void prove_generator();
  void search();
  void confirm();
  void go_through(Incident incident);
  // Again while it is invalid, a few times.
  TrialResult attempt(Phase phase, const TrialWish& wish);
  TrialWish wish_for(std::uint32_t agents, Incident incident = Incident::kNone) const;
  bool over() const;
  std::chrono::milliseconds left() const;

  const CapacityWish wish_;
  const World world_;
  const std::chrono::milliseconds begun_;
  std::uint32_t most_ = 0;  // that the generator can be
  CapacityFound found_;
};

}  // namespace pap::sim
