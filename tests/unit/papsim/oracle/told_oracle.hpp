// SPDX-License-Identifier: MIT
#pragma once

// An oracle that is told of a run by hand, call by call.
//
// Agents 0 to 3 are "pod-0" to "pod-3". It is called each second, as by a collector that runs,
// unless a test lets time pass otherwise.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"
#include "papsim/oracle/oracle.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {

class ToldOracle {
 public:
  // `at_once`: let it also object to alerts that are not posted as soon as they may be, which most
  // tests have no eye on.
  explicit ToldOracle(const char* head = "", bool at_once = false)
      : at_once_(at_once),
        scenario_(read(Parts{.head = head, .fleet = "  pods: {count: 4, id: \"pod-{i}\"}\n"})),
        plan_(plan_of(scenario_)),
        identities_(scenario_, plan_),
        oracle_(scenario_, plan_),
        core_(settings(), instant()) {
    oracle_.know(identities_);
    oracle_.started(0);
  }

  Oracle& oracle() { return oracle_; }
  // A real collector, for what the oracle asks of one at rest. It is told of beats alone.
  core::Collector& core() { return core_; }
  WorldTime now() const { return now_; }

  // --- time ---

  // On to this moment, with a call each second.
  void until(WorldTime at) {
    while (now_ < at) skip_to(std::min(now_ + 1'000, at));
  }
  // On to this moment with no call before it.
  void skip_to(WorldTime at) {
    now_ = at;
    oracle_.called(at);
    while (core_.tick(instant())) {
    }
  }

  // --- what agents do ---

  struct Beat {
    protocol::Mode mode = protocol::Mode::kIdle;
    double uptime = -1;  // as if the process had begun an hour before the run
    bool is_new = false;
    bool restart = false;
    std::optional<protocol::Mode> answered = {};
  };
  void beat(WorldTime at, AgentNumber agent, Beat beat) {
    until(at);
    if (beat.uptime < 0) beat.uptime = 3'600 + static_cast<double>(at) / 1000;
    oracle_.accepted(at, {agent, beat.mode, beat.uptime},
                     {beat.is_new, beat.restart, beat.answered.value_or(beat.mode)});
    core_.heartbeat(identities_.of(agent), {beat.mode, beat.uptime, {}}, instant());
  }
  void beat(WorldTime at, AgentNumber agent) { beat(at, agent, Beat{}); }
  void first_beat(WorldTime at, AgentNumber agent) { beat(at, agent, {.is_new = true}); }
  void dead(WorldTime at, AgentNumber agent) {
    until(at);
    oracle_.decided_dead(at, agent);
  }

  // --- what the Station hears ---

  void post(WorldTime at, const char* key, const nlohmann::json& body) {
    until(at);
    oracle_.posted(at, key, body.dump());
  }
  void answer(WorldTime at, const char* key, std::optional<std::uint16_t> status,
              std::optional<WorldTime> retry_after = {}) {
    until(at);
    oracle_.answered(at, key, status, retry_after);
  }

  void finish(std::vector<bool> living = {false, false, false, false}) {
    while (!core_.settle_health(instant())) {
    }
    oracle_.finish(now_, core_, living, core_.stats().total);
  }

  // The rules that were broken, in order.
  std::vector<std::string> broken() const {
    std::vector<std::string> rules;
    for (const Violation& violation : oracle_.violations()) {
      const bool late = violation.what.starts_with("alerts wait, and might leave");
      if (late && !at_once_) continue;
      rules.emplace_back(to_string(violation.rule));
    }
    return rules;
  }
  std::string what() const {
    std::string text;
    for (const Violation& violation : oracle_.violations()) {
      text += std::string{to_string(violation.rule)} + ": " + violation.what + '\n';
    }
    return text;
  }

  core::Instant instant() const {
    return {core::MonotonicTime{std::chrono::hours{1} + Millis{now_}},
            core::WallTime{std::chrono::seconds{1'790'000'000} + Millis{now_}}};
  }

 private:
  core::CollectorSettings settings() const {
    core::CollectorSettings settings;
    settings.cluster = {"papsim", "papsim"};
    return settings;
  }

  const bool at_once_;
  const Scenario scenario_;
  const Plan plan_;
  const Identities identities_;
  Oracle oracle_;
  WorldTime now_ = 0;
  core::Collector core_;
};

inline nlohmann::json alert_of(const char* type, const char* agent, nlohmann::json details) {
  return {{"type", type}, {"agent_uuid", agent}, {"details", std::move(details)}};
}

// Of an agent that was last heard at `heard`, see ToldOracle::Beat.
inline nlohmann::json death_of(const char* agent, WorldTime heard) {
  return alert_of(
      "AGENT_DEATH", agent,
      {{"mode", "IDLE"}, {"uptime_before_death", 3'600 + static_cast<double>(heard) / 1000}});
}

inline nlohmann::json emergency_of(const char* agent, nlohmann::json previous_mode, double uptime) {
  return alert_of("EMERGENCY_MODE", agent,
                  {{"previous_mode", std::move(previous_mode)}, {"uptime_seconds", uptime}});
}

inline nlohmann::json restart_of(const char* agent, double previous, double uptime) {
  return alert_of("RESTART_DETECTED", agent,
                  {{"previous_uptime", previous}, {"new_uptime", uptime}, {"mode", "IDLE"}});
}

}  // namespace pap::sim
