// SPDX-License-Identifier: MIT
#include "pap/core/restart_rule.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <ostream>
#include <string>

namespace pap::core {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime kHeard{100'000s};

// The life as we know it: last heard so long ago, with that uptime, started at the latest …
struct Case {
  std::string name;
  Nanos heard_ago;
  double known_uptime;
  Nanos known_start_ago;
  double uptime;  // of the heartbeat that comes now
  Nanos lost;
  Standing standing;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class RestartRule : public testing::TestWithParam<Case> {};

TEST_P(RestartRule, TellsWhatAHeartbeatIs) {
  const Case& c = GetParam();
  const LifeSoFar life{c.known_uptime, kHeard - c.known_start_ago, kHeard - c.heard_ago};
  EXPECT_EQ(standing_of(life, kHeard, c.uptime, c.lost), c.standing);
}

constexpr double kNano = 1e-9;

INSTANTIATE_TEST_SUITE_P(
    AtTheBoundaries, RestartRule,
    testing::Values(
        // Nothing unusual.
        Case{"TheNextBeat", 30s, 1000, 1030s, 1030, 0s, Standing::kOrdinary},
        Case{"TheSameUptimeAgain", 30s, 1000, 1030s, 1000, 0s, Standing::kOrdinary},
        Case{"AnUptimeThatStandsStillForTenSeconds", 10s, 1000, 1010s, 1000, 0s,
             Standing::kOrdinary},
        // The uptime fell, and the start is later than the kept one by more than 5 s.
        Case{"FellAndStartedFiveSecondsLater", 30s, 40, 70s, 65, 0s, Standing::kOrdinary},
        Case{"FellByLittleAndStartedExactlyFiveSecondsLater", 4s, 40, 44s, 39, 0s,
             Standing::kOvertaken},
        Case{"FellByMoreAndStartedALittleLater", 4s, 40, 44s, 39 - kNano, 0s, Standing::kRestart},
        Case{"FellButStartedNoLater", 6s, 40, 33s, 33, 0s, Standing::kOrdinary},
        Case{"FastCrashLoop", 5s, 6, 11s, 0.5, 0s, Standing::kRestart},
        // … or the start lies more than 10 s after it was last heard.
        Case{"RoseAndStartedTenSecondsAfterItWasHeard", 30s, 5, 35s, 20, 0s, Standing::kOrdinary},
        Case{"RoseAndStartedALittleMoreThanTen", 30s, 5, 35s, 20 - kNano, 0s, Standing::kRestart},
        // Lost time widens every margin.
        Case{"FellWithinFiveSecondsAndLost", 50s, 40, 90s, 39, 46s, Standing::kOvertaken},
        Case{"FellBeyondFiveSecondsAndLost", 50s, 40, 90s, 39 - kNano, 46s, Standing::kRestart},
        Case{"TenSecondsAndLostAfterItWasHeard", 60s, 5, 65s, 20, 30s, Standing::kOrdinary},
        Case{"BeyondTenSecondsAndLostAfterItWasHeard", 60s, 5, 65s, 20 - kNano, 30s,
             Standing::kRestart},
        // Overtaken: fell, is no restart, and was heard less than 5 s and what was lost before.
        Case{"HeardJustNow", 0s, 1000, 1000s, 999, 0s, Standing::kOvertaken},
        Case{"HeardAlmostFiveSecondsBefore", 5s - 1ns, 1000, 1005s, 1004 - 5, 0s,
             Standing::kRestart},
        Case{"StartedEarlierHeardAlmostFiveBefore", 5s - 1ns, 1000, 900s, 950, 0s,
             Standing::kOvertaken},
        Case{"StartedEarlierHeardFiveBefore", 5s, 1000, 900s, 950, 0s, Standing::kOrdinary},
        Case{"StartedEarlierHeardFiveAndLostBefore", 15s, 1000, 900s, 950, 10s,
             Standing::kOrdinary},
        Case{"StartedEarlierHeardLessThanFiveAndLostBefore", 15s - 1ns, 1000, 900s, 950, 10s,
             Standing::kOvertaken},
        // Two pods on one id: the older one's beats fall, and are no restart of the younger.
        Case{"TheOlderPodAfterTheYounger", 15s, 20, 35s, 5000, 0s, Standing::kOrdinary},
        Case{"TheYoungerPodAfterTheOlderAgain", 15s, 5000, 35s, 35, 0s, Standing::kOrdinary}),
    [](const auto& each) { return each.param.name; });

TEST(StartOf, ReckonsBackFromTheUptime) {
  EXPECT_EQ(start_of(kHeard, 0), kHeard);
  EXPECT_EQ(start_of(kHeard, 0.25), kHeard - 250ms);
  EXPECT_EQ(start_of(kHeard, 3600), kHeard - 1h);
}

TEST(StartOf, TakesAnyUptimeThatAHeartbeatMayBring) {
  const MonotonicTime longest = start_of(kHeard, std::numeric_limits<double>::max());
  EXPECT_LT(longest, kHeard - 24h * 365 * 100);
  EXPECT_EQ(start_of(kHeard, 1e300), longest);
  EXPECT_GT(longest + 2 * (kHeard - longest), kHeard);  // sums of two do not overflow
  EXPECT_EQ(start_of(kHeard, std::numeric_limits<double>::denorm_min()), kHeard);
}

TEST(RestartRule, StandsUpToAbsurdUptimes) {
  const double most = std::numeric_limits<double>::max();
  const LifeSoFar ancient{most, start_of(kHeard - 30s, most), kHeard - 30s};
  EXPECT_EQ(standing_of(ancient, kHeard, most, 0s), Standing::kOrdinary);
  EXPECT_EQ(standing_of(ancient, kHeard, 1, 0s), Standing::kRestart);
  const LifeSoFar young{1, kHeard - 31s, kHeard - 30s};
  EXPECT_EQ(standing_of(young, kHeard, most, 0s), Standing::kOrdinary);
}

}  // namespace
}  // namespace pap::core
