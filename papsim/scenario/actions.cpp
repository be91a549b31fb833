// SPDX-License-Identifier: MIT
#include "papsim/scenario/actions.hpp"

#include <algorithm>

namespace pap::sim {
namespace {

using ClockKind = AgentClock::Kind;
using CollectorKind = CollectorFault::Kind;

// How long one occurrence keeps an agent from its ways, after it met it.
Millis aftermath(const Action& action) {
  return std::visit(Overloaded{[](const Freeze& freeze) { return freeze.lasts; },
                               [](const RestartAgent& restart) { return restart.down; },
                               [](const Swizzle& swizzle) { return swizzle.over; },
                               [](const CollectorFault& fault) { return fault.down; },
                               [](const auto&) { return Millis{0}; }},
                    action);
}

}  // namespace

std::string_view verb_of(const Action& action) {
  return std::visit(
      Overloaded{
          [](const Die&) { return "die"; }, [](const Revive&) { return "revive"; },
          [](const Freeze&) { return "freeze"; }, [](const RestartAgent&) { return "restart"; },
          [](const SetMode&) { return "mode"; }, [](const Leave&) { return "leave"; },
          [](const Swizzle&) { return "swizzle"; }, [](const AgentClock&) { return "clock"; },
          [](const NetFault&) { return "net"; }, [](const StationFault&) { return "station"; },
          [](const CollectorFault&) { return "collector"; }},
      action);
}

bool is_about_agents(const Action& action) {
  return !std::holds_alternative<NetFault>(action) &&
         !std::holds_alternative<StationFault>(action) &&
         !std::holds_alternative<CollectorFault>(action);
}

bool may_be_during(const Action& action) {
  return std::visit(
      Overloaded{[](const SetMode&) { return true; }, [](const AgentClock&) { return true; },
                 [](const NetFault&) { return true; }, [](const StationFault&) { return true; },
                 [](const CollectorFault& fault) {
                   return fault.kind != CollectorKind::kRestart &&
                          fault.kind != CollectorKind::kMonotonicStep;
                 },
                 [](const auto&) { return false; }},
      action);
}

bool goes_on(const Action& action) {
  return std::visit(
      Overloaded{[](const AgentClock& clock) { return clock.kind != ClockKind::kStep; },
                 [](const NetFault&) { return true; }, [](const StationFault&) { return true; },
                 [](const CollectorFault& fault) {
                   return fault.kind != CollectorKind::kRestart &&
                          fault.kind != CollectorKind::kWallStep &&
                          fault.kind != CollectorKind::kMonotonicStep;
                 },
                 [](const auto&) { return false; }},
      action);
}

bool may_silence(const Action& action) {
  return std::visit(
      Overloaded{[](const Revive&) { return false; }, [](const SetMode&) { return false; },
                 [](const Leave&) { return false; }, [](const StationFault&) { return false; },
                 [](const CollectorFault&) { return false; }, [](const auto&) { return true; }},
      action);
}

Span span_of(const Scenario& scenario, const Entry& entry) {
  const Millis after = aftermath(entry.action);
  Span span = std::visit(
      Overloaded{[&](const At& at) {
                   const bool until_the_end = goes_on(entry.action) && !at.lasts;
                   return Span{at.time, until_the_end ? scenario.run_for
                                                      : at.time + at.pace.over + after +
                                                            at.lasts.value_or(Millis{0})};
                 },
                 [&](const Every& every) {
                   return Span{every.from, every.to + after + every.lasts.value_or(Millis{0})};
                 },
                 [](const During& during) {
                   return Span{during.from, during.to};
                 }},
      entry.when);
  span.to = std::min(span.to, scenario.run_for);
  return span;
}

}  // namespace pap::sim
