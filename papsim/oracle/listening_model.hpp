// SPDX-License-Identifier: MIT
#pragma once

// Listening time as the design's text has it, told over again: of each gap of over 2 s between
// calls all but 1 s was lost, and after one of 5 s and more everybody heard before it was caught
// up is excused once.
//
// Naive on purpose: a list of all moments, searched.
// Units: milliseconds. Threads: one.

#include <algorithm>
#include <optional>
#include <vector>

#include "papsim/world/wheel.hpp"

namespace pap::sim {

class ListeningModel {
 public:
  void start(WorldTime now) { *this = ListeningModel{}, last_ = now; }

  void call(WorldTime now) {
    const WorldTime gap = now - last_;
    last_ = now;
    if (gap > 2'000) {
      lost_ += gap - 1'000;
      if (!catching_up_) catching_up_ = CatchUp{};
      catching_up_->until = now - lost_ + 5'000;
      catching_up_->lost += gap - 1'000;
      catching_up_->away = catching_up_->away || gap >= 5'000;
    }
    if (catching_up_ && listening() >= catching_up_->until) caught_up();
  }

  // It stood still until now; what waited comes next.
  void goes_on(WorldTime now) { held_until_ = std::max(held_until_, now - lost_); }

  // True when this R was shared with an earlier one.
  bool caught_up() {
    // It stood still until now, even where that was too short to lose time.
    held_until_ = listening();
    if (!catching_up_) return false;
    bool shared = false;
    if (catching_up_->away) {
      const WorldTime r = listening();
      if (!excuses_.empty() && r - excuses_.back().first < 5'000) {
        excuses_.back().last = r;
        shared = true;
      } else {
        excuses_.push_back({r, r});
      }
    }
    catching_up_.reset();
    return shared;
  }

  WorldTime listening() const { return last_ - lost_; }
  WorldTime lost() const { return lost_; }
  bool catching_up() const { return catching_up_.has_value(); }
  WorldTime loss_being_caught_up() const { return catching_up_ ? catching_up_->lost : 0; }
  // No death could be decided before this.
  WorldTime held_until() const { return held_until_; }

  // The R that excuses a silence since `heard` (listening time), if any.
  std::optional<WorldTime> excuse(WorldTime heard) const {
    const auto first = std::find_if(excuses_.begin(), excuses_.end(),
                                    [heard](const Excuse& e) { return heard <= e.last; });
    if (first == excuses_.end()) return std::nullopt;
    return first->last;
  }
  // How many pauses of 5 s and more ended since then.
  std::size_t excuses_since(WorldTime heard) const {
    return static_cast<std::size_t>(std::count_if(
        excuses_.begin(), excuses_.end(), [heard](const Excuse& e) { return heard <= e.last; }));
  }
  // … so was it heard at the very moment of an R? Then both readings are right.
  bool on_the_edge(WorldTime heard) const {
    return std::any_of(excuses_.begin(), excuses_.end(),
                       [heard](const Excuse& e) { return e.last == heard; });
  }

 private:
  struct CatchUp {
    WorldTime until = 0;
    WorldTime lost = 0;
    bool away = false;
  };
  struct Excuse {
    WorldTime first;
    WorldTime last;
  };

  WorldTime last_ = 0;
  WorldTime lost_ = 0;
  WorldTime held_until_ = 0;
  std::optional<CatchUp> catching_up_;
  std::vector<Excuse> excuses_;
};

}  // namespace pap::sim
