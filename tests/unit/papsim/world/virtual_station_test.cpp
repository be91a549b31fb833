// SPDX-License-Identifier: MIT
#include "papsim/world/virtual_station.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using Kind = StationFault::Kind;

constexpr auto kUuid = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

StationFault fault(Kind kind) {
  StationFault fault;
  fault.kind = kind;
  return fault;
}

StationFault status(std::uint16_t code, std::optional<Millis> retry_after = {}) {
  StationFault fault;
  fault.kind = Kind::kStatus;
  fault.status = code;
  fault.retry_after = retry_after;
  return fault;
}

TEST(VirtualStation, StoresAndAnswers200AfterFiveMilliseconds) {
  VirtualStation station(1);
  const StationReply reply = station.post(1'000, 0, "anything");
  EXPECT_EQ(reply.at, 1'005);
  EXPECT_EQ(reply.answer.status, 200);
  EXPECT_TRUE(reply.stored);
}

struct Answer {
  StationFault fault;
  WorldTime after;
  std::optional<std::uint16_t> status;
  bool stored;
};

class VirtualStationAnswers : public testing::TestWithParam<Answer> {};

TEST_P(VirtualStationAnswers, AsItsFaultHasIt) {
  VirtualStation station(1);
  station.begin(3, GetParam().fault, {});
  const StationReply reply = station.post(1'000, 0, kUuid);
  EXPECT_EQ(reply.at, 1'000 + GetParam().after);
  EXPECT_EQ(reply.answer.status, GetParam().status);
  EXPECT_EQ(reply.stored, GetParam().stored);
  EXPECT_EQ(station.bites(3).refused, 1U);
  EXPECT_EQ(station.bites(2).refused, 0U);
  station.end(3);
  EXPECT_EQ(station.post(9'000, 0, kUuid).answer.status, 200);
  EXPECT_EQ(station.bites(3).refused, 1U);
}

StationFault slow(Millis delay) {
  StationFault out = fault(Kind::kSlow);
  out.delay = delay;
  return out;
}

INSTANTIATE_TEST_SUITE_P(Faults, VirtualStationAnswers,
                         testing::Values(Answer{fault(Kind::kDown), 1, std::nullopt, false},
                                         Answer{fault(Kind::kHang), 10'000, std::nullopt, false},
                                         Answer{fault(Kind::kReset), 5, std::nullopt, true},
                                         Answer{fault(Kind::kGarbage), 5, std::nullopt, false},
                                         Answer{status(503), 5, 503, false},
                                         Answer{status(401), 5, 401, false},
                                         Answer{slow(9'999ms), 9'999, 200, true},
                                         // What comes too late was stored all the same.
                                         Answer{slow(10'000ms), 10'000, std::nullopt, true}));

TEST(VirtualStation, SaysHowLongToWait) {
  VirtualStation station(1);
  station.begin(0, status(503, 90s), {});
  EXPECT_EQ(station.post(0, 0, kUuid).answer.retry_after, std::optional<core::Nanos>(90s));
  station.end(0);
  station.begin(0, status(429), {});
  EXPECT_EQ(station.post(0, 0, kUuid).answer.retry_after, std::nullopt);
}

TEST(VirtualStation, TakesSoManyASecondAndAnswers429Beyond) {
  VirtualStation station(1);
  StationFault limit = fault(Kind::kLimit);
  limit.per_second = 2;
  limit.retry_after = 3s;
  station.begin(0, limit, {});
  EXPECT_EQ(station.post(1'000, 0, kUuid).answer.status, 200);
  EXPECT_EQ(station.post(1'500, 0, kUuid).answer.status, 200);
  const StationReply beyond = station.post(1'999, 0, kUuid);
  EXPECT_EQ(beyond.answer.status, 429);
  EXPECT_EQ(beyond.answer.retry_after, std::optional<core::Nanos>(3s));
  EXPECT_FALSE(beyond.stored);
  EXPECT_EQ(station.post(2'000, 0, kUuid).answer.status, 200);
  EXPECT_EQ(station.bites(0).refused, 1U);
}

TEST(VirtualStation, RefusesWhatIsNoUuidOnlyWhereToldSo) {
  VirtualStation station(1);
  EXPECT_EQ(station.post(0, 0, "rack7-1").answer.status, 200);
  StationFault strict = fault(Kind::kIds);
  strict.uuid_only = true;
  station.begin(0, strict, {});
  EXPECT_EQ(station.post(0, 0, "rack7-1").answer.status, 400);
  EXPECT_FALSE(station.post(0, 0, "rack7-1").stored);
  EXPECT_EQ(station.post(0, 0, kUuid).answer.status, 200);
  EXPECT_EQ(station.post(0, 0, "6F9619FF-8B86-4D01-B42D-00CF4FC964FF").answer.status, 200);
  // It is no fault that answers; what does, goes on as it would.
  station.begin(1, status(503), {});
  EXPECT_EQ(station.post(0, 0, kUuid).answer.status, 503);
}

TEST(VirtualStation, FailsOnlyThoseWhomTheFaultIsAbout) {
  VirtualStation station(1);
  station.begin(0, fault(Kind::kDown), {7, 3});
  EXPECT_EQ(station.post(0, 3, kUuid).answer.status, std::nullopt);
  EXPECT_EQ(station.post(0, 7, kUuid).answer.status, std::nullopt);
  EXPECT_EQ(station.post(0, 5, kUuid).answer.status, 200);
  EXPECT_FALSE(station.beat(0, 3).taken);
  EXPECT_TRUE(station.beat(0, 5).taken);
}

TEST(VirtualStation, DoesWhatTheLastFaultInFileOrderSays) {
  VirtualStation station(1);
  station.begin(2, status(502), {});
  station.begin(1, status(501), {});
  EXPECT_EQ(station.post(0, 0, kUuid).answer.status, 502);
  station.end(2);
  EXPECT_EQ(station.post(0, 0, kUuid).answer.status, 501);
  station.heal();
  EXPECT_EQ(station.post(0, 0, kUuid).answer.status, 200);
}

TEST(VirtualStation, FailsAShareOfTheRequestsAndTheSameInEveryRun) {
  VirtualStation station(1);
  VirtualStation again(1);
  VirtualStation other(2);
  StationFault some = fault(Kind::kDown);
  some.share = 250'000;
  for (VirtualStation* each : {&station, &again, &other}) each->begin(0, some, {});
  int failed = 0;
  bool differs = false;
  for (int n = 0; n < 10'000; ++n) {
    const bool stored = station.post(n, 0, kUuid).stored;
    failed += stored ? 0 : 1;
    ASSERT_EQ(again.post(n, 0, kUuid).stored, stored);
    differs = differs || other.post(n, 0, kUuid).stored != stored;
  }
  EXPECT_NEAR(failed, 2'500, 200);
  EXPECT_TRUE(differs);
  EXPECT_EQ(station.bites(0).refused, static_cast<std::uint64_t>(failed));
}

TEST(VirtualStation, TakesBeatsOfAgentsUnderTheSameFaults) {
  VirtualStation station(1);
  const auto beat = [&](const StationFault& each) {
    station.heal();
    station.begin(0, each, {});
    const VirtualStation::Beat out = station.beat(1'000, 0);
    return std::make_pair(out.ended - 1'000, out.taken);
  };
  EXPECT_EQ(beat(fault(Kind::kDown)), std::make_pair(WorldTime{1}, false));
  EXPECT_EQ(beat(fault(Kind::kHang)), std::make_pair(WorldTime{5'000}, false));
  EXPECT_EQ(beat(fault(Kind::kReset)), std::make_pair(WorldTime{5}, false));
  EXPECT_EQ(beat(status(500)), std::make_pair(WorldTime{5}, false));
  EXPECT_EQ(beat(slow(4'999ms)), std::make_pair(WorldTime{4'999}, true));
  EXPECT_EQ(beat(slow(5'000ms)), std::make_pair(WorldTime{5'000}, false));
  EXPECT_EQ(beat(fault(Kind::kIds)), std::make_pair(WorldTime{5}, true));
}

}  // namespace
}  // namespace pap::sim
