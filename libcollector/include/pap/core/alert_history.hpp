// SPDX-License-Identifier: MIT
#pragma once

// The most recent alerts and what became of them, for GET /alerts: the last kAlertHistory.
//
// Sequence numbers are consecutive, so a row is found by subtraction.
// Threads: one.

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "pap/core/limits.hpp"
#include "pap/protocol/answers.hpp"

namespace pap::core {

struct AlertRow {
  std::uint64_t sequence;
  std::string json;  // as it was, or will be, posted
  protocol::DeliveryState state;
  std::uint32_t attempts;
};

class AlertHistory {
 public:
  void add(std::uint64_t sequence, std::string json) {
    rows_.push_back({sequence, std::move(json), protocol::DeliveryState::kQueued, 0});
    if (rows_.size() > kAlertHistory) rows_.pop_front();
  }
  // Null when it is not among the most recent any more.
  AlertRow* find(std::uint64_t sequence) {
    if (rows_.empty() || sequence < rows_.front().sequence) return nullptr;
    const std::uint64_t index = sequence - rows_.front().sequence;
    return index < rows_.size() ? &rows_[index] : nullptr;
  }
  const std::deque<AlertRow>& rows() const { return rows_; }  // oldest first

 private:
  std::deque<AlertRow> rows_;
};

}  // namespace pap::core
