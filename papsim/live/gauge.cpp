// SPDX-License-Identifier: MIT
#include "papsim/live/gauge.hpp"

#include <algorithm>
#include <utility>

#include <sys/resource.h>

namespace pap::sim {

namespace {

std::chrono::microseconds own_cpu() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto micros = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return micros(use.ru_utime) + micros(use.ru_stime);
}

// Those that ended, and not with a good answer.
std::uint64_t failures_of(const LiveFigures& figures) {
  std::uint64_t ended = 0;
  for (const std::uint64_t count : figures.ends) ended += count;
  return ended - std::min(ended, figures.accepted);
}

}  // namespace

void Gauge::look(WorldTime now, const LiveFigures& figures, std::optional<ProcessUse> use) {
  Second second;
  second.at = now;
  second.planned = figures.planned - last_.figures.planned;
  second.accepted = figures.accepted - last_.figures.accepted;
  second.failed = failures_of(figures) - failed_;
  second.answer_us = percentiles_of(figures.answer.since(last_.figures.answer));
  second.use = use;
  seconds_.push_back(std::move(second));
  failed_ = failures_of(figures);
  last_ = {now, figures, use, own_cpu()};
  if (!begun_ && now >= from_) begun_ = last_;
}

Gauge::Window Gauge::window() const {
  Window window;
  if (!begun_) return window;
  window.span = std::chrono::milliseconds(last_.at - begun_->at);
  window.planned = last_.figures.planned - begun_->figures.planned;
  window.accepted = last_.figures.accepted - begun_->figures.accepted;
  window.failed = failures_of(last_.figures) - failures_of(begun_->figures);
  window.answer = last_.figures.answer.since(begun_->figures.answer);
  window.lag = last_.figures.lag.since(begun_->figures.lag);
  window.first = begun_->use;
  window.last = last_.use;
  window.own_cpu = last_.own_cpu - begun_->own_cpu;
  return window;
}

}  // namespace pap::sim
