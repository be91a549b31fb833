// SPDX-License-Identifier: MIT
#pragma once

// What `papctl top` knows and shows, without a terminal and without a clock: answers and keys go
// in, and what is to be done comes out.
//
// Memory: whatever the fleet's size, kMostRows agents and kMostAlerts alerts of each collector, and
// kMostMessages messages of the one agent that is observed.
// Threads: one.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/agent.hpp"
#include "papctl/client/fleet.hpp"
#include "papctl/client/metrics.hpp"
#include "papctl/top/keys.hpp"

namespace pap::ctl::top {

inline constexpr std::size_t kMostRows = 300;       // more than anybody scrolls through
inline constexpr std::size_t kMostAlerts = 20;      // more than have room
inline constexpr std::size_t kMostMessages = 200;   // one screen, and a high one
inline constexpr std::size_t kRateSamples = 6;      // 10 s: agents beat in bursts
inline constexpr std::size_t kLongestFilter = 256;  // as a name

using Steady = std::chrono::steady_clock::time_point;
// Both clocks at one moment: ages run on the first, people read the second.
struct Moment {
  Steady steady;
  TimePoint wall;
};

inline constexpr std::array<const char*, 3> kModes{"EMERGENCY", "IDLE", "SLEEP"};

struct AgentRow {
  std::string id;
  std::string name;
  std::string mode;
  bool healthy = false;
  std::chrono::milliseconds silent{0};  // when it was answered
  double uptime_seconds = 0;
  std::uint64_t beats = 0;

  static AgentRow from(Agent agent, TimePoint now);
};

enum class Sort : std::uint8_t { kWorst, kName, kMode, kUptime, kBeats };
const char* name_of(Sort sort);
// Whether a stands before b.
bool before(Sort sort, const AgentRow& a, const AgentRow& b);

// How many there are in all, whatever is filtered: "stats" of GET /agents.
struct Counts {
  std::uint64_t total = 0;
  std::uint64_t healthy = 0;
  std::uint64_t unhealthy = 0;
  std::array<std::uint64_t, 3> by_mode{};  // as kModes

  static Counts from(const nlohmann::ordered_json& stats);
};

// The answer to one round of /agents, cut to what is kept.
struct FleetPart {
  std::optional<Counts> counts;
  std::vector<AgentRow> rows;
  bool more = false;  // there are agents that match and are not in it
};

struct CollectorState {
  std::string label;  // host:port
  bool answered = false;
  std::optional<std::string> why_lost;
  TimePoint lost_since;

  Counts counts;
  // Heartbeats so far, at the last kRateSamples answers; and how many a second between the first
  // and the last of them.
  std::deque<std::pair<Steady, double>> beats;
  std::optional<double> rate;
  std::optional<double> queue;
  std::optional<double> waiting;
  std::optional<double> in_flight;
  std::optional<double> station_away;
  bool station_set = true;
  bool has_alerts = true;                      // an older one does not tell
  std::vector<nlohmann::ordered_json> alerts;  // the newest first

  std::vector<AgentRow> rows;
  bool more = false;
  Steady rows_at;
};

// One agent of the list: of which collector, and itself.
struct Listed {
  std::size_t collector;
  const AgentRow* row;
};

// An agent that is looked at alone.
struct Drill {
  std::size_t collector = 0;
  std::string id;
  std::string name;
  std::deque<std::string> messages;  // as they came
  std::string trouble;               // why there is no stream now; "" for none
};

enum class Todo : std::uint8_t { kNothing, kQuit, kAskAgain, kObserve, kLeave, kRedraw };

class Model {
 public:
  explicit Model(const std::vector<std::string>& labels);

  // ---- Answers ----
  void on_agents(std::size_t collector, FleetPart part, Moment now);
  void on_metrics(std::size_t collector, const Metrics& metrics, Moment now);
  // None: the collector has no /alerts.
  void on_alerts(std::size_t collector, std::optional<nlohmann::ordered_json> answer);
  void on_lost(std::size_t collector, const std::string& why, Moment now);
  void on_message(std::string message);
  void on_stream(std::string trouble);

  // ---- Keys ----
  // `page` is how many agents have room.
  Todo on_key(const Key& key, std::size_t page);

  // ---- What is shown ----
  const std::vector<CollectorState>& collectors() const { return collectors_; }
  bool several() const { return collectors_.size() > 1; }
  Choice choice() const;
  Sort sort() const { return sort_; }
  const std::string& filter() const { return filter_; }
  const std::optional<std::string>& mode() const { return mode_; }
  bool is_editing() const { return editing_; }
  bool shows_help() const { return help_; }
  const std::optional<Drill>& drill() const { return drill_; }
  // In order, and where the selected one stands.
  std::vector<Listed> listed() const;
  std::size_t selected(const std::vector<Listed>& listed) const;

 private:
  Todo edit(const Key& key);
  Todo command(const Key& key, std::size_t page);
  void select(const std::vector<Listed>& listed, std::size_t place);

  std::vector<CollectorState> collectors_;
  std::string filter_;
  std::string before_edit_;
  std::optional<std::string> mode_;
  Sort sort_ = Sort::kWorst;
  // The agent that is selected stays it where it moves to; when it has gone, the place does.
  std::pair<std::size_t, std::string> selected_;
  std::size_t place_ = 0;
  bool editing_ = false;
  bool help_ = false;
  std::optional<Drill> drill_;
};

}  // namespace pap::ctl::top
