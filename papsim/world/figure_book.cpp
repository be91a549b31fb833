// SPDX-License-Identifier: MIT
#include "papsim/world/figure_book.hpp"

#include <algorithm>

#include "pap/core/collector.hpp"

namespace pap::sim {

namespace {

template <class T>
std::int64_t whole(T value) {
  return static_cast<std::int64_t>(value);
}

void read_outbox(Figures& out, const core::Collector& collector) {
  const auto sum = [&](std::uint64_t core::AlertCounters::*field) {
    std::uint64_t total = 0;
    for (const auto& alerts : collector.counters().alerts) total += alerts.*field;
    return whole(total);
  };
  using C = core::AlertCounters;
  figure(out, Metric::kOutboxDecided) = sum(&C::decided);
  figure(out, Metric::kOutboxHeldBack) = sum(&C::held_back);
  figure(out, Metric::kOutboxRetold) = sum(&C::retold);
  figure(out, Metric::kOutboxDelivered) = sum(&C::delivered);
  figure(out, Metric::kOutboxRefused) = sum(&C::refused);
  figure(out, Metric::kOutboxLogged) = sum(&C::logged);
  figure(out, Metric::kOutboxDroppedFull) = sum(&C::dropped_full);
  figure(out, Metric::kOutboxDroppedExpired) = sum(&C::dropped_expired);
  figure(out, Metric::kOutboxDropped) = sum(&C::dropped_full) + sum(&C::dropped_expired);
  figure(out, Metric::kOutboxLapsed) = sum(&C::lapsed);
  figure(out, Metric::kOutboxWithdrawn) = sum(&C::withdrawn);
  figure(out, Metric::kOutboxAttemptsFailed) = sum(&C::attempts_failed);
  const core::Outbox& outbox = collector.alerts().outbox();
  figure(out, Metric::kOutboxWaiting) = whole(outbox.waiting());
  figure(out, Metric::kOutboxInFlight) = whole(outbox.in_flight());
  figure(out, Metric::kOutboxHeld) = whole(collector.alerts().held());
  figure(out, Metric::kOutboxSize) = whole(outbox.counting());
}

void read_agents(Figures& out, const core::Collector& collector) {
  const protocol::FleetStats stats = collector.stats();
  const core::Counters& counters = collector.counters();
  figure(out, Metric::kAgentsTotal) = whole(stats.total);
  figure(out, Metric::kAgentsHealthy) = whole(stats.healthy);
  figure(out, Metric::kAgentsUnhealthy) = whole(stats.unhealthy);
  figure(out, Metric::kAgentsDead) = whole(collector.dead());
  figure(out, Metric::kAgentsToldDead) = whole(collector.told_dead());
  figure(out, Metric::kAgentsEmergency) = whole(stats.by_mode[0]);
  figure(out, Metric::kAgentsIdle) = whole(stats.by_mode[1]);
  figure(out, Metric::kAgentsSleep) = whole(stats.by_mode[2]);
  figure(out, Metric::kAgentsNew) = whole(counters.agents_new);
  figure(out, Metric::kAgentsRestarted) = whole(counters.restarts);
  figure(out, Metric::kAgentsRecovered) = whole(counters.recoveries);
  figure(out, Metric::kAgentsRemoved) = whole(counters.removed);
  figure(out, Metric::kAgentsForgotten) = whole(counters.forgotten);
  figure(out, Metric::kAgentsEvicted) = whole(counters.evicted);
  figure(out, Metric::kHeartbeatsOvertaken) = whole(counters.overtaken);
  figure(out, Metric::kCollectorLosses) = whole(counters.losses);
  figure(out, Metric::kCollectorCatchUps) = whole(counters.catch_ups);
  figure(out, Metric::kCollectorLostMs) =
      whole(std::chrono::duration_cast<std::chrono::milliseconds>(counters.time_lost).count());
}

bool is_counter(std::size_t index) { return kMetrics[index].kind == MetricKind::kCounter; }

}  // namespace

Figures FigureBook::read(const core::Collector& collector) const {
  Figures figures{};
  read_outbox(figures, collector);
  read_agents(figures, collector);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (is_counter(i)) figures[i] += before_[i];
  }
  return figures;
}

void FigureBook::collector_ended(const core::Collector& collector) {
  const Figures figures = read(collector);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (is_counter(i)) before_[i] = figures[i];
  }
  figure(before_, Metric::kOutboxLeft) += figure(figures, Metric::kOutboxWaiting) +
                                          figure(figures, Metric::kOutboxInFlight) +
                                          figure(figures, Metric::kOutboxHeld);
}

void FigureBook::take(Stretch& stretch, const Figures& figures) {
  if (!stretch.sampled) {
    stretch.least = figures;
    stretch.most = figures;
    stretch.sampled = true;
  }
  stretch.last = figures;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    stretch.least[i] = std::min(stretch.least[i], figures[i]);
    stretch.most[i] = std::max(stretch.most[i], figures[i]);
  }
}

void FigureBook::sample(const Figures& figures) {
  take(whole_, figures);
  for (auto& [entry, stretch] : entries_) {
    if (stretch.open) take(stretch, figures);
  }
}

void FigureBook::begin(std::uint32_t entry, const Figures& figures) {
  Stretch& stretch = entries_[entry];
  if (!stretch.sampled) stretch.first = figures;
  stretch.open = true;
  take(stretch, figures);
}

void FigureBook::end(std::uint32_t entry, const Figures& figures) {
  Stretch& stretch = entries_[entry];
  take(stretch, figures);
  stretch.open = false;
}

const FigureBook::Stretch* FigureBook::of(std::uint32_t entry) const {
  const auto found = entries_.find(entry);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> FigureBook::value(Metric metric, Statistic statistic,
                                              std::optional<std::size_t> during,
                                              const Figures& now) const {
  const Stretch* stretch = during ? of(static_cast<std::uint32_t>(*during)) : &whole_;
  if (stretch == nullptr || !stretch->sampled) return std::nullopt;
  if (statistic == Statistic::kMin) return figure(stretch->least, metric);
  if (statistic == Statistic::kMax) return figure(stretch->most, metric);
  const std::int64_t last = figure(during ? stretch->last : now, metric);
  const bool is_gauge = kMetrics[static_cast<std::size_t>(metric)].kind == MetricKind::kGauge;
  return is_gauge ? last : last - figure(stretch->first, metric);
}

}  // namespace pap::sim
