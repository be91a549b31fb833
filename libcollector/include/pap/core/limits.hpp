// SPDX-License-Identifier: MIT
#pragma once

// Every bound and time of the core, each with its reason. What operators may change stands in
// CollectorSettings (collector.hpp); these follow from the contract or from each other.

#include <cstddef>
#include <cstdint>

#include "pap/core/instant.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

using std::chrono::duration_cast;

// --- listening time (listening_time.hpp) ---

// The core is called at least this often.
inline constexpr Nanos kCallEvery = std::chrono::seconds{1};
// Two calls further apart than this prove that we could not hear: two missed calls, not one, so
// that an ordinary late timer is no loss.
inline constexpr Nanos kLongestOrdinaryGap = std::chrono::seconds{2};
// Of such a gap this much was listening: the call that was not due yet when the last one came.
inline constexpr Nanos kHeardOfAGap = kCallEvery;
// Agents give a heartbeat up after this, and from then on stay away (contract: How real agents
// behave).
inline constexpr Nanos kAgentTimeout = std::chrono::seconds{5};
// … for this long, before the next of their heartbeats comes to us.
inline constexpr Nanos kAgentAway = std::chrono::seconds{60};
// After a loss, what waited is handled within this, or counts as handled.
inline constexpr Nanos kLongestCatchUp = std::chrono::seconds{5};
// Losses that end within this of the first of them share one mark, which bounds the marks of a mode
// by its longest deadline divided by this.
inline constexpr Nanos kMarkSharing = std::chrono::seconds{5};
// Losses remembered for turning a listening time back into a monotonic one. Only the timestamp of
// a death needs it, which lies at most one excused silence back.
inline constexpr std::size_t kLossesRemembered = 64;

// --- failure detector ---

// The share of an interval that a death alert waits beyond 2 x interval.
inline constexpr int kSlackDivisor = 10;

// --- restart rule (contract: Restart) ---

inline constexpr Nanos kRestartMargin = kAgentTimeout;
inline constexpr Nanos kRestartAfterHeard = 2 * kAgentTimeout;
inline constexpr Nanos kOvertakenWithin = kAgentTimeout;

// --- alerts ---

// The same type for the same agent is held back this long after one was told.
inline constexpr Nanos kDedupWindow = std::chrono::seconds{60};
// A collector that has just started cannot know who was in EMERGENCY before: an older agent first
// seen in it within this is taken as told. An agent's time away, plus its time-out, plus a beat.
inline constexpr Nanos kStartUpWindow = std::chrono::seconds{75};
static_assert(kStartUpWindow >=
              kAgentAway + kAgentTimeout + protocol::interval_of(protocol::Mode::kEmergency));
// Posts in flight together: a Station that takes 100 ms an alert is told 320 a second.
inline constexpr std::size_t kDeliveriesInFlight = 32;
inline constexpr Nanos kBackoffFirst = std::chrono::seconds{5};
inline constexpr Nanos kBackoffLongest = std::chrono::seconds{60};
inline constexpr std::uint32_t kFailuresBeforePause = 5;
inline constexpr Nanos kProbeFirst = std::chrono::seconds{5};
inline constexpr Nanos kProbeLongest = std::chrono::seconds{30};
// What a 429 without Retry-After means, and how short or long a Retry-After is believed: one of 0
// must not make a post follow its refusal as fast as the wire carries them.
inline constexpr Nanos kRetryAfterDefault = std::chrono::seconds{5};
inline constexpr Nanos kRetryAfterShortest = std::chrono::seconds{1};
inline constexpr Nanos kRetryAfterLongest = std::chrono::minutes{5};
// A dropped alert whose state still holds is told afresh this long after, without a pause.
inline constexpr Nanos kRetellAfter = std::chrono::seconds{60};
// A probe is the alert tried least among this many of the most urgent that could go.
inline constexpr std::size_t kProbeCandidates = 1024;
// Notices that wait for the log; a driver takes them after every call.
inline constexpr std::size_t kMaxNotices = 4096;
// Rows of GET /alerts.
inline constexpr std::size_t kAlertHistory = 1000;

// --- work in slices ---

// So much, and everybody else is served first. Limits are counts, since a count is the same on
// every machine; each is set by what a unit costs, so that a slice takes less than a millisecond
// of CPU, and half of it on a machine that does nothing else (scripts/bench micro, slice_of;
// docs/performance.md).

// Agents or alerts worked off: a death, decided, rendered, put into the outbox and logged, takes up
// to 5 us. So 100 000 deaths are worked off in half a second.
inline constexpr std::size_t kSliceUnits = 100;
// … of which one pays for this many messages queued for observers, 60 ns each.
inline constexpr std::size_t kMessagesPerUnit = 32;
// Agents looked at for a list, matching or not: 0.25 us each.
inline constexpr std::size_t kListSlice = 1000;
// … and what is appended of them, up to one agent more: names can be longer than what is usual.
inline constexpr std::size_t kListSliceBytes = 128 * 1024;
// Places that the table grows by, of records and of buckets: 0.1 us each, most of it the kernel's,
// which gives memory by the page.
inline constexpr std::size_t kTableChunk = 1024;
// What one new agent can bring at the most: a chunk of each, and the records of the bucket that it
// splits. (Of keyed hashes, one for each bucket, 64 share a bucket with a probability of 1/64!.)
inline constexpr std::size_t kGrowthUnits = 2 * kTableChunk + 64;

}  // namespace pap::core
