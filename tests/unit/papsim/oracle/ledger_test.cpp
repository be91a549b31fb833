// SPDX-License-Identifier: MIT
#include "papsim/oracle/ledger.hpp"

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using protocol::AlertType;

TEST(Ledger, HasAPageForEachAgentAndType) {
  Ledger ledger;
  ledger.page(1, AlertType::kAgentDeath).events.push_back({});
  EXPECT_EQ(ledger.page(1, AlertType::kAgentDeath).events.size(), 1U);
  EXPECT_TRUE(ledger.page(1, AlertType::kEmergencyMode).events.empty());
  EXPECT_TRUE(ledger.page(2, AlertType::kAgentDeath).events.empty());
  EXPECT_EQ(ledger.pages().size(), 3U);
}

TEST(Ledger, FindsTheLineThatWasPostedUnderAKey) {
  Ledger ledger;
  ledger.assign("k-1", {{7, AlertType::kAgentDeath}, 2});
  ASSERT_NE(ledger.find("k-1"), nullptr);
  EXPECT_EQ(ledger.find("k-1")->page, (Ledger::Key{7, AlertType::kAgentDeath}));
  EXPECT_EQ(ledger.find("k-1")->event, 2U);
  EXPECT_EQ(ledger.find("k-2"), nullptr);
}

TEST(Ledger, KeepsTheFirstLineOfAKey) {
  Ledger ledger;
  ledger.assign("k-1", {{7, AlertType::kAgentDeath}, 0});
  ledger.assign("k-1", {{8, AlertType::kAgentDeath}, 0});
  EXPECT_EQ(ledger.find("k-1")->page.first, 7U);
}

TEST(Ledger, ForgetsAllPagesOfAnAgentAndNoOthers) {
  Ledger ledger;
  for (const AlertType type : protocol::kAlertTypes) {
    ledger.page(1, type).events.push_back({});
    ledger.page(2, type).events.push_back({});
  }
  ledger.forget(1);
  EXPECT_EQ(ledger.pages().size(), 3U);
  EXPECT_TRUE(ledger.page(1, AlertType::kAgentDeath).events.empty());
  EXPECT_EQ(ledger.page(2, AlertType::kAgentDeath).events.size(), 1U);
}

}  // namespace
}  // namespace pap::sim
