// SPDX-License-Identifier: MIT
#include "pap/protocol/timestamp.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "unit/protocol/wall_time_of.hpp"

namespace pap::protocol {
namespace {

using namespace std::chrono_literals;

TEST(Timestamp, IsUtcWithMillisecondsAndZ) {
  struct Case {
    std::chrono::nanoseconds since_epoch;
    const char* text;
  };
  const Case cases[] = {
      {0ns, "1970-01-01T00:00:00.000Z"},
      {1ms, "1970-01-01T00:00:00.001Z"},
      {999ms, "1970-01-01T00:00:00.999Z"},
      {1s, "1970-01-01T00:00:01.000Z"},
      {59s + 60ms, "1970-01-01T00:00:59.060Z"},
      {24h - 1ms, "1970-01-01T23:59:59.999Z"},
      {24h, "1970-01-02T00:00:00.000Z"},
      {951'782'399'999ms, "2000-02-28T23:59:59.999Z"},
      {951'782'400s, "2000-02-29T00:00:00.000Z"},  // 400 divides 2000
      {951'868'800s, "2000-03-01T00:00:00.000Z"},
      {1'709'164'800s, "2024-02-29T00:00:00.000Z"},
      {4'107'542'399s, "2100-02-28T23:59:59.000Z"},
      {4'107'542'400s, "2100-03-01T00:00:00.000Z"},  // 100 divides 2100: no leap day
      {1'798'761'599s, "2026-12-31T23:59:59.000Z"},
      {1'798'761'600s, "2027-01-01T00:00:00.000Z"},
      {1'779'287'413'042ms, "2026-05-20T14:30:13.042Z"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_timestamp(WallTime{c.since_epoch}), c.text);
}

TEST(Timestamp, IsRoundedDownOnBothSidesOfTheEpoch) {
  struct Case {
    std::chrono::nanoseconds since_epoch;
    const char* text;
  };
  const Case cases[] = {
      {1ms - 1ns, "1970-01-01T00:00:00.000Z"},  {1ms + 1ns, "1970-01-01T00:00:00.001Z"},
      {-1ns, "1969-12-31T23:59:59.999Z"},       {-1ms, "1969-12-31T23:59:59.999Z"},
      {-1ms - 1ns, "1969-12-31T23:59:59.998Z"}, {-24h, "1969-12-31T00:00:00.000Z"},
      {-24h - 1ns, "1969-12-30T23:59:59.999Z"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_timestamp(WallTime{c.since_epoch}), c.text);
}

TEST(Timestamp, CanWriteTheFirstAndTheLastTimeThereIs) {
  EXPECT_EQ(to_timestamp(WallTime::min()), "1677-09-21T00:12:43.145Z");
  EXPECT_EQ(to_timestamp(WallTime::max()), "2262-04-11T23:47:16.854Z");
}

TEST(Timestamp, AgreesWithTheCLibraryOnEveryDayForCenturies) {
  for (auto day = std::chrono::days{-100'000}; day.count() <= 100'000; ++day) {
    const std::time_t seconds = std::chrono::seconds{day}.count() + 3'723;
    std::tm broken_down{};
    gmtime_r(&seconds, &broken_down);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.007Z", &broken_down);
    ASSERT_EQ(to_timestamp(WallTime{day + 3'723s + 7ms}), text);
  }
}

TEST(Timestamp, IsAppendedToWhatIsThere) {
  std::string out = "at ";
  append_timestamp(out, wall_time_of(std::chrono::year{2026} / 11 / 24, 14h + 30min + 13s + 42ms));
  EXPECT_EQ(out, "at 2026-11-24T14:30:13.042Z");
}

}  // namespace
}  // namespace pap::protocol
