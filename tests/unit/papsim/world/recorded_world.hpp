// SPDX-License-Identifier: MIT
#pragma once

// A small world, run to its end, with all that a witness of it was told.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "papsim/world/world.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {

// Small stories: one agent, and what befalls it.
inline constexpr auto kOne = "  pod: {count: 1, id: pod}\n";
inline constexpr auto kSteadyOne = "  pod: {count: 1, id: pod, retry: steady}\n";

inline Parts story_of(const char* fleet, const char* timeline = "",
                      const char* run = "{for: 149s, settle: 0s}") {
  return {.run = run, .fleet = fleet, .timeline = timeline};
}

struct Heard {
  WorldTime at = 0;
  AgentNumber agent = 0;
  protocol::Mode mode = protocol::Mode::kIdle;
  double uptime = 0;
  bool accepted = false;
  bool is_new = false;
};

struct Posted {
  WorldTime at = 0;
  std::string type;
  std::string agent;
  std::string key;
};

struct Answered {
  WorldTime at = 0;
  std::string key;
  std::optional<std::uint16_t> status;
  std::optional<WorldTime> retry_after;
};

// Everything, in lists.
class SeenByWitness final : public Witness {
 public:
  void started(WorldTime now) override { starts.push_back(now); }
  void stopped(WorldTime now, const core::Collector&) override { stops.push_back(now); }
  void called(WorldTime now) override { calls.push_back(now); }
  void accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) override {
    beats.push_back({now, beat.agent, beat.mode, beat.uptime_seconds, true, answer.is_new});
  }
  void refused(WorldTime now, const SeenBeat& beat) override {
    beats.push_back({now, beat.agent, beat.mode, beat.uptime_seconds, false, false});
  }
  void removed(WorldTime now, AgentNumber agent) override { removals.emplace_back(now, agent); }
  void draining(WorldTime now) override { drains.push_back(now); }
  void caught_up(WorldTime now) override { catch_ups.push_back(now); }
  void decided_dead(WorldTime now, AgentNumber agent) override { deaths.emplace_back(now, agent); }
  void posted(WorldTime now, std::string_view key, std::string_view body) override {
    const auto alert = nlohmann::json::parse(body);
    posts.push_back({now, alert.at("type"), alert.at("agent_uuid"), std::string{key}});
  }
  void answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                std::optional<WorldTime> retry_after) override {
    answers.push_back({now, std::string{key}, status, retry_after});
  }

  std::vector<Heard> beats;
  std::vector<std::pair<WorldTime, AgentNumber>> removals;
  std::vector<std::pair<WorldTime, AgentNumber>> deaths;
  std::vector<Posted> posts;
  std::vector<Answered> answers;
  std::vector<WorldTime> starts;
  std::vector<WorldTime> stops;
  std::vector<WorldTime> calls;
  std::vector<WorldTime> drains;
  std::vector<WorldTime> catch_ups;
};

class RecordedWorld {
 public:
  explicit RecordedWorld(const Parts& parts, std::uint64_t seed = 1)
      : scenario_(read(parts)),
        plan_(plan_of(scenario_, seed)),
        world_(std::make_unique<World>(scenario_, plan_, recorder_)) {
    world_->run();
  }

  const Scenario& scenario() const { return scenario_; }
  World& world() { return *world_; }
  const SeenByWitness& seen() const { return recorder_; }
  const WorldFigures& figures() const { return world_->figures(); }
  const Fleet& fleet() const { return world_->fleet(); }

  // When the collector heard an agent, whatever it answered.
  std::vector<WorldTime> heard(AgentNumber agent) const {
    std::vector<WorldTime> times;
    for (const Heard& beat : recorder_.beats) {
      if (beat.agent == agent) times.push_back(beat.at);
    }
    return times;
  }
  std::vector<Heard> beats_of(AgentNumber agent) const {
    std::vector<Heard> beats;
    for (const Heard& beat : recorder_.beats) {
      if (beat.agent == agent) beats.push_back(beat);
    }
    return beats;
  }
  std::vector<double> uptimes(AgentNumber agent) const {
    std::vector<double> uptimes;
    for (const Heard& beat : beats_of(agent)) uptimes.push_back(beat.uptime);
    return uptimes;
  }

 private:
  SeenByWitness recorder_;
  const Scenario scenario_;
  const Plan plan_;
  std::unique_ptr<World> world_;  // large, by its wheel
};

}  // namespace pap::sim
