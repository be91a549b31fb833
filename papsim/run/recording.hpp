// SPDX-License-Identifier: MIT
#pragma once

// What a report draws of one run: what happened when, how many agents and alerts there were, how
// late deaths were decided, and the worst agents beat by beat.
//
// Bounded whatever the size of the run; every bound stands here. Times are the world's, in ms.
// Its numbers by time are given for the part in which something happens, so that this is seen in
// detail, and once more for the whole run: hours of waiting may follow a few minutes.
// Ownership: values. Threads: values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pap/protocol/mode.hpp"
#include "papsim/scenario/model.hpp"

namespace pap::sim {

// --- bounds ---

// Points of a series: as many as a page has room for, side by side.
inline constexpr std::size_t kMostPoints = 400;
// … and while it is not known yet which part of the run is worth them; they take 7 MB.
inline constexpr std::size_t kMostFinePoints = 60'000;
// Deaths drawn one by one; more are put together where they lie close.
inline constexpr std::size_t kMostDots = 400;
inline constexpr std::size_t kMostLanes = 12;  // of agents that failed checks name
// Where none is named: enough to see what is usual, the latest first.
inline constexpr std::size_t kUsualLanes = 6;
// Marks of one lane. An agent in EMERGENCY beats 360 times in half an hour.
inline constexpr std::size_t kMostMarks = 800;
// Stretches of one band; those that lie close are drawn as one.
inline constexpr std::size_t kMostStretches = 200;
// A run as long as this is drawn whole in every lane; of longer ones each lane has its own part.
inline constexpr std::int64_t kWholeLane = 30LL * 60 * 1000;
// A part goes on to its agent's last delivery, if that comes within this after its end.
inline constexpr std::int64_t kLatestDelivery = 15LL * 60 * 1000;
// Runs of one scenario that are recorded, and of all.
inline constexpr std::size_t kMostRecorded = 3;
inline constexpr std::size_t kMostRecordedOfAll = 100;

// --- by time ---

enum class Series : std::uint8_t {
  kRunning,
  kKnown,
  kUnhealthy,
  kBeats,
  kFailedBeats,
  kDecided,
  kToldEmergency,
  kToldRestart,
  kToldDeath,
  kDelivered,
  kUndelivered,
  kWaiting,
  kInFlight,
  kHeld,
};

// What a point says of the time from its begin to the next one's.
enum class PointKind : std::uint8_t {
  kLevel,  // how many there were at its begin, so that no effect is drawn before its cause
  kSum,    // how many there were within it
  kQueue,  // how many there were at the moment when the queues together were longest
};

struct SeriesName {
  Series series;
  PointKind kind;
  std::string_view name;  // in the JSON
  std::string_view about;
};

inline constexpr std::array kSeries{
    SeriesName{Series::kRunning, PointKind::kLevel, "running",
               "processes that run, whatever the collector thinks"},
    SeriesName{Series::kKnown, PointKind::kLevel, "known", "agents that the collector knows"},
    SeriesName{Series::kUnhealthy, PointKind::kLevel, "unhealthy",
               "of those, silent for 2 x interval and more"},
    SeriesName{Series::kBeats, PointKind::kSum, "beats", "heartbeats accepted"},
    SeriesName{Series::kFailedBeats, PointKind::kSum, "beats_failed",
               "heartbeats given up by their agents"},
    SeriesName{Series::kDecided, PointKind::kSum, "decided_dead", "deaths decided"},
    SeriesName{Series::kToldEmergency, PointKind::kSum, "told_emergency",
               "EMERGENCY_MODE, posted the first time"},
    SeriesName{Series::kToldRestart, PointKind::kSum, "told_restart",
               "RESTART_DETECTED, posted the first time"},
    SeriesName{Series::kToldDeath, PointKind::kSum, "told_death",
               "AGENT_DEATH, posted the first time"},
    SeriesName{Series::kDelivered, PointKind::kSum, "delivered", "posts answered 2xx"},
    SeriesName{Series::kUndelivered, PointKind::kSum, "undelivered",
               "posts answered otherwise, or not at all"},
    SeriesName{Series::kWaiting, PointKind::kQueue, "waiting", "alerts that wait"},
    SeriesName{Series::kInFlight, PointKind::kQueue, "in_flight", "alerts posted and not answered"},
    SeriesName{Series::kHeld, PointKind::kQueue, "held", "alerts held back"},
};

// Side by side, from 0 on; the last one may be shorter.
struct Points {
  std::int64_t every = 0;  // ms a point
  std::array<std::vector<std::int64_t>, kSeries.size()> series;
};

// The least with which a run has no more than kMostFinePoints.
std::int64_t fine_width(std::int64_t end);
// Of fine points up to `end` so many that they are no more than kMostPoints.
std::int64_t width_of_point(std::int64_t fine, std::int64_t end);
Points merged(const Points& fine, std::int64_t end);

// --- stretches of time ---

struct Stretch {
  std::int64_t from = 0;
  std::int64_t to = 0;  // == from: a moment
  std::uint64_t agents = 0;
};

// What one entry of the timeline does, and when.
struct TimelineBand {
  std::string id;
  std::string what;  // "station down", "die"
  std::string whom;  // "agents", "collector" or "station"
  Place place;
  std::vector<Stretch> stretches;  // in order
  std::uint64_t agents = 0;        // whom it met, each once however often
};

// The collector was not there, or stood still for longer than it ever does by itself.
struct CollectorAbsence {
  std::int64_t from = 0;
  std::int64_t to = 0;
  bool down = false;
};

// --- deaths ---

struct LagDot {
  enum class Kind : std::uint8_t { kInside, kOutside, kLiving };

  std::int64_t at = 0;
  std::int64_t silence = 0;
  std::uint64_t count = 1;
  Kind kind = Kind::kInside;
};

// Of agents of one mode: how long they were silent, by the collector's listening time, when their
// death was decided. The window is 2I to 2I + slack; a pause of the collector may extend it.
struct Lags {
  protocol::Mode mode = protocol::Mode::kIdle;
  std::int64_t earliest = 0;
  std::int64_t latest = 0;
  std::uint64_t count = 0;
  std::uint64_t outside = 0;
  std::uint64_t living = 0;  // their process was there, and beating
  std::int64_t least = 0;
  std::int64_t median = 0;
  std::int64_t p99 = 0;
  std::int64_t most = 0;
  std::vector<LagDot> dots;
};

// --- lanes ---

struct LaneMark {
  enum class Kind : std::uint8_t {
    kBeat,         // accepted
    kSent,         // … and not heard in that moment: lost, late, or met by a collector at rest
    kRefused,      //
    kStationBeat,  // sent straight to the Station
    kStep,         // of the timeline
    kDecided,      // dead
    kPosted,
    kDelivered,
    kUndelivered,
    kGone,  // removed, or forgotten
  };

  std::int64_t at = 0;
  Kind kind = Kind::kBeat;
  std::string what;  // empty for beats
};

struct LaneStretch {
  enum class Kind : std::uint8_t {
    kDown,    // no process of it runs
    kFrozen,  // … or it does nothing
    kAway,    // having failed with a beat it does not try the collector
    kDue,     // its death is to be decided within this
  };

  std::int64_t from = 0;
  std::int64_t to = 0;
  Kind kind = Kind::kDown;
};

struct Lane {
  std::string agent;
  std::string group;
  std::string why;  // it is shown
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::vector<LaneMark> marks;  // in order
  std::uint64_t left_out = 0;   // marks and stretches beyond their bounds
  std::vector<LaneStretch> stretches;
};

struct Recording {
  std::int64_t busy = 0;    // nothing happens after it, or it is the end
  std::int64_t healed = 0;  // when all faults are over
  std::int64_t end = 0;
  Points points;                // up to `busy`
  std::optional<Points> whole;  // up to the end, if that is later
  std::vector<TimelineBand> timeline;
  std::vector<CollectorAbsence> absences;
  std::vector<Lags> lags;  // by mode, of those of which there were deaths
  std::vector<Lane> lanes;
  std::uint64_t lanes_left_out = 0;  // of agents that failed checks name, too
};

}  // namespace pap::sim
