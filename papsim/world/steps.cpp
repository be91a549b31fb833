// SPDX-License-Identifier: MIT
// The plan carried out, step by step.
#include <utility>

#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

// How often a collector that leaves looks whether all is told.
constexpr WorldTime kLookAgainAfter = 20;
// How often one that has no room looks whether there is some.
constexpr WorldTime kLooksForRoomEvery = 1'000;
// How long it stays beyond its time where a canary says so.
constexpr WorldTime kLingers = 60'000;

}  // namespace

void World::carry_out(const Step& step) {
  note(Noted::kStep | static_cast<std::uint64_t>(step.kind));
  const Figures before = read_figures();
  const bool ends = step.kind == StepKind::kEnd || step.kind == StepKind::kThaw;
  if (ends) {
    book_.end(step.entry, before);
  } else {
    book_.begin(step.entry, before);
  }
  const Entry& entry = scenario_.timeline[step.entry];
  const auto who = plan_.who_of(step);
  if (const auto* fault = std::get_if<StationFault>(&entry.action)) {
    return station_.follow(step, *fault, who);
  }
  if (const auto* fault = std::get_if<CollectorFault>(&entry.action)) {
    return collector_fault(step, *fault);
  }
  if (std::holds_alternative<NetFault>(entry.action) && who.empty()) {
    host_.set_link(step.kind == StepKind::kEnd ? links_.without(host_.link(), step.entry)
                                               : links_.with(host_.link(), step.entry));
    return;
  }
  for (const AgentNumber number : who) fleet_.act(step, entry, number);
}

void World::collector_fault(const Step& step, const CollectorFault& fault) {
  using Kind = CollectorFault::Kind;
  const bool begins = step.kind != StepKind::kEnd;
  if (collector_bites_.size() <= step.entry) collector_bites_.resize(step.entry + 1);
  if (begins) ++collector_bites_[step.entry];
  const WorldTime now = wheel_.now();
  switch (fault.kind) {
    case Kind::kPause:
    case Kind::kSuspend:
      if (begins) {
        host_.stop();
        stopped_at_ = now;
      } else {
        collector_goes_on();
      }
      break;
    case Kind::kDeaf:
      begins ? go_deaf() : hear_again();
      break;
    case Kind::kRestart:
      if (!begins || host_.state() == CollectorHost::State::kDown) break;
      down_for_ = fault.down.count();
      if (fault.kill || host_.state() == CollectorHost::State::kStopped) {
        later(now, kGoDown);
      } else {
        host_.drain();
        later(now + scenario_.collector.drain.count(), kStopListening);
      }
      break;
    case Kind::kStarve:
      starve_ = begins ? fault.starve : 0;
      if (begins) later(now, kStarve);
      break;
    case Kind::kWallStep:
      host_.wall().step(begins ? fault.step_ms : -fault.step_ms);
      if (begins && fault.step_ms > 0 && scenario_.sabotage == Sabotage::kWallMovesMonotonic) {
        host_.monotonic().step(fault.step_ms);
      }
      break;
    case Kind::kWallDrift:
      host_.wall().drift(now, begins ? fault.drift_ppm : 0);
      break;
    case Kind::kWallFreeze:
      host_.wall().drift(now, begins ? -1'000'000 : 0);
      break;
    case Kind::kMonotonicStep:
      if (begins) host_.monotonic().step(fault.step_ms);
      break;
    case Kind::kMonotonicDrift:
      host_.monotonic().drift(now, begins ? fault.drift_ppm : 0);
      break;
  }
}

void World::later(WorldTime at, Later what) {
  const auto life = static_cast<std::uint32_t>(host_.restarts());
  wheel_.add(at, {what, life, EventKind::kCollector});
}

// What a fault of the collector has set going.
void World::on_collector(std::uint32_t what, std::uint32_t life) {
  const WorldTime now = wheel_.now();
  const bool own =
      what == kGoDown || what == kStopListening || what == kLookAgain || what == kLookForRoom;
  if (own && life != host_.restarts()) return;  // killed meanwhile
  switch (what) {
    case kGoOn:
      collector_goes_on();
      break;
    case kGoDown:
      host_.take_down();
      deaf_ = 0;  // the next one has room
      knows_deaf_ = false;
      for (const std::uint32_t request : std::exchange(waiting_, {})) on_arrive(request);
      later(now + down_for_, kComeUp);
      break;
    case kComeUp:
      host_.bring_up();
      break;
    case kStopListening:
      host_.stop_listening();
      for (const std::uint32_t request : std::exchange(waiting_, {})) on_arrive(request);
      leaves_by_ = now + scenario_.collector.shutdown_grace.count();
      if (host_.lies(Sabotage::kLinger)) leaves_by_ += kLingers;
      leave_when_quiet();
      break;
    case kLookAgain:
      leave_when_quiet();
      break;
    case kLookForRoom:
      if (deaf_ == 0) break;
      later(now + kLooksForRoomEvery, kLookForRoom);
      if (host_.state() == CollectorHost::State::kStopped) break;
      knows_deaf_ = true;
      host_.hears_nobody(deaf_since_);
      break;
    case kStarve:
      if (starve_ == 0) break;
      host_.stop();
      later(now + kStarvePeriod * starve_ / kAll, kGoOn);
      later(now + kStarvePeriod, kStarve);
      break;
    default:
      break;
  }
}

void World::go_deaf() {
  if (host_.state() == CollectorHost::State::kDown || deaf_++ > 0) return;
  deaf_since_ = host_.mono();
  later(wheel_.now() + kLooksForRoomEvery, kLookForRoom);
}

void World::hear_again() {
  if (deaf_ == 0 || --deaf_ > 0) return;
  if (host_.state() != CollectorHost::State::kStopped) let_in();  // else when it goes on
}

void World::leave_when_quiet() {
  const WorldTime now = wheel_.now();
  const bool quiet = host_.quiet() && !host_.lies(Sabotage::kLinger);
  if (quiet || now >= leaves_by_) return later(now, kGoDown);
  later(now + kLookAgainAfter, kLookAgain);
}

void World::heal() {
  healed_ = true;
  station_.heal();
  starve_ = 0;
  host_.set_link(Links::kClean);
  fleet_.heal();
  host_.tell_healed();
}

}  // namespace pap::sim
