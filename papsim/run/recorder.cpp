// SPDX-License-Identifier: MIT
#include "papsim/run/recorder.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"
#include "papsim/run/step_words.hpp"
#include "papsim/run/timeline_bands.hpp"
#include "papsim/scenario/bounds.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {

namespace {

// What is worth being looked at if there is any of it in a point.
constexpr std::array kHappenings{Series::kDecided,   Series::kToldEmergency, Series::kToldRestart,
                                 Series::kToldDeath, Series::kUndelivered,   Series::kWaiting,
                                 Series::kInFlight,  Series::kHeld};

// Off what lies behind its end.
void cut(Lane& lane) {
  std::erase_if(lane.marks, [&](const LaneMark& mark) { return mark.at > lane.to; });
  if (lane.marks.size() > kMostMarks) {
    lane.left_out += lane.marks.size() - kMostMarks;
    lane.marks.resize(kMostMarks);
  }
  std::erase_if(lane.stretches, [&](const LaneStretch& each) { return each.from >= lane.to; });
  for (LaneStretch& each : lane.stretches) each.to = std::min(each.to, lane.to);
}

}  // namespace

Recorder::Recorder(const Scenario& scenario, const Plan& plan, const LaneWishes& wishes)
    : scenario_(scenario),
      plan_(plan),
      end_((scenario.run_for + scenario.settle).count()),
      lane_by_id_(plan.agents.size()),
      lane_by_number_(plan.agents.size()) {
  fine_.every = fine_width(end_);
  out_.healed = scenario.run_for.count();
  out_.end = end_;
  out_.lanes_left_out = wishes.left_out;
  for (const LaneWish& wish : wishes.lanes) {
    if (lanes_.size() >= kMostLanes || lane_by_id_[wish.id] != 0) continue;
    OpenLane open;
    open.lane.agent = id_of(scenario, plan, wish.id);
    open.lane.group = scenario.fleet[plan.agents[wish.id].group].name;
    open.lane.why = wish.why;
    open.lane.from = wish.from;
    open.lane.to = std::min(end_, wish.to + kLatestDelivery);
    open.wanted_to = wish.to;
    lanes_.push_back(std::move(open));
    lane_by_id_[wish.id] = static_cast<std::uint8_t>(lanes_.size());
  }
  for (AgentNumber number = 0; number < plan.agents.size(); ++number) {
    const std::uint8_t lane = lane_by_id_[plan.agents[number].same_id_as];
    lane_by_number_[number] = lane;
    if (lane == 0) continue;
    OpenLane& open = lanes_[lane - 1U];
    open.numbers.push_back(number);
    if (open.numbers.size() == 1) open.down_since = 0;  // until its first beat, or its first step
  }
}

void Recorder::watch(World& world) {
  world_ = &world;
  world.on_noted([this](const World::Noted& noted) { this->noted(noted); });
}

// --- the world's events ---

void Recorder::noted(const World::Noted& noted) {
  settle_moved();
  advance();
  follow();
  if ((noted.what & World::Noted::kStep) != 0) return;
  const auto kind = static_cast<EventKind>(noted.what & 0xffU);
  if (kind != EventKind::kBeat && kind != EventKind::kArrive && kind != EventKind::kGiveUp) return;
  const auto number = static_cast<AgentNumber>(noted.what >> 8U);
  if (lane_by_number_[number] == 0) return;
  moved_ = Moved{number, world_->now(), world_->figures().beats_sent,
                 world_->fleet().beats_at_station()};
}

// What the world made of the process that it moved last: did it send something, and was that heard?
void Recorder::settle_moved() {
  if (!moved_) return;
  const Moved moved = *std::exchange(moved_, std::nullopt);
  OpenLane& lane = lanes_[lane_by_number_[moved.number] - 1U];
  if (world_->figures().beats_sent > moved.sent && !moved.heard) {
    begin(lane, moved.at);
    mark_at(lane, moved.at, LaneMark::Kind::kSent, {});
  }
  if (world_->fleet().beats_at_station() > moved.at_station) {
    mark_at(lane, moved.at, LaneMark::Kind::kStationBeat, {});
  }
  const WorldTime until = world_->fleet().away_until(moved.number);
  if (until <= lane.away_until) return;
  lane.away_until = until;
  stretch(lane, moved.at, until, LaneStretch::Kind::kAway);
}

void Recorder::advance() {
  while (world_->now() >= (next_point_ + 1) * fine_.every) close_point();
}

void Recorder::close_point() {
  const std::uint64_t beats = world_->figures().beats_accepted;
  const std::uint64_t failed = world_->fleet().beats_failed();
  count(Series::kBeats, static_cast<std::int64_t>(beats - std::exchange(beats_before_, beats)));
  count(Series::kFailedBeats,
        static_cast<std::int64_t>(failed - std::exchange(failed_before_, failed)));
  for (std::size_t i = 0; i < point_.size(); ++i) fine_.series[i].push_back(point_[i]);
  ++next_point_;
  const bool any = std::any_of(kHappenings.begin(), kHappenings.end(),
                               [this](Series series) { return at_point(series) > 0; });
  const std::int64_t known = at_point(Series::kKnown);
  const std::int64_t unhealthy = at_point(Series::kUnhealthy);
  begin_point();
  // Who joins is no happening; who comes back, after a restart of the collector, is one.
  const std::int64_t known_now = at_point(Series::kKnown);
  const bool fewer = known_now < known;
  const bool back = known_now > known && known < most_known_;
  most_known_ = std::max(most_known_, known_now);
  if (any || fewer || back || at_point(Series::kUnhealthy) != unhealthy) {
    happens(next_point_ * fine_.every);
  }
}

void Recorder::begin_point() {
  point_.fill(0);
  if (world_->host().state() == CollectorHost::State::kDown) return;
  const protocol::FleetStats stats = world_->host().core().stats();
  at_point(Series::kKnown) = static_cast<std::int64_t>(stats.total);
  at_point(Series::kUnhealthy) = static_cast<std::int64_t>(stats.unhealthy);
  look_at_queue();  // what waits goes on waiting
}

// Of one moment, all three: the greatest of each would add up to more alerts than there ever were.
// Of two such moments the later one: what is decided waits for no time, and is then on its way.
void Recorder::look_at_queue() {
  if (world_->host().state() == CollectorHost::State::kDown) return;
  const core::Alerts& alerts = world_->host().core().alerts();
  const auto waiting = static_cast<std::int64_t>(alerts.outbox().waiting());
  const auto in_flight = static_cast<std::int64_t>(alerts.outbox().in_flight());
  const auto held = static_cast<std::int64_t>(alerts.held());
  const std::int64_t most =
      at_point(Series::kWaiting) + at_point(Series::kInFlight) + at_point(Series::kHeld);
  if (waiting + in_flight + held < most) return;
  at_point(Series::kWaiting) = waiting;
  at_point(Series::kInFlight) = in_flight;
  at_point(Series::kHeld) = held;
}

// A little more than what happens, and whole points of the whole run, so that its numbers go on
// where the finer ones end. A part that is nearly all is not worth being told from it.
WorldTime Recorder::busy_until() const {
  const WorldTime width = width_of_point(fine_.every, end_);
  const WorldTime until = happened_ + std::max(happened_ / 10, 2 * fine_.every);
  if (happened_ == 0 || until > end_ / 100 * 85) return end_;
  return std::min(end_, (until + width - 1) / width * width);
}

// --- lanes ---

Recorder::OpenLane* Recorder::lane_of(AgentNumber id) {
  if (id >= lane_by_id_.size() || lane_by_id_[id] == 0) return nullptr;
  return &lanes_[lane_by_id_[id] - 1U];
}

void Recorder::mark(OpenLane& lane, LaneMark::Kind kind, std::string what) {
  mark_at(lane, world_->now(), kind, std::move(what));
}

void Recorder::mark_at(OpenLane& lane, WorldTime at, LaneMark::Kind kind, std::string what) {
  if (at < lane.lane.from || at > lane.lane.to) return;
  if (lane.lane.marks.size() >= 2 * kMostMarks) {  // some may be cut off
    ++lane.lane.left_out;
    return;
  }
  lane.lane.marks.push_back({at, kind, std::move(what)});
}

void Recorder::stretch(OpenLane& lane, WorldTime from, WorldTime to, LaneStretch::Kind kind) {
  if (to <= from || to < lane.lane.from || from > lane.lane.to) return;
  if (lane.lane.stretches.size() >= kMostStretches) {
    ++lane.lane.left_out;
    return;
  }
  lane.lane.stretches.push_back({std::max(from, lane.lane.from), std::min(to, lane.lane.to), kind});
}

void Recorder::begin(OpenLane& lane, WorldTime at) {
  if (lane.down_since != 0) return;
  stretch(lane, 0, at, LaneStretch::Kind::kDown);
  lane.down_since.reset();
}

void Recorder::follow() {
  const WorldTime now = world_->now();
  while (next_step_ < plan_.steps.size() && plan_.steps[next_step_].at.count() <= now) {
    const Step& step = plan_.steps[next_step_++];
    for (const AgentNumber number : plan_.who_of(step)) {
      if (lane_by_number_[number] != 0) follow(step, lanes_[lane_by_number_[number] - 1U]);
    }
  }
}

void Recorder::follow(const Step& step, OpenLane& lane) {
  const Entry& entry = scenario_.timeline[step.entry];
  const WorldTime at = step.at.count();
  mark_at(lane, at, LaneMark::Kind::kStep, entry.id + ": " + step_words(step, entry, true));
  const auto close = [&](std::optional<WorldTime>& since, LaneStretch::Kind kind) {
    if (since) stretch(lane, *since, at, kind);
    since.reset();
  };
  switch (step.kind) {
    case StepKind::kStop:
    case StepKind::kLeave:
      close(lane.frozen_since, LaneStretch::Kind::kFrozen);
      // Of two processes with one id the other may go on.
      if (lane.numbers.size() == 1 && !lane.down_since) lane.down_since = at;
      break;
    case StepKind::kStart:
      close(lane.frozen_since, LaneStretch::Kind::kFrozen);
      close(lane.down_since, LaneStretch::Kind::kDown);
      break;
    case StepKind::kFreeze:
      if (!lane.frozen_since) lane.frozen_since = at;
      break;
    case StepKind::kThaw:
      close(lane.frozen_since, LaneStretch::Kind::kFrozen);
      break;
    case StepKind::kMode:
    case StepKind::kBegin:
    case StepKind::kEnd:
      break;
  }
}

void Recorder::close_silence(OpenLane& lane) {
  if (!lane.heard) return;
  const WorldTime interval = protocol::interval_of(lane.mode).count();
  const WorldTime slack = slack_of(scenario_, lane.mode).count();
  const WorldTime earliest = *lane.heard + 2 * interval;
  if (listening_.listening() < earliest) return;
  WorldTime latest = earliest + slack;
  if (const auto excuse = listening_.excuse(lane.heard_after)) {
    latest = std::max(latest, *excuse + kAgentAway + interval + slack);
  }
  const WorldTime in_world = listening_.lost() - mono_offset_;
  stretch(lane, earliest + in_world, latest + in_world, LaneStretch::Kind::kDue);
}

// --- what is seen ---

void Recorder::absent(WorldTime from, WorldTime to, bool down) {
  if (out_.absences.size() < kMostStretches) {
    out_.absences.push_back({from, to, down});
  } else {
    out_.absences.back().to = to;
  }
}

void Recorder::started(WorldTime now) {
  mono_offset_ = now - world_->now();
  listening_.start(now);
  last_call_ = world_->now();
  for (OpenLane& lane : lanes_) lane.heard.reset();
  if (down_since_) absent(*down_since_, world_->now(), true);
  down_since_.reset();
}

void Recorder::stopped(WorldTime, const core::Collector&) {
  for (OpenLane& lane : lanes_) close_silence(lane);
  down_since_ = world_->now();
  last_call_.reset();
}

void Recorder::called(WorldTime now) {
  advance();
  mono_offset_ = now - world_->now();
  listening_.call(now);
  const WorldTime before = last_call_.value_or(world_->now());
  if (world_->now() - before > kLongestCall) absent(before, world_->now(), false);
  last_call_ = world_->now();
  look_at_queue();
}

void Recorder::accepted(WorldTime, const SeenBeat& beat, const SeenAnswer& answer) {
  OpenLane* lane = lane_of(beat.agent);
  if (lane == nullptr) return;
  if (moved_ && plan_.agents[moved_->number].same_id_as == beat.agent) moved_->heard = true;
  close_silence(*lane);
  begin(*lane, world_->now());
  lane->heard = listening_.listening();
  lane->heard_after = listening_.ends();
  lane->mode = answer.mode;
  std::string what;
  if (answer.is_new) what = "first beat";
  if (answer.restart_detected) what = "first beat of a new process";
  mark(*lane, LaneMark::Kind::kBeat, std::move(what));
}

void Recorder::refused(WorldTime, const SeenBeat& beat) {
  OpenLane* lane = lane_of(beat.agent);
  if (lane == nullptr) return;
  if (moved_ && plan_.agents[moved_->number].same_id_as == beat.agent) moved_->heard = true;
  mark(*lane, LaneMark::Kind::kRefused,
       beat.uptime_seconds < 0 ? "refused: its start lies in the future"
                               : "refused: the table is full");
}

void Recorder::removed(WorldTime, AgentNumber agent) {
  if (OpenLane* lane = lane_of(agent)) {
    lane->heard.reset();
    mark(*lane, LaneMark::Kind::kGone, "removed by DELETE");
  }
}

void Recorder::forgotten(WorldTime, AgentNumber agent, bool to_make_room) {
  if (OpenLane* lane = lane_of(agent)) {
    lane->heard.reset();
    mark(*lane, LaneMark::Kind::kGone,
         to_make_room ? "forgotten, to make room for another" : "forgotten, its retention over");
  }
}

void Recorder::decided_dead(WorldTime, AgentNumber agent) {
  advance();
  count(Series::kDecided);
  OpenLane* lane = lane_of(agent);
  if (lane == nullptr) return;
  close_silence(*lane);
  std::string what = "decided dead";
  if (lane->heard) {
    what += " after " + clock_word(Millis{listening_.listening() - *lane->heard}) + " of silence";
  }
  lane->heard.reset();
  mark(*lane, LaneMark::Kind::kDecided, std::move(what));
}

void Recorder::posted(WorldTime, std::string_view key, std::string_view body) {
  advance();
  look_at_queue();
  const auto alert = nlohmann::json::parse(body);
  const auto& type = alert.at("type").get_ref<const std::string&>();
  const AgentNumber agent =
      world_->identities().find(alert.at("agent_uuid").get_ref<const std::string&>());
  const bool is_new = posted_.emplace(std::string{key}, agent).second;
  if (is_new) {
    count(type == to_string(protocol::AlertType::kAgentDeath)        ? Series::kToldDeath
          : type == to_string(protocol::AlertType::kRestartDetected) ? Series::kToldRestart
                                                                     : Series::kToldEmergency);
  }
  if (OpenLane* lane = lane_of(agent)) {
    mark(*lane, LaneMark::Kind::kPosted, type + (is_new ? " posted" : " posted again"));
  }
}

void Recorder::answered(WorldTime, std::string_view key, std::optional<std::uint16_t> status,
                        std::optional<WorldTime> retry_after) {
  advance();
  const bool delivered = status && *status / 100 == 2;
  count(delivered ? Series::kDelivered : Series::kUndelivered);
  const auto found = posted_.find(std::string{key});
  if (found == posted_.end()) return;
  OpenLane* lane = lane_of(found->second);
  if (lane == nullptr) return;
  std::string what = status ? "the Station answers " + std::to_string(*status)
                            : std::string{"no whole answer of the Station"};
  if (retry_after) what += ", Retry-After " + clock_word(Millis{*retry_after});
  mark(*lane, delivered ? LaneMark::Kind::kDelivered : LaneMark::Kind::kUndelivered,
       std::move(what));
}

// Cuts it where it was wanted to end, or behind the last delivery if that was later.
void Recorder::finish(OpenLane& open) {
  Lane& lane = open.lane;
  close_silence(open);
  if (open.down_since) stretch(open, *open.down_since, end_, LaneStretch::Kind::kDown);
  if (open.frozen_since) stretch(open, *open.frozen_since, end_, LaneStretch::Kind::kFrozen);
  // What is known only afterwards was written after what came next.
  std::stable_sort(lane.marks.begin(), lane.marks.end(),
                   [](const LaneMark& a, const LaneMark& b) { return a.at < b.at; });
  const auto last = std::find_if(lane.marks.rbegin(), lane.marks.rend(), [](const LaneMark& mark) {
    return mark.kind == LaneMark::Kind::kDelivered;
  });
  WorldTime to = open.wanted_to;
  if (last != lane.marks.rend() && last->at > to) {
    to = std::min(lane.to, last->at + (last->at - lane.from) / 20);
  }
  lane.to = to;
}

Recording Recorder::take() {
  settle_moved();
  follow();
  advance();
  if (next_point_ * fine_.every < end_) close_point();  // the last one is shorter
  if (down_since_) absent(*down_since_, end_, true);
  fine_.series[static_cast<std::size_t>(Series::kRunning)] =
      running_processes(plan_, fine_.every, end_);
  for (const TimelineBand& band : timeline_bands(scenario_, plan_, fine_.every)) {
    for (const Stretch& each : band.stretches) happens(each.to);
  }
  out_.busy = busy_until();
  out_.points = merged(fine_, out_.busy);
  if (out_.busy < end_) out_.whole = merged(fine_, end_);
  out_.timeline = timeline_bands(scenario_, plan_, out_.points.every);

  // Lanes of one part of the run keep one axis.
  bool shared = true;
  WorldTime to = 0;
  for (OpenLane& lane : lanes_) {
    finish(lane);
    to = std::max(to, lane.lane.to);
    shared =
        shared && lane.lane.from == lanes_[0].lane.from && lane.wanted_to == lanes_[0].wanted_to;
  }
  for (OpenLane& lane : lanes_) {
    if (shared) lane.lane.to = to;
    cut(lane.lane);
    out_.lanes.push_back(std::move(lane.lane));
  }
  return std::move(out_);
}

}  // namespace pap::sim
