// SPDX-License-Identifier: MIT
#pragma once

// Listening time: monotonic time less what the collector lost because it could not hear (stopped,
// swapped, throttled, suspended). Deadlines run on it, so no pause of ours is evidence against an
// agent.
//
// The core is called at least every kCallEvery, also while nobody is known: the first beat of all
// may have waited for us, and its sender have given us up. Two calls g apart, with
// g > kLongestOrdinaryGap, lost g - kHeardOfAGap; the loss lies kHeardOfAGap after the first.
// While the collector is deaf (it is called, and nobody is let in) all time is lost: one loss, from
// deafen() to hear().
//
// Invariants: now() never goes back; now() == monotonic - lost().
// Threads: one.

#include <deque>

#include "pap/core/instant.hpp"
#include "pap/core/limits.hpp"
#include "pap/export.hpp"

namespace pap::core {

class PAP_API ListeningTimeline {
 public:
  explicit ListeningTimeline(MonotonicTime start) : last_call_(start) {}

  struct Step {
    ListeningTime now;
    Nanos gap{0};   // since the call before
    Nanos lost{0};  // of that gap
  };

  // To be told of every call.
  Step advance(MonotonicTime call);
  // From the latest call on nobody can be heard. It is not deaf yet.
  void deafen();
  // … until the latest call: the whole of what was lost in between. Nothing if it was not deaf.
  Nanos hear();

  bool deaf() const { return longest_gap_ == Nanos{0}; }
  MonotonicTime last_call() const { return last_call_; }
  ListeningTime now() const { return ListeningTime{last_call_.time_since_epoch() - lost_}; }
  Nanos lost() const { return lost_; }

  // The monotonic time at which listening time stood at `moment`, exact as far back as
  // kLossesRemembered losses; for the future, as if nothing more were lost.
  MonotonicTime monotonic_of(ListeningTime moment) const;

 private:
  struct Loss {
    ListeningTime at;
    Nanos amount;
  };

  Nanos loss_of(Nanos gap);

  MonotonicTime last_call_;
  Nanos longest_gap_ = kLongestOrdinaryGap;  // that is no loss; none while deaf
  Nanos lost_{0};
  std::deque<Loss> losses_;  // oldest first, at most kLossesRemembered
};

}  // namespace pap::core
