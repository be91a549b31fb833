// SPDX-License-Identifier: MIT
// What is kept of a run that is recorded.
#include "papsim/run/record_run.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/run/run_story.hpp"

namespace pap::sim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

SeedResult recorded(const Parts& parts) {
  RunProgress progress;
  return record_seed(read(parts), 1, progress, [](Verdict) { return true; });
}

const std::vector<std::int64_t>& series(const Points& points, Series which) {
  return points.series[static_cast<std::size_t>(which)];
}
const std::vector<std::int64_t>& series(const Recording& recording, Series which) {
  return series(recording.points, which);
}
// Of the whole run.
std::int64_t sum(const Recording& recording, Series which) {
  const auto& all = series(recording.whole ? *recording.whole : recording.points, which);
  return std::accumulate(all.begin(), all.end(), std::int64_t{0});
}
std::int64_t most(const Recording& recording, Series which) {
  const auto& all = series(recording, which);
  return *std::max_element(all.begin(), all.end());
}

std::vector<std::int64_t> marks(const Lane& lane, LaneMark::Kind kind) {
  std::vector<std::int64_t> out;
  for (const LaneMark& mark : lane.marks) {
    if (mark.kind == kind) out.push_back(mark.at);
  }
  return out;
}
std::vector<std::string> stretches(const Lane& lane, LaneStretch::Kind kind) {
  std::vector<std::string> out;
  for (const LaneStretch& each : lane.stretches) {
    if (each.kind != kind) continue;
    out.push_back(std::to_string(each.from) + '-' + std::to_string(each.to));
  }
  return out;
}

const Parts kCut{
    .run = "{for: 3m}",
    .timeline = "  - {id: cut, at: 100s, who: {group: pods, pick: 1, order: id}, do: die}\n"};

TEST(Recording, IsMadeOfARunOnlyWhereItIsAskedFor) {
  RunProgress progress;
  EXPECT_FALSE(run_seed(read(kCut), 1, progress).recording);
  EXPECT_FALSE(record_seed(read(kCut), 1, progress, [](Verdict) { return false; }).recording);
  EXPECT_TRUE(recorded(kCut).recording);
}

TEST(Recording, IsOfTheVeryRunThatWasJudged) {
  const SeedResult plain = result_of(kCut);
  const SeedResult result = recorded(kCut);
  EXPECT_EQ(result.digest, plain.digest);
  EXPECT_EQ(sum(*result.recording, Series::kBeats), static_cast<std::int64_t>(plain.heartbeats));
}

TEST(Recording, HasAllSeriesAtAllPoints) {
  const Recording recording = *recorded(kCut).recording;
  const auto expect_all = [](const Points& points, std::int64_t end) {
    const auto size = static_cast<std::size_t>((end + points.every - 1) / points.every);
    EXPECT_LE(size, kMostPoints);
    for (const SeriesName& each : kSeries) {
      EXPECT_THAT(series(points, each.series), SizeIs(size)) << each.name;
    }
  };
  expect_all(recording.points, recording.busy);
  ASSERT_TRUE(recording.whole);
  expect_all(*recording.whole, recording.end);
  EXPECT_EQ(recording.healed, 180'000);
}

TEST(Recording, ShowsInDetailThePartInWhichSomethingHappens) {
  Parts parts = kCut;
  parts.run = "{for: 3m, settle: 80m}";
  const Recording recording = *recorded(parts).recording;
  EXPECT_GE(recording.end, 83 * 60'000);
  EXPECT_GT(recording.busy, 153'000);
  EXPECT_LT(recording.busy, 200'000);
  EXPECT_EQ(recording.points.every, 500);
  EXPECT_EQ(recording.whole->every, 20'000);
  EXPECT_EQ(recording.busy % recording.whole->every, 0);
}

TEST(Recording, OfARunThatIsBusyToItsEndHasThatAlone) {
  Parts parts = kCut;
  parts.timeline = "  - {id: dim, during: [0s, 3h], do: {station: down}}\n";
  parts.run = "{for: 3h}";
  const Recording recording = *recorded(parts).recording;
  EXPECT_EQ(recording.busy, recording.end);
  EXPECT_FALSE(recording.whole);
}

TEST(Recording, CountsADeathFromTheSilenceToTheStation) {
  const Recording recording = *recorded(kCut).recording;
  const auto at = [&](std::int64_t ms) {
    return static_cast<std::size_t>(ms / recording.points.every);
  };
  EXPECT_EQ(series(recording, Series::kRunning)[at(99'000)], 10);
  EXPECT_EQ(series(recording, Series::kRunning)[at(100'000)], 9);
  EXPECT_EQ(series(recording, Series::kKnown)[at(101'000)], 10);
  // Last heard at 90.003 s.
  EXPECT_EQ(series(recording, Series::kUnhealthy)[at(150'002)], 0) << "before it is so";
  EXPECT_EQ(series(recording, Series::kUnhealthy)[at(155'000)], 1);
  EXPECT_EQ(series(recording, Series::kDecided)[at(153'003)], 1);
  EXPECT_EQ(series(recording, Series::kToldDeath)[at(153'003)], 1);
  EXPECT_EQ(sum(recording, Series::kToldDeath), 1);
  EXPECT_EQ(sum(recording, Series::kDelivered), 1);
  EXPECT_EQ(most(recording, Series::kInFlight), 1);
}

TEST(Recording, CountsPostsThatFailAndWhatWaitsMeanwhile) {
  Parts parts = kCut;
  parts.timeline += "  - {id: dark, during: [2m, 170s], do: {station: down}}\n";
  const Recording recording = *recorded(parts).recording;
  EXPECT_GT(sum(recording, Series::kUndelivered), 0);
  EXPECT_EQ(most(recording, Series::kWaiting), 1);
  EXPECT_EQ(sum(recording, Series::kToldDeath), 1);
  EXPECT_EQ(sum(recording, Series::kDelivered), 1);
}

TEST(Recording, StacksNoMoreAlertsThanThereEverWere) {
  // 40 deaths and 40 restarts, all of which wait for the Station.
  const Parts parts{.run = "{for: 12m}",
                    .fleet = "  rack: {count: 40, jitter: 10%}\n  rest: {count: 20, jitter: 10%}\n",
                    .timeline =
                        "  - {id: dark, during: [90s, 5m], do: {station: down}}\n"
                        "  - {id: cut, at: 2m, who: rack, do: {restart: {down: 2m}}}\n",
                    .expect = "{alerts: {\"*\": any}, outbox: {waiting: {max: 80}}}"};
  const SeedResult result = recorded(parts);
  EXPECT_EQ(result.verdict, Verdict::kPassed) << failures_of(result);
  for (const Points& points : {result.recording->points, *result.recording->whole}) {
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < series(points, Series::kWaiting).size(); ++i) {
      longest = std::max(longest, series(points, Series::kWaiting)[i] +
                                      series(points, Series::kInFlight)[i] +
                                      series(points, Series::kHeld)[i]);
    }
    EXPECT_EQ(longest, 80) << points.every;
  }
}

TEST(Recording, ShowsWhenTheCollectorWasAwayAndWhatThatCost) {
  Parts parts = kCut;
  parts.timeline =
      "  - {id: nap, at: 1m, do: {collector: {pause: 30s}}}\n"
      "  - {id: kill, at: 2m, do: {collector: {restart: {down: 5s, how: kill}}}}\n";
  const Recording recording = *recorded(parts).recording;
  ASSERT_THAT(recording.absences, SizeIs(2));
  EXPECT_NEAR(static_cast<double>(recording.absences[0].from), 60'000, 1'000);
  EXPECT_EQ(recording.absences[0].to, 90'000);
  EXPECT_FALSE(recording.absences[0].down);
  EXPECT_EQ(recording.absences[1].from, 120'000);
  EXPECT_EQ(recording.absences[1].to, 125'000);
  EXPECT_TRUE(recording.absences[1].down);
  EXPECT_GT(sum(recording, Series::kFailedBeats), 0);
  EXPECT_EQ(series(recording, Series::kKnown).back(), 10) << "shown until all are back";
}

// --- lanes ---

TEST(Lanes, ShowAnAgentFromItsBeatsToItsDeath) {
  const Recording recording = *recorded(kCut).recording;
  ASSERT_THAT(recording.lanes, SizeIs(1));
  const Lane& lane = recording.lanes[0];
  EXPECT_EQ(lane.agent, "pod-0");
  EXPECT_EQ(lane.group, "pods");
  EXPECT_EQ(lane.why, "decided dead after 1m3s");
  EXPECT_EQ(lane.from, 0);
  EXPECT_EQ(lane.to, recording.end);
  EXPECT_THAT(marks(lane, LaneMark::Kind::kBeat), ElementsAre(0, 30'001, 60'002, 90'003));
  EXPECT_THAT(marks(lane, LaneMark::Kind::kStep), ElementsAre(100'000));
  EXPECT_THAT(marks(lane, LaneMark::Kind::kDecided), ElementsAre(153'003));
  EXPECT_THAT(marks(lane, LaneMark::Kind::kPosted), ElementsAre(153'003));
  EXPECT_THAT(marks(lane, LaneMark::Kind::kDelivered), ElementsAre(153'008));
  EXPECT_THAT(stretches(lane, LaneStretch::Kind::kDue), ElementsAre("150003-153003"));
  EXPECT_THAT(stretches(lane, LaneStretch::Kind::kDown),
              ElementsAre("100000-" + std::to_string(recording.end)));
}

TEST(Lanes, ShowBeatsThatGetLostAndWhereTheAgentGoesThen) {
  const Parts parts{.run = "{for: 3m}",
                    .timeline =
                        "  - {id: cut, during: [50s, 70s], who: {group: pods, pick: 1, "
                        "order: id}, do: {net: {cut: to}}}\n"};
  const Recording recording = *recorded(parts).recording;
  const Lane& lane = recording.lanes.at(0);
  EXPECT_THAT(marks(lane, LaneMark::Kind::kSent), ElementsAre(60'002));
  EXPECT_THAT(marks(lane, LaneMark::Kind::kStationBeat), Contains(65'002));
  EXPECT_THAT(stretches(lane, LaneStretch::Kind::kAway), ElementsAre("65002-125003"));
}

TEST(Lanes, AreOfThoseThatAFailedCheckNames) {
  Parts parts = kCut;
  parts.timeline += "  - {id: more, at: 101s, who: {group: pods, pick: 2, order: id}, do: die}\n";
  parts.expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 1}}}";
  const SeedResult result = recorded(parts);
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  for (const Lane& lane : result.recording->lanes) EXPECT_THAT(lane.agent, Not("pod-9"));
  EXPECT_THAT(result.recording->lanes.at(0).why, "named by alerts");
}

TEST(Lanes, OfACanaryNameTheRuleThatCaughtItAndCountWhoHasNone) {
  const Parts parts{.head = "fails: S9\nsabotage: hide_held\n",
                    .run = "{for: 8m}",
                    .fleet = "  flaps: {count: 20, mode: EMERGENCY, jitter: 4%}\n",
                    .timeline =
                        "  - {id: first, at: 100s, who: flaps, do: {restart: {down: 20s}}}\n"
                        "  - {id: again, at: 122s, who: flaps, do: die}\n"
                        "  - {id: back, at: 4m, who: flaps, do: revive}\n",
                    .expect = "{alerts: {\"*\": any}, reach: held_back}"};
  const SeedResult result = recorded(parts);
  EXPECT_EQ(result.verdict, Verdict::kPassed) << failures_of(result);
  ASSERT_THAT(result.recording->lanes, SizeIs(kMostLanes));
  EXPECT_EQ(result.recording->lanes_left_out, 20 - kMostLanes);
  for (const Lane& lane : result.recording->lanes) EXPECT_EQ(lane.why, "named by S9");
}

TEST(Lanes, AreOfWhoIsMetWhereNobodyDies) {
  const Parts parts{
      .run = "{for: 3m}",
      .timeline = "  - {id: wake, at: 70s, who: {group: pods, pick: 9}, do: {mode: EMERGENCY}}\n"};
  const Recording recording = *recorded(parts).recording;
  EXPECT_THAT(recording.lanes, SizeIs(kUsualLanes));
  EXPECT_EQ(recording.lanes.at(0).why, "told in EMERGENCY");
}

TEST(Lanes, ShowAPartOfALongRun) {
  const Parts parts{.run = "{for: 5h}",
                    .timeline = "  - {id: cut, at: 2h, who: {group: pods, pick: 1}, do: die}\n"};
  const Recording recording = *recorded(parts).recording;
  const Lane& lane = recording.lanes.at(0);
  EXPECT_GT(lane.from, 6'600'000);
  EXPECT_LT(lane.to, 7'600'000);
  for (const LaneMark& mark : lane.marks) {
    EXPECT_GE(mark.at, lane.from);
    EXPECT_LE(mark.at, lane.to);
  }
  EXPECT_THAT(marks(lane, LaneMark::Kind::kDecided), SizeIs(1));
}

TEST(Lanes, OfALongRunGoOnToTheLastDelivery) {
  const Parts parts{.run = "{for: 1h}",
                    .timeline =
                        "  - {id: dark, during: [90s, 10m], do: {station: down}}\n"
                        "  - {id: cut, at: 2m, who: {group: pods, pick: 3, order: id}, do: die}\n"};
  const Recording recording = *recorded(parts).recording;
  ASSERT_THAT(recording.lanes, SizeIs(3));
  for (const Lane& lane : recording.lanes) {
    EXPECT_THAT(marks(lane, LaneMark::Kind::kDelivered), SizeIs(1)) << lane.agent;
    EXPECT_EQ(lane.from, recording.lanes[0].from);
    EXPECT_EQ(lane.to, recording.lanes[0].to);
    EXPECT_LE(lane.marks.back().at, lane.to);
    EXPECT_LT(lane.to, 15 * 60'000);
    for (const LaneStretch& each : lane.stretches) EXPECT_LE(each.to, lane.to);
  }
}

TEST(Lanes, OfALongRunDoNotWaitForADeliveryForEver) {
  const Parts parts{.run = "{for: 2h}",
                    .timeline =
                        "  - {id: dark, during: [90s, 90m], do: {station: down}}\n"
                        "  - {id: cut, at: 2m, who: {group: pods, pick: 1, order: id}, do: die}\n"};
  const Recording recording = *recorded(parts).recording;
  EXPECT_LT(recording.lanes.at(0).to, 10 * 60'000);
  EXPECT_THAT(marks(recording.lanes.at(0), LaneMark::Kind::kDelivered), SizeIs(0));
}

TEST(Lanes, ThatLieFarApartShowEachItsPart) {
  const Parts parts{.run = "{for: 5h}",
                    .timeline =
                        "  - {id: cut, at: 1h, who: {group: pods, pick: 1, order: id}, do: die}\n"
                        "  - {id: late, at: 3h, who: {group: pods, pick: 2, order: id}, "
                        "do: die}\n"};
  const Recording recording = *recorded(parts).recording;
  ASSERT_GE(recording.lanes.size(), 2U);
  EXPECT_NE(recording.lanes[0].from, recording.lanes[1].from);
}

TEST(Lanes, AreFewHoweverManyDie) {
  const Parts parts{.run = "{for: 3m}",
                    .fleet = "  pods: {count: 500}\n",
                    .timeline = "  - {id: cut, at: 70s, who: pods, do: die}\n"};
  EXPECT_THAT(recorded(parts).recording->lanes, SizeIs(kUsualLanes));
}

// --- lags ---

DeathSeen death(AgentNumber agent, WorldTime at, WorldTime silence,
                protocol::Mode mode = protocol::Mode::kIdle) {
  return {agent, at, silence, mode, false, std::nullopt, false};
}

std::vector<Lags> lags(const std::vector<DeathSeen>& deaths) {
  return lags_of(read(Parts{}), deaths, 600'000);
}

TEST(Lags, AreByModeWithTheWindowOfEach) {
  const auto all =
      lags({death(0, 70'000, 61'000), death(1, 80'000, 10'200, protocol::Mode::kEmergency),
            death(2, 90'000, 62'000)});
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].mode, protocol::Mode::kEmergency);
  EXPECT_EQ(all[0].earliest, 10'000);
  EXPECT_EQ(all[0].latest, 10'500);
  EXPECT_EQ(all[1].earliest, 60'000);
  EXPECT_EQ(all[1].latest, 63'000);
  EXPECT_EQ(all[1].count, 2U);
  EXPECT_EQ(all[1].least, 61'000);
  EXPECT_EQ(all[1].median, 61'000);
  EXPECT_EQ(all[1].most, 62'000);
  EXPECT_EQ(all[1].outside, 0U);
}

TEST(Lags, TellApartWhatIsOutsideAndWhoIsAlive) {
  DeathSeen living = death(1, 80'000, 61'000);
  living.living = true;
  const auto all = lags({death(0, 70'000, 90'000), living});
  EXPECT_EQ(all.at(0).outside, 1U);
  EXPECT_EQ(all.at(0).living, 1U);
  EXPECT_EQ(all.at(0).dots.at(0).kind, LagDot::Kind::kOutside);
  EXPECT_EQ(all.at(0).dots.at(1).kind, LagDot::Kind::kLiving);
}

TEST(Lags, OfManyDeathsAreFewDotsThatStandForAllOfThem) {
  std::vector<DeathSeen> deaths;
  for (AgentNumber i = 0; i < 100'000; ++i) {
    deaths.push_back(death(i, 100'000 + i, 60'000 + i % 3'000));
  }
  deaths.push_back(death(100'000, 400'000, 70'000));
  const auto all = lags(deaths);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_LE(all[0].dots.size(), kMostDots);
  std::uint64_t count = 0;
  std::uint64_t outside = 0;
  for (const LagDot& dot : all[0].dots) {
    count += dot.count;
    if (dot.kind == LagDot::Kind::kOutside) outside += dot.count;
  }
  EXPECT_EQ(count, deaths.size());
  EXPECT_EQ(outside, 1U);
}

}  // namespace
}  // namespace pap::sim
