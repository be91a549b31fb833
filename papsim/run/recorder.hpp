// SPDX-License-Identifier: MIT
#pragma once

// Writes down a run while it is repeated: points of the series, when the collector was away, and
// the lanes of the agents that it was asked for.
//
// The first run of a seed need not write; this is its second one.
// Memory: as bounded by run/recording.hpp, two bytes an agent, and a line an alert.
// Ownership: scenario, plan and world outlive it. Threads: one.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "papsim/oracle/listening_model.hpp"
#include "papsim/run/recording.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/witness.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

// A lane that is wanted: of whom, why, and which part of the run, at the least.
struct LaneWish {
  AgentNumber id = 0;
  std::string why;
  WorldTime from = 0;
  WorldTime to = 0;
};

struct LaneWishes {
  std::vector<LaneWish> lanes;
  std::uint64_t left_out = 0;  // for want of room
};

class Recorder final : public Witness {
 public:
  Recorder(const Scenario& scenario, const Plan& plan, const LaneWishes& wishes);
  // Before the world runs.
  void watch(World& world);
  // Something worth being looked at; whatever happens at the very end is found there, not made.
  void happens(WorldTime at) {
    if (at < end_) happened_ = std::max(happened_, at);
  }

  void started(WorldTime now) override;
  void stopped(WorldTime now, const core::Collector& collector) override;
  void hears_nobody(WorldTime now, WorldTime since) override {
    listening_.hears_nobody(now, since);
  }
  void hears_all(WorldTime now, WorldTime since) override { listening_.hears_all(now, since); }
  void called(WorldTime now) override;
  void accepted(WorldTime now, const SeenBeat& beat, const SeenAnswer& answer) override;
  void refused(WorldTime now, const SeenBeat& beat) override;
  void removed(WorldTime now, AgentNumber agent) override;
  void forgotten(WorldTime now, AgentNumber agent, bool to_make_room) override;
  void draining(WorldTime) override {}
  void goes_on(WorldTime now) override { listening_.goes_on(now); }
  void caught_up(WorldTime) override { listening_.caught_up(); }
  void decided_dead(WorldTime now, AgentNumber agent) override;
  void posted(WorldTime now, std::string_view key, std::string_view body) override;
  void answered(WorldTime now, std::string_view key, std::optional<std::uint16_t> status,
                std::optional<WorldTime> retry_after) override;

  // Once the run is over; series, timeline, absences and lanes.
  Recording take();

 private:
  struct OpenLane {
    Lane lane;
    WorldTime wanted_to = 0;  // it is written for longer, and cut when its deliveries are known
    std::optional<WorldTime> heard;  // by listening time; none: it is decided dead, or not known
    std::uint32_t heard_after = 0;   // so many ends of pauses
    protocol::Mode mode = protocol::Mode::kIdle;
    WorldTime away_until = 0;
    std::optional<WorldTime> down_since;
    std::optional<WorldTime> frozen_since;
    std::vector<AgentNumber> numbers;  // processes with this id
  };
  // A process of a lane is being moved by the world.
  struct Moved {
    AgentNumber number;
    WorldTime at;
    std::uint64_t sent;
    std::uint64_t at_station;
    bool heard = false;
  };

  void noted(const World::Noted& noted);
  void settle_moved();
  void advance();
  void close_point();
  void begin_point();
  std::int64_t& at_point(Series series) { return point_[static_cast<std::size_t>(series)]; }
  void count(Series series, std::int64_t more = 1) { at_point(series) += more; }
  void look_at_queue();
  WorldTime busy_until() const;
  void mark(OpenLane& lane, LaneMark::Kind kind, std::string what = {});
  void mark_at(OpenLane& lane, WorldTime at, LaneMark::Kind kind, std::string what);
  static void stretch(OpenLane& lane, WorldTime from, WorldTime to, LaneStretch::Kind kind);
  // The first beat: from now on a process of it runs.
  static void begin(OpenLane& lane, WorldTime at);
  OpenLane* lane_of(AgentNumber id);
  void follow();
  void follow(const Step& step, OpenLane& lane);
  // A silence is over, or is looked at for the last time.
  void close_silence(OpenLane& lane);
  void absent(WorldTime from, WorldTime to, bool down);
  void finish(OpenLane& lane);

  const Scenario& scenario_;
  const Plan& plan_;
  const WorldTime end_;
  World* world_ = nullptr;

  Recording out_;
  Points fine_;
  WorldTime happened_ = 0;  // the last time
  std::int64_t most_known_ = 0;
  std::array<std::int64_t, kSeries.size()> point_{};
  std::int64_t next_point_ = 0;
  std::uint64_t beats_before_ = 0;
  std::uint64_t failed_before_ = 0;

  std::vector<OpenLane> lanes_;
  std::vector<std::uint8_t> lane_by_id_;      // one more than its number; 0: none
  std::vector<std::uint8_t> lane_by_number_;  // of processes
  std::optional<Moved> moved_;
  std::size_t next_step_ = 0;

  ListeningModel listening_;
  WorldTime mono_offset_ = 0;  // the collector's monotonic time, less the world's
  std::optional<WorldTime> last_call_;
  std::optional<WorldTime> down_since_;
  std::unordered_map<std::string, AgentNumber> posted_;  // whose alert has this key
};

}  // namespace pap::sim
