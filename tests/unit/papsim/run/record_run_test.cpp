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

const std::vector<std::int64_t>& series(const Recording& recording, Series which) {
  return recording.series[static_cast<std::size_t>(which)];
}
std::int64_t sum(const Recording& recording, Series which) {
  const auto& all = series(recording, which);
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
  const auto points =
      static_cast<std::size_t>((recording.end + recording.every - 1) / recording.every);
  EXPECT_LE(points, kMostPoints);
  for (const SeriesName& each : kSeries) {
    EXPECT_THAT(series(recording, each.series), SizeIs(points)) << each.name;
  }
  EXPECT_EQ(recording.healed, 180'000);
}

TEST(Recording, CountsADeathFromTheSilenceToTheStation) {
  const Recording recording = *recorded(kCut).recording;
  const auto at = [&](std::int64_t ms) { return static_cast<std::size_t>(ms / recording.every); };
  EXPECT_EQ(series(recording, Series::kRunning)[at(99'000)], 10);
  EXPECT_EQ(series(recording, Series::kRunning)[at(101'000)], 9);
  EXPECT_EQ(series(recording, Series::kKnown)[at(101'000)], 10);
  // Last heard at 90.003 s.
  EXPECT_EQ(series(recording, Series::kUnhealthy)[at(149'000)], 0);
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
