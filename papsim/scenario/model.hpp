// SPDX-License-Identifier: MIT
#pragma once

// A scenario after reading: every name resolved, every default filled in, every number in its
// unit. Nothing here refers to YAML, and nothing here is random: `vary` has been drawn.
//
// What each key means, its default and its bounds stand in one table (scenario/vocabulary.hpp).
//
// Units: virtual milliseconds (`Millis`), counted from the start of the run. Shares are in parts
// per million, so that no decision rests on a float.
// Equality: two scenarios are equal when they say the same, wherever in a file it stands.
// Ownership: values. Threads: values.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pap/protocol/alert.hpp"
#include "pap/protocol/mode.hpp"
#include "papsim/scenario/names.hpp"

namespace pap::sim {

using Millis = std::chrono::milliseconds;
using PartsPerMillion = std::uint32_t;  // 1'000'000 is all
inline constexpr PartsPerMillion kAll = 1'000'000;

// Where in the file something stands, from 1; for messages. No part of what a scenario says.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;

  friend bool operator==(const Place&, const Place&) { return true; }
};

// --- fleet ---

enum class PhaseKind : std::uint8_t { kSpread, kAligned, kPoisson };
enum class PaceKind : std::uint8_t { kSpread, kPoisson, kSteps };
enum class Retry : std::uint8_t { kReal, kSteady };

// How many things that happen `over` a time are laid out in it.
struct Pace {
  Millis over{0};  // 0: at once
  PaceKind by = PaceKind::kSpread;
  std::uint32_t steps = 0;  // kSteps: as many equal lots

  bool operator==(const Pace&) const = default;
};

struct Group {
  std::string name;
  Place place;
  std::uint32_t count = 0;
  std::string id;                     // pattern: {uuid}, {i}, {i:04} (scenario/id_pattern.hpp)
  std::optional<std::size_t> ids_of;  // instead: the i-th has the id of that group's i-th
  std::array<PartsPerMillion, protocol::kModeCount> mode{};  // sums to kAll
  PartsPerMillion jitter = 0;                                // of the interval
  PhaseKind phase = PhaseKind::kSpread;
  Millis join_from{0};
  Pace join;
  Millis uptime_from{0};  // at the member's first beat, drawn evenly from here …
  Millis uptime_to{0};    // … to here
  Retry retry = Retry::kReal;

  bool operator==(const Group&) const = default;
};

// --- who ---

// A group, or all whom a timeline entry picked.
struct AgentSet {
  enum class Kind : std::uint8_t { kGroup, kEntry } kind = Kind::kGroup;
  std::size_t index = 0;  // into Scenario::fleet or ::timeline

  bool operator==(const AgentSet&) const = default;
};

enum class PickOrder : std::uint8_t { kRandom, kId };

struct Pick {
  // One of the two.
  std::optional<std::uint32_t> count;
  std::optional<PartsPerMillion> share;  // of the group as declared, rounded up
  PickOrder order = PickOrder::kRandom;

  bool operator==(const Pick&) const = default;
};

// Whom an entry is about. Without any set: the collector or the Station as such.
struct Who {
  std::vector<AgentSet> sets;  // a union
  std::optional<Pick> pick;    // only with one set, a group

  bool operator==(const Who&) const = default;
};

// --- what ---

struct Die {
  bool operator==(const Die&) const = default;
};
struct Revive {
  bool operator==(const Revive&) const = default;
};
struct Freeze {
  Millis lasts{0};
  bool operator==(const Freeze&) const = default;
};
struct RestartAgent {
  Millis down{0};
  bool new_identity = false;
  bool operator==(const RestartAgent&) const = default;
};
struct SetMode {
  protocol::Mode mode = protocol::Mode::kIdle;
  bool operator==(const SetMode&) const = default;
};
struct Leave {
  bool operator==(const Leave&) const = default;
};
struct Swizzle {
  Millis over{0};
  bool operator==(const Swizzle&) const = default;
};
// The agent's wall clock, from which its uptime is reckoned.
struct AgentClock {
  enum class Kind : std::uint8_t { kStep, kDrift, kFreeze } kind = Kind::kStep;
  std::int64_t step_ms = 0;
  std::int64_t drift_ppm = 0;
  bool operator==(const AgentClock&) const = default;
};

enum class Link : std::uint8_t { kCollector, kStation, kBoth };
enum class Cut : std::uint8_t { kNone, kTo, kFrom, kBoth };

// Of the links of Entry::who; without any agents: of the collector's own link to the Station.
struct NetFault {
  Link link = Link::kCollector;
  PartsPerMillion loss = 0;
  Millis delay_from{0};
  Millis delay_to{0};
  PartsPerMillion duplicate = 0;
  PartsPerMillion reorder = 0;
  Cut cut = Cut::kNone;
  bool operator==(const NetFault&) const = default;
};

// With Entry::who: only towards what comes from or is about these agents.
struct StationFault {
  enum class Kind : std::uint8_t {
    kDown,     // connections are refused
    kStatus,   // `status` to every request, with `retry_after` if set
    kSlow,     // every answer `delay` late
    kReset,    // the connection breaks before an answer; what was sent is stored
    kHang,     // no answer at all
    kGarbage,  // what comes is not HTTP
    kLimit,    // at most `per_second`, 429 with `retry_after` beyond
    kIds,      // only sets `uuid_only`
  } kind = Kind::kDown;
  std::uint16_t status = 0;
  std::optional<Millis> retry_after;
  Millis delay{0};
  std::uint32_t per_second = 0;
  bool uuid_only = false;
  PartsPerMillion share = kAll;  // of the requests that it meets; not for kLimit and kIds
  bool operator==(const StationFault&) const = default;
};

struct CollectorFault {
  enum class Kind : std::uint8_t {
    kPause,    // it stands still; its machine takes connections
    kSuspend,  // the machine stands still
    kDeaf,     // it runs, and has no room for a connection
    kRestart,
    kStarve,
    kWallStep,
    kWallDrift,
    kWallFreeze,
    kMonotonicStep,  // forward only
    kMonotonicDrift,
  } kind = Kind::kPause;
  Millis down{0};              // restart: from its end until the next one listens
  bool kill = false;           // restart: no draining, nothing finished
  PartsPerMillion starve = 0;  // the share of each second in which it does not run
  std::int64_t step_ms = 0;
  std::int64_t drift_ppm = 0;
  bool operator==(const CollectorFault&) const = default;
};

using Action = std::variant<Die, Revive, Freeze, RestartAgent, SetMode, Leave, Swizzle, AgentClock,
                            NetFault, StationFault, CollectorFault>;

// --- when ---

struct At {
  Millis time{0};
  Pace pace;                    // a state: when it begins
  std::optional<Millis> lasts;  // `pause: 3s`; none: for good, or, a fault, until `for`
  bool operator==(const At&) const = default;
};
struct Every {
  Millis each{0};
  Millis from{0};
  Millis to{0};  // included
  std::optional<Millis> lasts;
  bool operator==(const Every&) const = default;
};
struct During {
  Millis from{0};
  Millis to{0};
  bool operator==(const During&) const = default;
};
using When = std::variant<At, Every, During>;

struct Entry {
  std::string id;
  Place place;
  When when;
  Who who;
  Action action;
  bool operator==(const Entry&) const = default;
};

// --- what must come of it ---

enum class SetKind : std::uint8_t { kExactly, kAtMost, kAtLeast, kNone, kAny };

// Alerts posted at least once, counted by key.
struct AlertExpectation {
  Place place;
  std::optional<protocol::AlertType> type;  // none: every (type, agent) that no other one names
  SetKind kind = SetKind::kNone;
  std::vector<AgentSet> agents;  // a union; empty for kNone and kAny
  // How often, for each agent of the set that is told of.
  std::optional<std::uint32_t> times_from;
  std::optional<std::uint32_t> times_to;
  bool operator==(const AlertExpectation&) const = default;
};

// So many intervals, slacks and milliseconds, each of the agent's mode at its last beat.
struct Bound {
  std::int64_t intervals_ppm = 0;  // 2I is 2'000'000
  std::int64_t slacks_ppm = 0;
  std::int64_t ms = 0;
  bool operator==(const Bound&) const = default;
};

enum class DetectedFrom : std::uint8_t {
  kLastAccepted,  // the last beat that the core counted
  kEvent,         // what the timeline did to the agent
};

// When deaths are decided, by the collector's listening time, ends included.
struct DetectionExpectation {
  Place place;
  std::vector<AgentSet> of;
  DetectedFrom from = DetectedFrom::kLastAccepted;
  Bound earliest;
  Bound latest;
  bool operator==(const DetectionExpectation&) const = default;
};

enum class Comparison : std::uint8_t { kLess, kLessEqual, kEqual, kGreaterEqual, kGreater };

// A figure of the run against a bound.
struct Threshold {
  Place place;
  Metric metric{};
  // kValue: a counter's growth, or a gauge at the end, of the run or of `during`.
  Statistic statistic = Statistic::kValue;
  Comparison comparison = Comparison::kEqual;
  std::int64_t value = 0;
  std::optional<std::size_t> during;  // a timeline entry: from its begin to its end
  bool operator==(const Threshold&) const = default;
};

struct Allowance {
  Place place;
  Excuse excuse{};
  std::optional<std::uint64_t> at_most;  // none: any number
  bool operator==(const Allowance&) const = default;
};

struct Reach {
  Place place;
  Mark mark{};
  bool operator==(const Reach&) const = default;
};

struct Expect {
  std::vector<AlertExpectation> alerts;  // when any, exactly one of them has no type
  std::vector<DetectionExpectation> detection;
  std::vector<Threshold> thresholds;
  std::vector<Threshold> live;  // only over sockets
  std::vector<Allowance> allow;
  std::vector<Reach> reach;
  bool operator==(const Expect&) const = default;
};

// --- the rest ---

// The collector's settings, with the contract's defaults.
struct CollectorConfig {
  Millis zombie_check_interval{10'000};
  std::uint32_t alert_queue_max_size = 100;
  Millis alert_queue_ttl{300'000};
  Millis agent_retention{604'800'000};  // 0: never
  std::uint32_t max_agents = 1'000'000;
  Millis drain{5'000};
  Millis shutdown_grace{8'000};
  bool has_station = true;  // without one alerts are logged only
  std::uint32_t slice = 100;
  bool operator==(const CollectorConfig&) const = default;
};

// More runs of a scenario than this are a slip of the pen.
inline constexpr std::uint64_t kMostSeeds = 1'000'000;

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;  // included
  bool operator==(const SeedRange&) const = default;
};

// As written; drawing is scenario/vary.hpp's business.
struct Variation {
  Place place;
  std::string path;                  // fleet.rack.count
  std::vector<std::string> choices;  // words to choose from, or one range: 10..100
  bool operator==(const Variation&) const = default;
};

struct Scenario {
  std::string file;  // as it was given; no part of what the scenario says
  std::string name;
  std::string about;
  std::vector<Rule> fails;           // not empty: it must fail, by one of these
  std::optional<Sabotage> sabotage;  // what the harness itself does wrong, for canaries
  SeedRange ci;
  SeedRange nightly;
  Millis run_for{0};
  Millis settle{0};
  std::uint32_t observers = 0;  // over sockets
  CollectorConfig collector;
  std::vector<Group> fleet;
  std::vector<Entry> timeline;
  std::vector<Variation> vary;
  Expect expect;

  friend bool operator==(const Scenario& a, const Scenario& b) {
    return a.name == b.name && a.about == b.about && a.fails == b.fails &&
           a.sabotage == b.sabotage && a.ci == b.ci && a.nightly == b.nightly &&
           a.run_for == b.run_for && a.settle == b.settle && a.observers == b.observers &&
           a.collector == b.collector && a.fleet == b.fleet && a.timeline == b.timeline &&
           a.vary == b.vary && a.expect == b.expect;
  }
};

}  // namespace pap::sim
