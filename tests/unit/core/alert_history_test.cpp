// SPDX-License-Identifier: MIT
#include "pap/core/alert_history.hpp"

#include <gtest/gtest.h>

namespace pap::core {
namespace {

TEST(AlertHistory, FindsNothingWhenEmpty) {
  AlertHistory history;
  EXPECT_EQ(history.find(0), nullptr);
  EXPECT_EQ(history.find(1), nullptr);
}

TEST(AlertHistory, FindsARowByItsSequence) {
  AlertHistory history;
  history.add(5, "five");
  history.add(6, "six");
  ASSERT_NE(history.find(6), nullptr);
  EXPECT_EQ(history.find(5)->json, "five");
  EXPECT_EQ(history.find(6)->json, "six");
  EXPECT_EQ(history.find(6)->state, protocol::DeliveryState::kQueued);
  EXPECT_EQ(history.find(6)->attempts, 0u);
  EXPECT_EQ(history.find(4), nullptr);
  EXPECT_EQ(history.find(7), nullptr);
}

TEST(AlertHistory, KeepsTheMostRecent) {
  AlertHistory history;
  for (std::uint64_t sequence = 1; sequence <= kAlertHistory + 3; ++sequence) {
    history.add(sequence, "");
  }
  EXPECT_EQ(history.rows().size(), kAlertHistory);
  EXPECT_EQ(history.find(3), nullptr);
  ASSERT_NE(history.find(4), nullptr);
  EXPECT_EQ(history.find(4)->sequence, 4u);
  EXPECT_EQ(history.rows().back().sequence, kAlertHistory + 3);
}

}  // namespace
}  // namespace pap::core
