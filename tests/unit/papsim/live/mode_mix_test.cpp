// SPDX-License-Identifier: MIT
#include "papsim/live/mode_mix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using testing::HasSubstr;

TEST(ModeMix, IsReadAsTheCommandLineHasIt) {
  std::string error;
  const auto mix = read_mode_mix("IDLE:90%,EMERGENCY:10%", error);
  ASSERT_TRUE(mix) << error;
  EXPECT_EQ(mix->as_yaml, "IDLE: 90%,EMERGENCY: 10%");
  EXPECT_EQ(mix->longest_interval, 30'000);
  EXPECT_NEAR(mix->beats_a_second, 0.9 / 30 + 0.1 / 5, 1e-9);
}

TEST(ModeMix, CountsNoModeInWhichNobodyIs) {
  std::string error;
  EXPECT_EQ(read_mode_mix("EMERGENCY:100%", error)->longest_interval, 5'000);
  EXPECT_EQ(read_mode_mix("SLEEP:1%,IDLE:99%", error)->longest_interval, 900'000);
}

TEST(ModeMix, SaysWhatIsWrongWithIt) {
  for (const char* wrong : {"IDLE:60%", "LAZY:100%", "IDLE", ""}) {
    std::string error;
    EXPECT_EQ(read_mode_mix(wrong, error), std::nullopt) << wrong;
    EXPECT_THAT(error, HasSubstr("--mode-mix " + std::string{wrong}));
  }
}

}  // namespace
}  // namespace pap::sim
