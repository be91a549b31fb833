// SPDX-License-Identifier: MIT
#include "papsim/report/recording_json.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "papsim/report/report.hpp"

namespace pap::sim {
namespace {

Recording a_recording() {
  Recording recording;
  recording.busy = 3'000;
  recording.healed = 2'000;
  recording.end = 3'000;
  recording.points.every = 1'000;
  recording.points.series[static_cast<std::size_t>(Series::kKnown)] = {1, 2, 3};
  recording.timeline.push_back({"dark", "station down", "station", {9, 3}, {{1'000, 2'000, 0}}, 0});
  recording.absences.push_back({500, 900, true});
  Lags lags;
  lags.earliest = 60'000;
  lags.latest = 63'000;
  lags.dots.push_back({70'000, 61'000, 3, LagDot::Kind::kLiving});
  recording.lags.push_back(lags);
  Lane lane;
  lane.agent = "pod-1";
  lane.group = "pods";
  lane.why = "named by S1";
  lane.to = 3'000;
  lane.marks.push_back({100, LaneMark::Kind::kBeat, {}});
  lane.marks.push_back({200, LaneMark::Kind::kDecided, "decided dead"});
  lane.stretches.push_back({100, 200, LaneStretch::Kind::kDue});
  recording.lanes.push_back(lane);
  recording.lanes_left_out = 2;
  return recording;
}

TEST(RecordingJson, HasAllOfIt) {
  const auto json = to_json(a_recording());
  EXPECT_EQ(json["every_ms"], 1'000);
  EXPECT_EQ(json["busy_ms"], 3'000);
  EXPECT_EQ(json["healed_ms"], 2'000);
  EXPECT_EQ(json["end_ms"], 3'000);
  EXPECT_EQ(json["series"].size(), kSeries.size());
  EXPECT_EQ(json["series"]["known"].dump(), "[1,2,3]");
  EXPECT_EQ(json["timeline"][0].dump(),
            R"({"id":"dark","what":"station down","whom":"station","line":9,)"
            R"("stretches":[{"from_ms":1000,"to_ms":2000,"agents":0}]})");
  EXPECT_EQ(json["absences"][0].dump(), R"({"from_ms":500,"to_ms":900,"what":"down"})");
  EXPECT_EQ(json["lags"][0]["mode"], "IDLE");
  EXPECT_EQ(json["lags"][0]["dots"][0].dump(),
            R"({"at_ms":70000,"silence_ms":61000,"count":3,"kind":"living"})");
  const auto& lane = json["lanes"][0];
  EXPECT_EQ(lane["agent"], "pod-1");
  EXPECT_EQ(lane["why"], "named by S1");
  EXPECT_EQ(lane["marks"][0].dump(), R"({"at_ms":100,"kind":"beat"})");
  EXPECT_EQ(lane["marks"][1].dump(), R"({"at_ms":200,"kind":"decided","what":"decided dead"})");
  EXPECT_EQ(lane["stretches"][0].dump(), R"({"from_ms":100,"to_ms":200,"kind":"due"})");
  EXPECT_EQ(json["lanes_left_out"], 2);
}

TEST(RecordingJson, HasTheWholeRunBesidesWhereOnlyAPartIsBusy) {
  Recording recording = a_recording();
  EXPECT_FALSE(to_json(recording).contains("whole"));
  recording.end = 90'000;
  recording.whole = Points{30'000, {}};
  recording.whole->series[static_cast<std::size_t>(Series::kKnown)] = {1, 3, 3};
  const auto json = to_json(recording);
  EXPECT_EQ(json["series"]["known"].dump(), "[1,2,3]");
  EXPECT_EQ(json["whole"]["every_ms"], 30'000);
  EXPECT_EQ(json["whole"]["series"].size(), kSeries.size());
  EXPECT_EQ(json["whole"]["series"]["known"].dump(), "[1,3,3]");
}

TEST(RecordingJson, StandsWithItsSeedAlone) {
  SeedResult recorded;
  recorded.recording = a_recording();
  const auto json = to_json({{"a.yaml", "a", "A.", {recorded, SeedResult{}}}});
  const auto& seeds = json["scenarios"][0]["seeds"];
  EXPECT_EQ(seeds[0]["recording"], to_json(a_recording()));
  EXPECT_FALSE(seeds[1].contains("recording"));
}

}  // namespace
}  // namespace pap::sim
