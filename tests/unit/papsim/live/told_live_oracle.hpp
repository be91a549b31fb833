// SPDX-License-Identifier: MIT
#pragma once

// A live oracle that is told of a run by hand, call by call.
//
// Agents 0 to 3 are "pod-0" to "pod-3"; their processes began an hour before the run, beat IDLE and
// are dead at the end, unless a test says otherwise. Times are of the run, whose zero is kZero.

#include <ctime>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "papsim/live/live_oracle.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {

class ToldLiveOracle {
 public:
  static constexpr std::int64_t kZero = 1'790'000'000'000;

  explicit ToldLiveOracle(const char* head = "")
      : scenario_(read(Parts{.head = head, .fleet = "  pods: {count: 4, id: \"pod-{i}\"}\n"})),
        plan_(plan_of(scenario_)),
        identities_(scenario_, plan_),
        oracle_(scenario_, plan_, identities_) {
    oracle_.begins(kZero);
    oracle_.ask([this](AgentNumber id) { return truths[id]; });
  }

  LiveOracle& oracle() { return oracle_; }
  std::array<LiveOracle::Truth, 4> truths{};

  // --- what agents do ---

  struct Beat {
    WorldTime sent = 0;
    WorldTime ended = 0;  // 0: with its sending
    AgentNumber agent = 0;
    protocol::Mode mode = protocol::Mode::kIdle;
    double uptime = -1;  // below 0: as if its process had begun an hour before the run
  };
  struct Said {
    bool is_new = false;
    bool restart = false;
    std::optional<std::int64_t> next = {};  // none: as its mode has it
  };
  void accepted(const Beat& beat, const Said& said) {
    oracle_.accepted(seen(beat), {said.is_new, said.restart,
                                  said.next.value_or(protocol::interval_of(beat.mode).count())});
  }
  void accepted(const Beat& beat) { accepted(beat, {}); }
  void first(const Beat& beat) { accepted(beat, {.is_new = true}); }
  void first(WorldTime at) { first({.sent = at}); }
  void beat(WorldTime at) { accepted({.sent = at}); }
  void unanswered(const Beat& beat) { oracle_.unanswered(seen(beat)); }
  void refused(const Beat& beat, std::uint16_t status) { oracle_.refused(seen(beat), status); }

  // --- what the Station hears ---

  static std::string wall(WorldTime at) {
    const std::int64_t millis = kZero + at;
    const std::time_t whole = millis / 1000;
    std::tm moment{};
    ::gmtime_r(&whole, &moment);
    std::array<char, 32> text{};
    const std::size_t end = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &moment);
    std::snprintf(text.data() + end, text.size() - end, ".%03dZ", static_cast<int>(millis % 1000));
    return text.data();
  }
  static nlohmann::json alert(const char* type, const char* agent = "pod-0") {
    return {{"type", type}, {"agent_uuid", agent}, {"details", nlohmann::json::object()}};
  }
  void post(WorldTime at, const char* key, const nlohmann::json& body) {
    oracle_.posted(at, key, body);
    oracle_.answered(at, key, 200, std::nullopt);
  }
  void death(WorldTime at, WorldTime last_seen, const char* key = "d1",
             const char* agent = "pod-0") {
    nlohmann::json body = alert("AGENT_DEATH", agent);
    body["details"]["last_seen"] = wall(last_seen);
    post(at, key, body);
  }

  // --- at the end ---

  // GET /agents, which shows pod-0 so and nobody else.
  void listed(WorldTime at, const nlohmann::json& shown) {
    nlohmann::json agents = nlohmann::json::array();
    if (!shown.is_null()) agents.push_back(shown);
    oracle_.listed(at, at, {{"agents", agents}});
  }
  static nlohmann::json entry(bool healthy, const char* mode = "IDLE", const char* id = "pod-0") {
    return {{"agent_uuid", id}, {"mode", mode}, {"healthy", healthy}};
  }

  // The rules that were broken, in order, each as "S1".
  std::vector<std::string> broken() const {
    std::vector<std::string> rules;
    for (const Violation& violation : oracle_.violations()) {
      rules.emplace_back(to_string(violation.rule));
    }
    return rules;
  }
  std::string what() const {
    std::string text;
    for (const Violation& violation : oracle_.violations()) text += violation.what + '\n';
    return text;
  }

 private:
  static LiveOracle::Beat seen(const Beat& beat) {
    const double uptime =
        beat.uptime < 0 ? 3'600 + static_cast<double>(beat.sent) / 1000 : beat.uptime;
    return {{beat.agent, beat.mode, uptime}, beat.sent, std::max(beat.sent, beat.ended)};
  }

  const Scenario scenario_;
  const Plan plan_;
  const Identities identities_;
  LiveOracle oracle_;
};

// The rules that a story breaks.
inline std::vector<std::string> broken_by(const std::function<void(ToldLiveOracle&)>& story,
                                          const char* head = "") {
  ToldLiveOracle told(head);
  story(told);
  return told.broken();
}

}  // namespace pap::sim
