// SPDX-License-Identifier: MIT
#pragma once

// Alerts in the order in which they joined, or before all others, linked through their own records:
// joining and leaving anywhere cost O(1), and a list needs no memory of its own.
//
// Invariant: an alert stands in one list at most.
// Ownership: alerts belong to the pool. Threads: one.

#include "pap/core/alert_book.hpp"

namespace pap::core {

class AlertList {
 public:
  explicit AlertList(AlertPool& alerts) : alerts_(alerts) {}

  void append(AlertIndex index) {
    Alert& alert = alerts_[index];
    alert.list_previous = tail_;
    alert.list_next = kNone;
    (tail_ == kNone ? head_ : alerts_[tail_].list_next) = index;
    tail_ = index;
  }
  void prepend(AlertIndex index) {
    Alert& alert = alerts_[index];
    alert.list_previous = kNone;
    alert.list_next = head_;
    (head_ == kNone ? tail_ : alerts_[head_].list_previous) = index;
    head_ = index;
  }
  void remove(AlertIndex index) {
    Alert& alert = alerts_[index];
    (alert.list_previous == kNone ? head_ : alerts_[alert.list_previous].list_next) =
        alert.list_next;
    (alert.list_next == kNone ? tail_ : alerts_[alert.list_next].list_previous) =
        alert.list_previous;
    alert.list_previous = kNone;
    alert.list_next = kNone;
  }

  bool empty() const { return head_ == kNone; }
  AlertIndex front() const { return head_; }  // kNone when empty
  AlertIndex after(AlertIndex index) const { return alerts_[index].list_next; }

 private:
  AlertPool& alerts_;
  AlertIndex head_ = kNone;
  AlertIndex tail_ = kNone;
};

}  // namespace pap::core
