// SPDX-License-Identifier: MIT
#include "papsim/run/step_words.hpp"

#include <array>

#include "papsim/scenario/actions.hpp"

namespace pap::sim {

std::string action_words(const Action& action) {
  constexpr std::array kStation{"down", "status",  "slow",  "reset",
                                "hang", "garbage", "limit", "ids"};
  constexpr std::array kCollector{
      "pause",           "suspend",          "deafness",        "restart",   "starvation",
      "wall clock step", "wall clock drift", "wall clock halt", "time step", "time drift"};
  std::string verb{verb_of(action)};
  if (const auto* station = std::get_if<StationFault>(&action)) {
    return verb + ' ' + kStation[static_cast<std::size_t>(station->kind)];
  }
  if (const auto* collector = std::get_if<CollectorFault>(&action)) {
    return verb + ' ' + kCollector[static_cast<std::size_t>(collector->kind)];
  }
  return verb;
}

std::string step_words(const Step& step, const Entry& entry, bool one) {
  switch (step.kind) {
    case StepKind::kStop:
      return one ? "its process ends" : "their processes end";
    case StepKind::kStart:
      return one ? "a new process of it begins" : "new processes of them begin";
    case StepKind::kFreeze:
      return one ? "its process stands still" : "their processes stand still";
    case StepKind::kThaw:
      return one ? "its process goes on" : "their processes go on";
    case StepKind::kLeave:
      return one ? "it leaves" : "they leave";
    case StepKind::kMode:
      return (one ? "it goes into " : "they go into ") + std::string{to_string(step.mode)};
    case StepKind::kBegin:
      return action_words(entry.action) + " begins";
    case StepKind::kEnd:
      return action_words(entry.action) + " ends";
  }
  return {};
}

}  // namespace pap::sim
