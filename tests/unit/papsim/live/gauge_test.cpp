// SPDX-License-Identifier: MIT
#include "papsim/live/gauge.hpp"

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kAnswered = static_cast<std::size_t>(RequestClient::End::kAnswered);
constexpr auto kTimedOut = static_cast<std::size_t>(RequestClient::End::kTimedOut);

// A run that goes on by so much a second.
class Going {
 public:
  void second(Gauge& gauge, std::uint64_t good, std::uint64_t timed_out, std::int64_t answer_us) {
    now_ += 1'000;
    figures_.planned += good + timed_out;
    figures_.accepted += good;
    figures_.ends[kAnswered] += good;
    figures_.ends[kTimedOut] += timed_out;
    for (std::uint64_t i = 0; i < good; ++i) figures_.answer.add(answer_us);
    use_.cpu += 10ms;
    use_.resident_bytes += 1'000;
    gauge.look(now_, figures_, use_);
  }

 private:
  WorldTime now_ = 0;
  LiveFigures figures_;
  ProcessUse use_;
};

TEST(Gauge, TellsSecondsApart) {
  Gauge gauge;
  Going run;
  run.second(gauge, 100, 0, 500);
  run.second(gauge, 80, 20, 9'000);
  ASSERT_EQ(gauge.seconds().size(), 2U);
  const Gauge::Second& second = gauge.seconds()[1];
  EXPECT_EQ(second.at, 2'000);
  EXPECT_EQ(second.planned, 100U);
  EXPECT_EQ(second.accepted, 80U);
  EXPECT_EQ(second.failed, 20U);
  EXPECT_NEAR(static_cast<double>(second.answer_us.p50), 9'000, 90);
  EXPECT_EQ(second.use->resident_bytes, 2'000U);
  EXPECT_EQ(gauge.failed(), 20U);
}

TEST(Gauge, MeasuresFromTheFirstSecondOfItsWindowToTheLast) {
  Gauge gauge(2'500);
  Going run;
  run.second(gauge, 100, 5, 50'000);
  run.second(gauge, 100, 5, 50'000);
  EXPECT_EQ(gauge.window().span, 0ms);
  run.second(gauge, 100, 5, 50'000);
  run.second(gauge, 100, 0, 700);
  run.second(gauge, 100, 2, 700);
  const Gauge::Window window = gauge.window();
  EXPECT_EQ(window.span, 2s);
  EXPECT_EQ(window.planned, 202U);
  EXPECT_EQ(window.accepted, 200U);
  EXPECT_EQ(window.failed, 2U);
  EXPECT_EQ(window.answer.count(), 200U);
  EXPECT_LT(window.answer.max(), 800U);
  EXPECT_EQ(window.last->cpu - window.first->cpu, 20ms);
  EXPECT_GE(window.own_cpu, 0us);
}

}  // namespace
}  // namespace pap::sim
