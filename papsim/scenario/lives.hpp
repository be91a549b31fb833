// SPDX-License-Identifier: MIT
#pragma once

// The planned lives of a fleet's members while a plan is made: who is up, who is down, who stands
// still, which mode each is to have, and under which number its process runs.
//
// A member's mode is what the last `mode` at a moment set, covered by those that hold `during` a
// time: where several do, by the one furthest down in the file.
//
// Ownership: adds to the agents of the plan that it was made for. Threads: one.

#include <cstdint>
#include <map>
#include <vector>

#include "papsim/scenario/plan.hpp"

namespace pap::sim {

class Lives {
 public:
  explicit Lives(const Scenario& scenario, std::vector<PlannedAgent>& agents);

  AgentNumber members() const { return static_cast<AgentNumber>(lives_.size()); }

  // Whether `action` can meet the member now: only the living die, only the dead are revived. For
  // states of links and clocks `of_living` asks for a living one, else they meet everybody.
  bool can_meet(AgentNumber member, const Action& action, Millis now, bool of_living) const;

  AgentNumber number_of(AgentNumber member) const { return lives_[member].now; }
  protocol::Mode mode_of(AgentNumber member) const;

  void stop(AgentNumber member);
  void stop_for_a_while(AgentNumber member) { lives_[member].state = State::kReturning; }
  bool returning(AgentNumber member) const { return lives_[member].state == State::kReturning; }
  // The number of the process that begins now.
  AgentNumber start(AgentNumber member, Millis now, bool new_identity);
  void freeze(AgentNumber member, Millis until);
  // False when it is another freeze, or none, that the member is in.
  bool thaw(AgentNumber member, Millis now);

  void set_mode(AgentNumber member, protocol::Mode mode) { lives_[member].mode = mode; }
  // `members` in ascending order.
  void cover_mode(std::uint32_t entry, protocol::Mode mode, std::vector<AgentNumber> members);
  void uncover_mode(std::uint32_t entry) { covers_.erase(entry); }

 private:
  enum class State : std::uint8_t { kUp, kFrozen, kReturning, kDown };
  struct Life {
    AgentNumber now = 0;
    State state = State::kUp;
    protocol::Mode mode = protocol::Mode::kIdle;
    std::uint32_t identities = 1;
    Millis joined{0};
    Millis frozen_until{0};
  };
  struct Cover {
    protocol::Mode mode;
    std::vector<AgentNumber> members;
  };

  std::vector<PlannedAgent>& agents_;
  std::vector<Life> lives_;
  std::map<std::uint32_t, Cover> covers_;  // by entry
};

}  // namespace pap::sim
