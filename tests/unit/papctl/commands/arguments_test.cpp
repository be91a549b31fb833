// SPDX-License-Identifier: MIT
#include "papctl/commands/arguments.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(parse_duration("1ms"), milliseconds(1));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), seconds(30));
  EXPECT_EQ(parse_duration("5m"), minutes(5));
  EXPECT_EQ(parse_duration("1000h"), hours(1000));
}

TEST(Duration, OfAnotherFormIsRefusedAndQuoted) {
  for (const std::string text :
       {"", "s", "5", "0s", "-5s", "5 s", "5.5s", "5d", "1001h", "99999999999999999999s", "5S",
        "3600001s", "9223372036854775807h", "1s "}) {
    try {
      parse_duration(text);
      ADD_FAILURE() << text << " was taken";
    } catch (const CLI::ValidationError& e) {
      EXPECT_THAT(e.what(), testing::HasSubstr('"' + text + '"'));
    }
  }
}

TEST(ModeWord, IsTakenInAnyCase) {
  EXPECT_EQ(parse_mode_word("idle"), "IDLE");
  EXPECT_EQ(parse_mode_word("Emergency"), "EMERGENCY");
  EXPECT_EQ(parse_mode_word("SLEEP"), "SLEEP");
  for (const char* text : {"", "idl", "IDLE "}) {
    EXPECT_THROW(parse_mode_word(text), CLI::ValidationError) << text;
  }
}

}  // namespace
}  // namespace pap::ctl
