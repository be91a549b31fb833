// SPDX-License-Identifier: MIT
#include "papctl/client/client.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

using std::chrono::milliseconds;

std::int64_t millis(TimePoint time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

TEST(HttpDate, IsReadToTheSecond) {
  const auto time = parse_http_date("Tue, 24 Nov 2026 22:51:27 GMT");
  ASSERT_TRUE(time);
  EXPECT_EQ(millis(*time), 1'795'560'687'000);
}

TEST(HttpDate, OfAnotherFormIsNone) {
  for (const char* text : {"", "now", "2026-11-24T22:51:27Z", "Tue, 24 Nov 2026 22:51:27",
                           "Tue, 24 Nov 2026 22:51:27 GMT+1", "Tue, 24 Foo 2026 22:51:27 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(Timestamp, IsReadToTheMillisecond) {
  const auto time = parse_timestamp("2026-11-24T22:51:27.042Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(millis(*time), 1'795'560'687'042);
  EXPECT_EQ(millis(*parse_timestamp("1970-01-01T00:00:00.000Z")), 0);
  EXPECT_EQ(millis(*parse_timestamp("1969-12-31T23:59:59.500Z")), -500);
}

TEST(Timestamp, OfAnotherFormIsNone) {
  for (const char* text :
       {"", "now", "2026-11-24", "2026-11-24T22:51:27Z", "2026-11-24T22:51:27.42Z",
        "2026-11-24T22:51:27.042", "2026-11-24T22:51:27.042+01:00", "2026-11-24T22:51:27.0421Z",
        "2026-11-24T22:51:27.042Z ", "2026-13-24T22:51:27.042Z", "2026-11-24T22:51:27.-42Z",
        "2026-11-24T22:51:27. 42Z", "2026-11-24T22:51:27.+42Z", "2026-11- 4T22:51:27.042Z"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace pap::ctl
