// SPDX-License-Identifier: MIT
#include "net/retry_after.hpp"

#include <gtest/gtest.h>

#include "net/limits.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr auto kNow = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

struct Case {
  const char* name;
  const char* value;
  std::optional<core::Nanos> expected;
};

class RetryAfter : public testing::TestWithParam<Case> {};

TEST_P(RetryAfter, IsReadAsTheDurationFromNow) {
  EXPECT_EQ(parse_retry_after(GetParam().value, kNow), GetParam().expected);
}

constexpr core::Nanos kMost = kMaxRetryAfter;

INSTANTIATE_TEST_SUITE_P(
    Seconds, RetryAfter,
    testing::Values(Case{"zero", "0", 0s}, Case{"one", "1", 1s}, Case{"blanks", " \t120 ", 120s},
                    Case{"leading_zeros", "0005", 5s}, Case{"the_most", "86400", kMost},
                    Case{"beyond_the_most", "86401", kMost},
                    Case{"beyond_any_number", "99999999999999999999999", kMost},
                    Case{"empty", "", std::nullopt}, Case{"blank", "  ", std::nullopt},
                    Case{"negative", "-5", std::nullopt}, Case{"plus", "+5", std::nullopt},
                    Case{"fraction", "1.5", std::nullopt}, Case{"word", "soon", std::nullopt},
                    Case{"unit", "5s", std::nullopt}, Case{"two", "5, 6", std::nullopt}),
    [](const auto& suite) { return suite.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Dates, RetryAfter,
    testing::Values(Case{"in_a_minute", "Sun, 06 Nov 1994 08:50:37 GMT", 60s},
                    Case{"now", "Sun, 06 Nov 1994 08:49:37 GMT", 0s},
                    Case{"past", "Sun, 06 Nov 1994 08:49:36 GMT", 0s},
                    Case{"long_past", "Sat, 01 Jan 0001 00:00:00 GMT", 0s},
                    Case{"far_future", "Fri, 31 Dec 9999 23:59:59 GMT", kMost},
                    Case{"next_day", "Mon, 07 Nov 1994 08:49:37 GMT", kMost},
                    Case{"just_under_a_day", "Mon, 07 Nov 1994 08:49:36 GMT", kMost - 1s},
                    Case{"leap_second", "Sun, 06 Nov 1994 08:49:60 GMT", 23s},
                    Case{"rfc_850", "Sunday, 06-Nov-94 08:49:47 GMT", 10s},
                    Case{"rfc_850_of_the_last_century", "Sunday, 06-Nov-45 08:49:47 GMT", 0s},
                    Case{"asctime", "Sun Nov  6 08:49:40 1994", 3s},
                    Case{"asctime_with_two_digits", "Sun Nov 06 08:49:40 1994", 3s},
                    Case{"no_such_day", "Wed, 31 Feb 1994 08:49:37 GMT", std::nullopt},
                    Case{"no_such_hour", "Sun, 06 Nov 1994 24:49:37 GMT", std::nullopt},
                    Case{"no_such_month", "Sun, 06 Nox 1994 08:49:37 GMT", std::nullopt},
                    Case{"other_zone", "Sun, 06 Nov 1994 08:49:37 CET", std::nullopt},
                    Case{"no_zone", "Sun, 06 Nov 1994 08:49:37", std::nullopt},
                    Case{"more_behind_it", "Sun, 06 Nov 1994 08:49:37 GMT+1", std::nullopt},
                    Case{"cut_short", "Sun, 06 Nov 19", std::nullopt},
                    Case{"iso_8601", "1994-11-06T08:49:37Z", std::nullopt}),
    [](const auto& suite) { return suite.param.name; });

TEST(RetryAfterDate, CountsFromAFractionOfASecond) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:38 GMT", kNow + 250ms), 750ms);
}

}  // namespace
}  // namespace pap::net
