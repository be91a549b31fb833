// SPDX-License-Identifier: MIT
#pragma once

// What came of one check of one run, and of a run as a whole.
//
// Exit codes are lab words: pass 0, fail 1, unknown 2, invalid 3.
// Ownership: values. Threads: values.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "papsim/run/recording.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/scenario/plan.hpp"

namespace pap::sim {

enum class Verdict : std::uint8_t { kPassed, kUntested, kVoid, kFailed };  // later ones prevail

constexpr std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "pass";
    case Verdict::kUntested:
      return "unknown";
    case Verdict::kVoid:
      return "invalid";
    case Verdict::kFailed:
      return "fail";
  }
  return "";
}

constexpr int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return 0;
    case Verdict::kFailed:
      return 1;
    case Verdict::kUntested:
      return 2;
    case Verdict::kVoid:
      return 3;
  }
  return 3;
}

constexpr Verdict worse(Verdict a, Verdict b) { return a < b ? b : a; }

// What befell one agent, and what the collector and the Station did about it, in order.
struct Story {
  struct Event {
    std::int64_t at = 0;
    Place place;  // of the timeline's line, if it was planned
    std::string what;
  };
  std::string agent;  // empty: of the collector and the Station alone
  std::vector<Event> events;
};

// One way in which an expectation failed; what makes two failures of one rule the same.
struct Failure {
  std::string what;         // "AGENT_DEATH not told", "outbox.delivered below"
  std::int64_t beyond = 0;  // of a figure: how far from its bound
  bool never = false;       // something did not happen at all: less of a story shows no more of it
};

// One expectation, rule or fault: what was seen beside what was asked.
struct Check {
  Verdict verdict = Verdict::kPassed;
  std::string rule;    // "S1", "alerts", "fault", …
  std::string what;    // "AGENT_DEATH: exactly cut"
  Place place;         // of the scenario's line, if it has one
  std::string source;  // that line, as it is written
  std::string value;
  std::string bound;
  std::uint64_t population = 0;     // how many samples
  std::vector<std::string> chain;   // the causes, in words, in order
  std::vector<AgentNumber> agents;  // whom it is about, for their stories; not all of many
  std::vector<Story> stories;       // of some of those
  std::optional<std::int64_t> at;   // … up to when
  std::vector<Failure> failures;    // of an expectation; a rule's name says it all
};

// How long something took, in microseconds.
struct Percentiles {
  std::uint64_t count = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p90 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t p999 = 0;
  std::uint64_t p9999 = 0;
  std::uint64_t max = 0;
};

// Of a run over sockets: what became of its heartbeats.
struct LiveSummary {
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::vector<std::pair<std::string, std::uint64_t>> ends;      // "reset", how often
  std::vector<std::pair<std::size_t, std::uint64_t>> statuses;  // 503, how often
  Percentiles answer_us;    // from the planned moment to the whole answer
  Percentiles exchange_us;  // from the sending
  Percentiles lag_us;       // from the planned moment to the sending: the generator's own
};

// Who was told of, and how long the dead had been silent: what two runs of one story, in virtual
// time and over sockets, are compared by.
struct RunOutcome {
  static constexpr std::size_t kMost = 20'000;  // of each; beyond, they are left out

  struct Alert {
    std::string type;
    std::string agent;
    std::uint32_t times = 0;
  };
  struct Death {
    std::string agent;
    std::string mode;
    std::int64_t silence_ms = 0;
  };
  std::vector<Alert> alerts;  // by type and agent
  std::vector<Death> deaths;  // in the order of their decisions
  bool whole = true;
};

struct SeedResult {
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::kPassed;
  std::vector<Check> checks;
  std::uint64_t digest = 0;
  std::uint64_t heartbeats = 0;
  std::uint64_t alerts = 0;
  std::int64_t virtual_ms = 0;
  std::array<std::uint64_t, kMarks.size()> marks{};  // how often each was hit
  bool interrupted = false;
  RunOutcome outcome;
  std::optional<LiveSummary> live;
  std::string repeat_with;  // further options of the command that repeats it, each after a blank
  std::optional<Recording> recording;  // of some of those that are reported
};

}  // namespace pap::sim
