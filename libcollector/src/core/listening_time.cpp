// SPDX-License-Identifier: MIT
#include "pap/core/listening_time.hpp"

#include "core/mutants.hpp"
#include "pap/core/limits.hpp"

namespace pap::core {

ListeningTimeline::Step ListeningTimeline::advance(MonotonicTime call) {
  const Nanos gap = call - last_call_;
  if (gap <= Nanos{0}) return {now(), Nanos{0}, Nanos{0}};  // a clock that does not move

  Nanos lost{0};
  if (gap > longest_gap_) {
    lost = loss_of(gap);
    lost_ += lost;
  }
  last_call_ = call;
  return {now(), gap, lost};
}

Nanos ListeningTimeline::loss_of(Nanos gap) {
  if (deaf()) {
    losses_.back().amount += gap;
    return gap;
  }
  const Nanos lost = planted(Mutant::kStallCounts) ? Nanos{1} : gap - kHeardOfAGap;
  losses_.push_back({now() + kHeardOfAGap, lost});
  if (losses_.size() > kLossesRemembered) losses_.pop_front();
  return lost;
}

void ListeningTimeline::deafen() {
  losses_.push_back({now(), Nanos{0}});
  if (losses_.size() > kLossesRemembered) losses_.pop_front();
  longest_gap_ = Nanos{0};
}

Nanos ListeningTimeline::hear() {
  if (!deaf()) return Nanos{0};
  longest_gap_ = kLongestOrdinaryGap;
  return losses_.back().amount;
}

MonotonicTime ListeningTimeline::monotonic_of(ListeningTime moment) const {
  Nanos lost_before = lost_;
  for (auto loss = losses_.rbegin(); loss != losses_.rend() && loss->at >= moment; ++loss) {
    lost_before -= loss->amount;
  }
  return MonotonicTime{moment.time_since_epoch() + lost_before};
}

}  // namespace pap::core
