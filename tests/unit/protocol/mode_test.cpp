// SPDX-License-Identifier: MIT
#include "pap/protocol/mode.hpp"

#include <gtest/gtest.h>

namespace pap::protocol {
namespace {

using namespace std::chrono_literals;

TEST(Mode, HasItsNameAndItsInterval) {
  EXPECT_EQ(to_string(Mode::kEmergency), "EMERGENCY");
  EXPECT_EQ(to_string(Mode::kIdle), "IDLE");
  EXPECT_EQ(to_string(Mode::kSleep), "SLEEP");
  EXPECT_EQ(interval_of(Mode::kEmergency), 5s);
  EXPECT_EQ(interval_of(Mode::kIdle), 30s);
  EXPECT_EQ(interval_of(Mode::kSleep), 15min);
}

TEST(Mode, IsReadBackFromItsNameAlone) {
  for (const Mode mode : kModes) EXPECT_EQ(parse_mode(to_string(mode)), mode);
  for (const auto* text : {"", "idle", "Idle", "IDLE ", " IDLE", "IDL", "IDLER", "DEAD"}) {
    EXPECT_EQ(parse_mode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace pap::protocol
