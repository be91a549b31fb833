// SPDX-License-Identifier: MIT
#pragma once

// Listening time as the design's text has it, told over again: of each gap of over 2 s between
// calls all but 1 s was lost, of a time in which nobody is let in all, and after a loss of 5 s and
// more everybody heard before it was caught up is excused once.
//
// Naive on purpose: a list of all moments, searched.
// Units: milliseconds. Threads: one.

#include <algorithm>
#include <cstdint>
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
    if (deaf_) {
      lost_ += gap;
      deaf_->waited += gap;
      return;
    }
    if (gap > 2'000) {
      lost_ += gap - 1'000;
      if (!catching_up_) catching_up_ = CatchUp{};
      catching_up_->until = now - lost_ + 5'000;
      catching_up_->lost += gap - 1'000;
      catching_up_->away = catching_up_->away || gap >= 5'000;
    }
    if (catching_up_ && listening() >= catching_up_->until) caught_up();
  }

  // It lets nobody in, since then. From this call on all time is lost, as one loss.
  void hears_nobody(WorldTime now, WorldTime since) {
    if (!deaf_) {
      caught_up();  // as far as it came
      deaf_ = Deafness{};
    }
    deaf_->away = deaf_->away || now - since >= 5'000;
    // What a beat may have waited; of the time that was not lost a minute at the most.
    deaf_->waited = std::max(deaf_->waited, std::min<WorldTime>(now - since, 60'000));
  }
  void hears_all(WorldTime now, WorldTime since) {
    hears_nobody(now, since);
    catching_up_ = CatchUp{listening() + 5'000, deaf_->waited, deaf_->away};
    deaf_.reset();
  }
  bool deaf() const { return deaf_.has_value(); }

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
      ++ends_;
      if (!excuses_.empty() && r - excuses_.back().first < 5'000) {
        excuses_.back().last = r;
        excuses_.back().last_end = ends_;
        shared = true;
      } else {
        excuses_.push_back({r, r, ends_});
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

  // How many pauses of 5 s and more have ended. Whoever is heard is heard after so many; a beat
  // that waited through one is heard before its end, in the same millisecond though it be.
  std::uint32_t ends() const { return ends_; }
  // The R that excuses a silence since a beat that was heard after so many ends, if any.
  std::optional<WorldTime> excuse(std::uint32_t ends) const {
    const auto first = std::find_if(excuses_.begin(), excuses_.end(),
                                    [ends](const Excuse& e) { return ends < e.last_end; });
    if (first == excuses_.end()) return std::nullopt;
    return first->last;
  }
  // How many groups of pauses ended since then.
  std::size_t excuses_since(std::uint32_t ends) const {
    return static_cast<std::size_t>(std::count_if(
        excuses_.begin(), excuses_.end(), [ends](const Excuse& e) { return ends < e.last_end; }));
  }

 private:
  struct CatchUp {
    WorldTime until = 0;
    WorldTime lost = 0;
    bool away = false;
  };
  struct Deafness {
    WorldTime waited = 0;
    bool away = false;
  };
  struct Excuse {  // of ends that are less than 5 s apart
    WorldTime first;
    WorldTime last;
    std::uint32_t last_end;  // its number
  };

  WorldTime last_ = 0;
  WorldTime lost_ = 0;
  WorldTime held_until_ = 0;
  std::optional<CatchUp> catching_up_;
  std::optional<Deafness> deaf_;
  std::vector<Excuse> excuses_;
  std::uint32_t ends_ = 0;
};

}  // namespace pap::sim
