// SPDX-License-Identifier: MIT
#pragma once

// One trial of a collector with a fleet of one size: everyone comes over an interval of theirs, two
// more pass to get warm, then it is measured. A thousandth of them, the canaries, dies on the way
// and must be told of in time. In an incident something happens to all at once instead.
//
// A trial holds when no rule of the oracle was broken, nothing was left unanswered, and what it
// used stays within the bounds below. When we ourselves were late it is invalid, and says nothing.
// Threads: one.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "papsim/capacity/quota.hpp"
#include "papsim/expect/verdict.hpp"
#include "papsim/live/gauge.hpp"
#include "papsim/live/live_world.hpp"
#include "papsim/live/mode_mix.hpp"
#include "papsim/scenario/model.hpp"

namespace pap::sim {

// From the planned moment of a heartbeat to its whole answer (PAP's own target).
inline constexpr std::uint64_t kMostAnswerP99Us = 20'000;
// A quarter of it: what we are late ourselves counts in the answer's time.
inline constexpr std::uint64_t kMostOwnLagP99Us = 5'000;
// In an incident a collector may use all of its quota, and who has is stopped by the kernel for the
// rest of its tenth of a second. So there the bound is a tenth of what agents wait for an answer.
inline constexpr std::uint64_t kMostAnswerP99InIncidentUs = 500'000;
inline constexpr std::uint64_t kMostOwnLagP99InIncidentUs = 50'000;
// Of the quota; the rest is for what nobody foresaw.
inline constexpr double kMostCpuPercent = 70;
// Memory is flat when it grew by no more than this while everyone was there: allocators and kernels
// deal in such pieces.
inline constexpr std::uint64_t kMostGrowth = 1'048'576;
inline constexpr std::uint32_t kOneCanaryIn = 1'000;

enum class Incident : std::uint8_t { kNone, kEmergency, kTenthDies, kStationDown, kRestart };
inline constexpr std::size_t kIncidents = 5;
std::string_view to_string(Incident incident);

enum class TrialOutcome : std::uint8_t { kHeld, kFailed, kInvalid };

struct TrialWish {
  std::uint32_t agents = 0;
  Incident incident = Incident::kNone;
  ModeMix mix;
  bool quick = false;    // one interval to come, a few seconds to measure
  bool is_long = false;  // measured for twice as long
  bool proof = false;    // of the generator: nobody dies, and no rule is asked after
};

// The scenario, and from when on it is measured.
struct TrialStory {
  std::string text;
  WorldTime measured_from = 0;
  WorldTime lasts = 0;
};
TrialStory story_of(const TrialWish& wish);

struct TrialResult {
  TrialWish wish;
  TrialOutcome outcome = TrialOutcome::kInvalid;
  std::string why;  // of what did not hold
  double rate = 0;  // planned heartbeats a second
  Percentiles answer_us;
  Percentiles lag_us;
  std::optional<double> cpu_percent;  // of the quota, or of one core without
  std::optional<double> cpu_us_per_beat;
  double own_cpu_us_per_beat = 0;
  std::optional<std::uint64_t> resident_bytes;
  std::optional<std::int64_t> grew_bytes;
  std::uint64_t canaries = 0;
};

// What is known of a run, held against the bounds.
TrialResult judge(const TrialWish& wish, const SeedResult& run, const Gauge::Window& window,
                  const Limits& limits, bool quota_is_kept);

// With the settings of `live`, which says where the collector is or what starts it.
TrialResult run_trial(const TrialWish& wish, LiveOptions live, const Limits& limits,
                      bool quota_is_kept, const std::function<bool()>& stop);

}  // namespace pap::sim
