// SPDX-License-Identifier: MIT
#pragma once

// Whether anything may be posted at all. Two things stop it, independently:
//   - held: the Station asked for a pause (Retry-After, or 429); nothing leaves until it runs out;
//   - away: kFailuresBeforePause failures in a row; one probe at a time, after a delay that doubles
//     from kProbeFirst to kProbeLongest with full jitter, until a probe gets a final answer.
//
// A Station that asks for a pause is there: such an answer is no failure in a row, so that a burst
// that it is slowly taking in is never taken for an outage.
//
// Threads: one.

#include <cstdint>
#include <optional>

#include "pap/core/instant.hpp"
#include "pap/core/random.hpp"
#include "pap/export.hpp"

namespace pap::core {

// How long all alerts wait after an answer with this Retry-After, or after a 429 without one.
PAP_API Nanos hold_of(std::optional<Nanos> retry_after);

class PAP_API Pause {
 public:
  explicit Pause(Random& random) : random_(random) {}

  bool away() const { return away_; }
  bool held(MonotonicTime now) const { return held_until_ && now < *held_until_; }
  bool probing() const { return probing_; }
  // A post may leave now: any one, or when away the probe.
  bool open(MonotonicTime now) const;
  // When open() may next become true by itself; none when it is true, or waits for a probe.
  std::optional<MonotonicTime> opens_at(MonotonicTime now) const;

  void probe_left() { probing_ = true; }
  // A final answer. True when this ended the absence.
  bool answered(bool to_probe, MonotonicTime now);
  // No final answer, and no request to slow down. True when this began the absence.
  bool failed(bool probe, MonotonicTime now);
  void slow_down(bool probe, std::optional<Nanos> retry_after, MonotonicTime now);
  // A Retry-After has run out, and nobody has taken note of it yet.
  bool hold_over(MonotonicTime now) const { return held_until_ && now >= *held_until_; }
  void forget_hold() { held_until_.reset(); }

  // Time spent away so far: the clock on which a waiting alert's TTL runs.
  Nanos away_total(MonotonicTime now) const;
  // Failures since the last final answer, and the absence they led to, form one run.
  std::uint32_t run() const { return run_; }

 private:
  void schedule_probe(MonotonicTime now);

  Random& random_;
  std::optional<MonotonicTime> held_until_;
  bool away_ = false;
  bool probing_ = false;
  std::uint32_t failures_in_row_ = 0;
  std::uint32_t probes_failed_ = 0;
  std::uint32_t run_ = 0;
  MonotonicTime probe_at_;
  MonotonicTime away_since_;
  Nanos away_before_{0};
};

}  // namespace pap::core
