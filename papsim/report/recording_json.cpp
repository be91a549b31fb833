// SPDX-License-Identifier: MIT
#include "papsim/report/recording_json.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

namespace pap::sim {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(LagDot::Kind kind) {
  switch (kind) {
    case LagDot::Kind::kInside:
      return "inside";
    case LagDot::Kind::kOutside:
      return "outside";
    case LagDot::Kind::kLiving:
      return "living";
  }
  return {};
}

std::string_view name_of(LaneMark::Kind kind) {
  switch (kind) {
    case LaneMark::Kind::kBeat:
      return "beat";
    case LaneMark::Kind::kSent:
      return "sent";
    case LaneMark::Kind::kRefused:
      return "refused";
    case LaneMark::Kind::kStationBeat:
      return "station_beat";
    case LaneMark::Kind::kStep:
      return "step";
    case LaneMark::Kind::kDecided:
      return "decided";
    case LaneMark::Kind::kPosted:
      return "posted";
    case LaneMark::Kind::kDelivered:
      return "delivered";
    case LaneMark::Kind::kUndelivered:
      return "undelivered";
    case LaneMark::Kind::kGone:
      return "gone";
  }
  return {};
}

std::string_view name_of(LaneStretch::Kind kind) {
  switch (kind) {
    case LaneStretch::Kind::kDown:
      return "down";
    case LaneStretch::Kind::kFrozen:
      return "frozen";
    case LaneStretch::Kind::kAway:
      return "away";
    case LaneStretch::Kind::kDue:
      return "due";
  }
  return {};
}

Json timeline_of(const Recording& recording) {
  Json timeline = Json::array();
  for (const TimelineBand& band : recording.timeline) {
    Json json{{"id", band.id}, {"what", band.what}, {"whom", band.whom}};
    if (band.agents > 0) json["agents"] = band.agents;
    if (band.place.line > 0) json["line"] = band.place.line;
    json["stretches"] = Json::array();
    for (const Stretch& stretch : band.stretches) {
      json["stretches"].push_back(
          {{"from_ms", stretch.from}, {"to_ms", stretch.to}, {"agents", stretch.agents}});
    }
    timeline.push_back(std::move(json));
  }
  return timeline;
}

Json lags_of(const Recording& recording) {
  Json all = Json::array();
  for (const Lags& lags : recording.lags) {
    Json json{
        {"mode", to_string(lags.mode)}, {"earliest_ms", lags.earliest}, {"latest_ms", lags.latest},
        {"count", lags.count},          {"outside", lags.outside},      {"living", lags.living},
        {"least_ms", lags.least},       {"median_ms", lags.median},     {"p99_ms", lags.p99},
        {"most_ms", lags.most},         {"dots", Json::array()}};
    for (const LagDot& dot : lags.dots) {
      json["dots"].push_back({{"at_ms", dot.at},
                              {"silence_ms", dot.silence},
                              {"count", dot.count},
                              {"kind", name_of(dot.kind)}});
    }
    all.push_back(std::move(json));
  }
  return all;
}

Json lanes_of(const Recording& recording) {
  Json lanes = Json::array();
  for (const Lane& lane : recording.lanes) {
    Json json{{"agent", lane.agent},       {"group", lane.group},       {"why", lane.why},
              {"from_ms", lane.from},      {"to_ms", lane.to},          {"marks", Json::array()},
              {"left_out", lane.left_out}, {"stretches", Json::array()}};
    for (const LaneMark& mark : lane.marks) {
      Json one{{"at_ms", mark.at}, {"kind", name_of(mark.kind)}};
      if (!mark.what.empty()) one["what"] = mark.what;
      json["marks"].push_back(std::move(one));
    }
    for (const LaneStretch& stretch : lane.stretches) {
      json["stretches"].push_back(
          {{"from_ms", stretch.from}, {"to_ms", stretch.to}, {"kind", name_of(stretch.kind)}});
    }
    lanes.push_back(std::move(json));
  }
  return lanes;
}

Json series_of(const Points& points) {
  Json series = Json::object();
  for (const SeriesName& each : kSeries) {
    series[std::string{each.name}] = points.series[static_cast<std::size_t>(each.series)];
  }
  return series;
}

}  // namespace

Json to_json(const Recording& recording) {
  Json absences = Json::array();
  for (const CollectorAbsence& absence : recording.absences) {
    absences.push_back({{"from_ms", absence.from},
                        {"to_ms", absence.to},
                        {"what", absence.down ? "down" : "still"}});
  }
  Json json{{"every_ms", recording.points.every},
            {"busy_ms", recording.busy},
            {"healed_ms", recording.healed},
            {"end_ms", recording.end},
            {"series", series_of(recording.points)}};
  if (recording.whole) {
    json["whole"] = {{"every_ms", recording.whole->every}, {"series", series_of(*recording.whole)}};
  }
  json["timeline"] = timeline_of(recording);
  json["absences"] = std::move(absences);
  json["lags"] = lags_of(recording);
  json["lanes"] = lanes_of(recording);
  json["lanes_left_out"] = recording.lanes_left_out;
  return json;
}

}  // namespace pap::sim
