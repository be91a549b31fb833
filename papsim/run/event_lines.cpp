// SPDX-License-Identifier: MIT
#include "papsim/run/event_lines.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>

#include "papsim/oracle/oracle.hpp"
#include "papsim/run/run_seed.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

// In the order of EventKind, and of StepKind.
constexpr std::array kEvents{"beat", "arrive", "give_up", "tick", "station_answer", "collector"};
constexpr std::array kSteps{"stop", "start", "freeze", "thaw", "leave", "mode", "begin", "end"};
static_assert(kEvents.size() == static_cast<std::size_t>(EventKind::kCollector) + 1);
static_assert(kSteps.size() == static_cast<std::size_t>(StepKind::kEnd) + 1);

std::string line_of(const World::Noted& noted) {
  const bool step = (noted.what & World::Noted::kStep) != 0;
  const std::uint64_t kind = noted.what & 0xffU;
  std::string line = std::to_string(noted.at) + ' ' + (step ? kSteps[kind] : kEvents[kind]);
  if (!step) line += ' ' + std::to_string(noted.what >> 8U);
  char digest[19];
  std::snprintf(digest, sizeof digest, " %016" PRIx64 "\n", noted.digest);
  return line + digest;
}

}  // namespace

void run_for_events(const Scenario& as_given, const Plan& plan,
                    const std::function<void(std::string_view line)>& line) {
  Scenario scenario = as_given;
  scenario.settle = settle_time(scenario);
  Oracle oracle(scenario, plan);
  const auto world = std::make_unique<World>(scenario, plan, oracle);
  oracle.know(world->identities());
  world->on_noted([&line](const World::Noted& noted) { line(line_of(noted)); });
  world->run();
}

}  // namespace pap::sim
