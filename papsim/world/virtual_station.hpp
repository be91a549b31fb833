// SPDX-License-Identifier: MIT
#pragma once

// The Station of the virtual world: takes posts, and answers them as its faults let it.
//
// It accepts what the real one does (contract: Collector -> Station): with `ids: uuid`, only UUIDs.
// Posts are handed in with what they carry; the answer and its time come back, and the world sees
// to it that the collector gets it then.
// Threads: one.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pap/core/delivery.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

struct StationReply {
  // What goes over the wire; all but kAnswer is no whole answer.
  enum class How : std::uint8_t { kAnswer, kRefusal, kHang, kReset, kGarbage };

  WorldTime at = 0;
  core::StationAnswer answer;
  bool stored = false;  // the Station has it, whatever the collector hears
  How how = How::kAnswer;
};

// How often each fault bit, for the verdict "unknown".
struct StationBites {
  std::uint64_t refused = 0;  // posts and beats that got no 2xx, or got it late
};

class VirtualStation {
 public:
  explicit VirtualStation(std::uint64_t seed);

  // Faults in force, by timeline entry; the latest in file order holds.
  // Only towards `who`, unless empty.
  void begin(std::size_t entry, const StationFault& fault, std::vector<AgentNumber> who);
  void end(std::size_t entry);
  // A step of the plan that befalls it.
  void follow(const Step& step, const StationFault& fault, std::span<const AgentNumber> who);
  void heal() { faults_.clear(); }

  StationReply post(WorldTime now, AgentNumber agent, std::string_view agent_id);
  // A heartbeat that an agent sends straight here. The time of its end, and whether it was taken.
  struct Beat {
    WorldTime ended;
    bool taken;
  };
  Beat beat(WorldTime now, AgentNumber agent);

  StationBites bites(std::size_t entry) const {
    return entry < bites_.size() ? bites_[entry] : StationBites{};
  }

 private:
  struct Active {
    std::size_t entry;
    StationFault fault;
    std::vector<AgentNumber> who;  // sorted; empty: everybody
  };
  void bite(std::size_t entry);
  // The fault that this request meets, if any.
  const Active* met(AgentNumber agent);
  static Beat beat_under(const StationFault& fault, WorldTime now);
  static bool concerns(const Active& active, AgentNumber agent);
  bool uuids_only(AgentNumber agent) const;

  std::vector<Active> faults_;  // in file order
  std::vector<StationBites> bites_;
  const std::uint64_t stream_;
  std::uint64_t draws_ = 0;
  WorldTime second_ = -1;
  std::uint32_t taken_in_second_ = 0;
};

}  // namespace pap::sim
