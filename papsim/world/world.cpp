// SPDX-License-Identifier: MIT
#include "papsim/world/world.hpp"

#include <algorithm>
#include <array>

#include "papsim/world/random_draws.hpp"

namespace pap::sim {

World::World(const Scenario& scenario, const Plan& plan, Witness& witness)
    : scenario_(scenario),
      plan_(plan),
      witness_(witness),
      identities_(scenario, plan),
      links_(scenario),
      station_(plan.seed),
      host_(scenario, plan.seed, identities_, wheel_, links_, station_, witness),
      fleet_(scenario, plan, wheel_, links_, station_, *this) {
  host_.on_ticked([this] {
    book_.sample(read_figures());
    if (host_.core().alerts().outbox().pause().probing()) ++probed_;
  });
  host_.on_ending([this](const core::Collector& collector) { book_.collector_ended(collector); });
}

Figures World::read_figures() const {
  Figures figures =
      host_.state() == CollectorHost::State::kDown ? book_.read_none() : book_.read(host_.core());
  const auto set = [&](Metric metric, std::uint64_t value) {
    figure(figures, metric) = static_cast<std::int64_t>(value);
  };
  set(Metric::kHeartbeatsSent, figures_.beats_sent);
  set(Metric::kHeartbeatsAccepted, figures_.beats_accepted);
  set(Metric::kHeartbeatsRefused, figures_.beats_refused);
  set(Metric::kHeartbeatsFailed, fleet_.beats_failed());
  set(Metric::kHeartbeatsToStation, fleet_.beats_at_station());
  set(Metric::kStationPosts, host_.posts());
  set(Metric::kStationStored, host_.stored());
  set(Metric::kStationStoredTwice, host_.stored_twice());
  return figures;
}

void World::run(const std::function<bool()>& stop) {
  constexpr std::uint64_t kAskEvery = 1U << 16U;
  host_.start();
  fleet_.join_all();
  const WorldTime heal_at = scenario_.run_for.count();
  const WorldTime end = heal_at + scenario_.settle.count();
  while (wheel_.now() < end) {
    WorldTime limit = healed_ ? end : std::min(end, heal_at);
    if (next_step_ < plan_.steps.size()) {
      limit = std::min<WorldTime>(limit, plan_.steps[next_step_].at.count());
    }
    wheel_.advance(limit);
    // The plan's steps of a millisecond come before its events.
    while (next_step_ < plan_.steps.size() && plan_.steps[next_step_].at.count() <= wheel_.now()) {
      carry_out(plan_.steps[next_step_++]);
    }
    if (!healed_ && wheel_.now() >= heal_at) heal();
    if (wheel_.now() >= looked_until_) look_ahead();
    Event event;
    while (wheel_.take(event)) {
      dispatch(event);
      if (++figures_.events % kAskEvery == 0 && stop && stop()) return;
    }
    if (wheel_.now() < end) wheel_.step();
  }
}

// A fleet that does not fit into the cache costs a handful of misses a beat. Those of the next
// beats are fetched side by side, which is worth a factor of two.
void World::look_ahead() {
  constexpr std::size_t kLookAhead = 64;
  constexpr WorldTime kFarthest = 1'000;
  std::array<AgentNumber, kLookAhead> next;
  std::size_t count = 0;
  const WorldTime limit = wheel_.now() + kFarthest;
  looked_until_ = wheel_.look_ahead(limit, kLookAhead, [&](const Event& event) {
    if (event.kind != EventKind::kBeat || count == kLookAhead) return;
    __builtin_prefetch(&fleet_.at(event.who), 1);
    __builtin_prefetch(&fleet_.at(event.who).flags, 1);
    next[count++] = event.who;
  });
  // The events for the next looks.
  if (looked_until_ + static_cast<WorldTime>(Wheel::kSideBySide) > fetched_until_) {
    fetched_until_ = wheel_.fetch(std::max(fetched_until_, looked_until_), limit);
  }
  for (std::size_t i = 0; i < count; ++i) {
    next[i] = fleet_.at(next[i]).id;
    identities_.prefetch(next[i]);
  }
  witness_.prefetch({next.data(), count});
  next_ids_.clear();
  for (std::size_t i = 0; i < count; ++i) next_ids_.push_back(identities_.of(next[i]));
  host_.core().prefetch(next_ids_);
}

void World::dispatch(const Event& event) {
  note((static_cast<std::uint64_t>(event.who) << 8U) | static_cast<std::uint64_t>(event.kind));
  switch (event.kind) {
    case EventKind::kBeat:
      return fleet_.on_beat(event.who, event.data);
    case EventKind::kArrive:
      return on_arrive(event.data);
    case EventKind::kGiveUp:
      return on_give_up(event.data);
    case EventKind::kTick:
      return host_.on_tick(event.data);
    case EventKind::kStationAnswer:
      return host_.on_station_answer(event.data);
    case EventKind::kCollector:
      return on_collector(event.who, event.data);
  }
}

void World::note(std::uint64_t what) {
  digest_ = (digest_ ^ what ^ static_cast<std::uint64_t>(wheel_.now())) * 0x9e3779b97f4a7c15U;
  digest_ ^= digest_ >> 29U;
  if (is_noted_) [[unlikely]] {
    tell_noted(what);
  }
}

// Apart, so that what is noted costs nothing where nobody asked for it.
void World::tell_noted(std::uint64_t what) { noted_({wheel_.now(), what, digest_}); }

std::uint64_t World::bites(std::uint32_t entry) const {
  const std::uint64_t collector = entry < collector_bites_.size() ? collector_bites_[entry] : 0;
  return collector + links_.bites(entry) + station_.bites(entry).refused;
}

std::size_t World::count_listed() { return host_.count_listed(); }

std::size_t World::bytes_per_agent() const {
  return sizeof(VirtualAgent) + sizeof(Event) + sizeof(std::uint32_t);
}

}  // namespace pap::sim
