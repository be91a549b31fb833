// SPDX-License-Identifier: MIT
#pragma once

// What befell a few agents, written down while a run is repeated: what the plan did to them, their
// heartbeats, pauses of the collector, decisions, posts, answers and drops.
//
// Of an alert that is held back or lapses nothing is told: the collector has no word for it.
//
// A run that fails is run a second time under this witness, so that the first one need not write.
// Of heartbeats only those are kept that come last before something else, and how many were before.
// Times are the world's. Memory: lines of the agents asked for.
// Ownership: scenario, plan and world outlive it. Threads: one.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "papsim/expect/verdict.hpp"
#include "papsim/world/witness.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

class Chronicle final : public Witness {
 public:
  static constexpr std::size_t kBeatsKept = 3;
  static constexpr std::size_t kMostEvents = 40;

  // About these ids, and about collector and Station in any case. With each id the moments, in
  // order, up to which its story will be asked for.
  using Moments = std::map<AgentNumber, std::set<WorldTime>>;
  Chronicle(const Scenario& scenario, const Plan& plan, const Moments& ids);
  void watch(const World& world) { world_ = &world; }

  void started(WorldTime now) override;
  void stopped(WorldTime now, const core::Collector& collector) override;
  void called(WorldTime now) override;
  void accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) override;
  void refused(WorldTime now, const SeenBeat& beat) override;
  void removed(WorldTime now, AgentNumber agent) override;
  void forgotten(WorldTime now, AgentNumber agent, bool to_make_room) override;
  void draining(WorldTime now) override;
  void caught_up(WorldTime) override {}
  void decided_dead(WorldTime now, AgentNumber agent) override;
  void posted(WorldTime now, std::string_view key, std::string_view body) override;
  void answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                std::optional<WorldTime> retry_after) override;
  void dropped(WorldTime now, AgentNumber agent, protocol::AlertType type,
               DropCause cause) override;
  void retold(WorldTime now, AgentNumber agent, protocol::AlertType type) override;
  void station_away(WorldTime now, bool away) override;

  // In order, up to and with `until`; the middle of a long one is left out. Without an id: of the
  // collector and the Station, and what the timeline did to how many.
  Story story(std::optional<AgentNumber> id, std::optional<WorldTime> until) const;

 private:
  struct Line {
    std::uint64_t number;  // in the order in which they were written
    Story::Event event;
  };
  struct Page {
    std::vector<Line> lines;
    std::deque<Line> beats;       // the last ones, since the last line
    std::optional<Line> earlier;  // the last of those before them …
    std::uint64_t earlier_beats = 0;
    std::optional<WorldTime> heard;
    std::set<WorldTime> asked;         // moments yet to come
    std::vector<AgentNumber> numbers;  // processes with this id
    WorldTime away_until = 0;          // the last that was written of
  };

  Page* page(AgentNumber id);
  Line line(std::string what) { return {lines_++, {world_->now(), {}, std::move(what)}}; }
  static void put_beats(Page& page, std::vector<Line>& lines);
  void write(AgentNumber id, Line line);
  void write(AgentNumber id, std::string what) { write(id, line(std::move(what))); }
  void write_to_all(Line line);
  void beat(AgentNumber id, std::string what);
  // The plan's steps up to now.
  void follow();
  void follow(const Step& step);
  void look_who_is_away();
  std::string state_of(AgentNumber id) const;

  const Scenario& scenario_;
  const Plan& plan_;
  const World* world_ = nullptr;

  std::map<AgentNumber, Page> pages_;
  Page everybody_;                             // what is about no agent alone
  std::map<std::string, AgentNumber> posted_;  // by key
  std::uint64_t lines_ = 0;
  std::size_t next_step_ = 0;
  bool healed_ = false;
  std::optional<WorldTime> last_call_;
};

// Gives the checks that failed the stories of the agents that they are about, of some of many.
// `stop`: asked now and then; then there are none.
void tell_stories(const Scenario& scenario, const Plan& plan, const std::function<bool()>& stop,
                  std::vector<Check>& checks);

}  // namespace pap::sim
