// SPDX-License-Identifier: MIT
#include "papsim/capacity/capacity_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "papsim/capacity/search.hpp"
#include "papsim/scenario/vocabulary.hpp"

namespace pap::sim {

namespace {

using std::chrono::milliseconds;

// A fleet in EMERGENCY: each beats every 5 s.
constexpr double kEmergencyRate = 0.2;
const ModeMix kEmergencyMix{"EMERGENCY: 100%", 5'000, kEmergencyRate};
constexpr std::uint32_t kFirstProof = 5'000;   // agents: a thousand beats a second
constexpr std::uint32_t kMostProof = 640'000;  // … and 128 000
// What a search takes beyond what is known of it.
constexpr int kTrialsOfASearch = 6;

constexpr std::array kInOrder{Incident::kEmergency, Incident::kTenthDies, Incident::kStationDown,
                              Incident::kRestart};

// How many times as much it might hold, by what it used of its CPU.
double room_of(const TrialResult& result) {
  constexpr double kCautious = 0.9;
  const double used = std::max(result.cpu_percent.value_or(kMostCpuPercent), 0.1);
  return kCautious * kMostCpuPercent / used;
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kGenerator:
      return "generator";
    case Phase::kSearch:
      return "search";
    case Phase::kConfirmation:
      return "confirmation";
    case Phase::kIncident:
      return "incident";
  }
  return "";
}

CapacityRun::CapacityRun(CapacityWish wish, World world)
    : wish_(std::move(wish)), world_(std::move(world)), begun_(world_.now()) {}

CapacityFound CapacityRun::run() {
  prove_generator();
  if (!over()) search();
  if (!wish_.quick && !over()) confirm();
  found_.agents = found_.held;
  if (wish_.quick) {
    found_.not_tested.emplace_back("confirmations, and every incident (--quick)");
  } else {
    for (const Incident incident : kInOrder) {
      if (!over() && found_.held > 0) go_through(incident);
    }
  }
  found_.whole = !world_.stop();
  found_.beats_a_second = found_.agents * wish_.mix.beats_a_second;
  return std::move(found_);
}

// --- the generator ---

void CapacityRun::prove_generator() {
  Search search(kFirstProof, kMostProof, kProofWidth);
  while (const auto agents = search.next()) {
    if (world_.stop()) return;
    TrialWish wish = wish_for(*agents);
    wish.mix = kEmergencyMix;
    wish.proof = true;
    world_.begins(Phase::kGenerator, wish, left());
    TrialResult result = world_.generator_trial(wish);
    const bool on_time = result.outcome == TrialOutcome::kHeld;
    if (on_time) {
      found_.generator = {result.rate, result.own_cpu_us_per_beat};
      search.held(*agents);
    } else {
      search.failed(*agents);
    }
    found_.trials.push_back({Phase::kGenerator, std::move(result)});
    world_.ended(found_.trials.back());
  }
  const double most =
      found_.generator.ceiling_per_second / kGeneratorMargin / wish_.mix.beats_a_second;
  most_ = static_cast<std::uint32_t>(std::min(most, static_cast<double>(kMostAgents)));
  if (most_ == 0) found_.limited_by = "the generator: it is never on time on this machine";
}

// --- calm ---

void CapacityRun::search() {
  Search search(wish_.start, most_, kSearchWidth);
  std::string why;
  while (const auto agents = search.next()) {
    if (over() || most_ == 0) break;
    const TrialResult result = attempt(Phase::kSearch, wish_for(*agents));
    if (result.outcome == TrialOutcome::kHeld) {
      search.held(*agents, room_of(result));
    } else {
      if (!search.least_failed() || *agents < *search.least_failed()) why = result.why;
      search.failed(*agents);
    }
  }
  found_.held = search.most_held();
  found_.failed = search.least_failed();
  if (found_.failed) {
    found_.limited_by = why;
  } else if (found_.held >= most_ && most_ > 0) {
    found_.limited_by = "the generator: twice this is its ceiling on this machine";
  }
}

void CapacityRun::confirm() {
  for (int step = 0; step <= kMostStepsBack && found_.held > 0; ++step) {
    int good = 0;
    while (good < kConfirmations && !over()) {
      TrialWish wish = wish_for(found_.held);
      wish.is_long = true;
      const TrialResult result = attempt(Phase::kConfirmation, wish);
      if (result.outcome != TrialOutcome::kHeld) {
        found_.limited_by = result.why;
        break;
      }
      ++good;
    }
    if (good == kConfirmations) return;
    if (over()) {
      found_.not_tested.push_back("whether it holds again: it was stopped after " +
                                  std::to_string(good) + " of " + std::to_string(kConfirmations) +
                                  " confirmations");
      return;
    }
    found_.failed = found_.held;
    found_.held = static_cast<std::uint32_t>(std::lround(found_.held / (1 + kSearchWidth)));
  }
  // What was never confirmed is no capacity.
  found_.held = 0;
}

// --- incidents ---

void CapacityRun::go_through(Incident incident) {
  IncidentFound found;
  found.incident = incident;
  if (incident == Incident::kRestart && !wish_.may_restart) {
    found.not_tested = "only a collector that papsim started can be restarted (--spawn)";
    found_.incidents.push_back(std::move(found));
    return;
  }
  // With all that is held so far; where that fails, the most with which it does not.
  std::uint32_t first = found_.agents;
  if (incident == Incident::kEmergency) {
    // Six times the load of IDLE: the rate is what must be borne, by both sides.
    const double most = found_.generator.ceiling_per_second / kGeneratorMargin / kEmergencyRate;
    first = std::min(first, static_cast<std::uint32_t>(most));
  }
  Search search(first, first, kIncidentWidth);
  while (const auto agents = search.next()) {
    if (over()) break;
    const TrialResult result = attempt(Phase::kIncident, wish_for(*agents, incident));
    if (result.outcome == TrialOutcome::kHeld) {
      search.held(*agents);
    } else {
      search.failed(*agents);
    }
  }
  found.agents = search.most_held();
  found.by_generator = first < found_.agents && found.agents == first;
  if (over() && found.agents == 0) {
    found.not_tested = "it was stopped before";
  } else if (found.agents < found_.agents) {
    found_.agents = found.agents;
    found_.limited_by =
        "the incident \"" + std::string{to_string(incident)} +
        (found.by_generator ? "\", in which the generator can be no more on this machine" : "\"");
  }
  found_.incidents.push_back(std::move(found));
}

// --- trials ---

TrialResult CapacityRun::attempt(Phase phase, const TrialWish& wish) {
  TrialResult result;
  for (int i = 0; i <= kInvalidAgain; ++i) {
    world_.begins(phase, wish, left());
    result = world_.trial(wish);
    found_.trials.push_back({phase, result});
    world_.ended(found_.trials.back());
    if (result.outcome != TrialOutcome::kInvalid || world_.stop()) break;
  }
  return result;
}

TrialWish CapacityRun::wish_for(std::uint32_t agents, Incident incident) const {
  TrialWish wish;
  wish.agents = agents;
  wish.incident = incident;
  wish.mix = wish_.mix;
  wish.quick = wish_.quick;
  return wish;
}

bool CapacityRun::over() const {
  if (world_.stop()) return true;
  return wish_.quick && world_.now() - begun_ > wish_.quick_lasts;
}

// By what is known of what is to come; a search may find sooner, or fail and go on.
std::chrono::milliseconds CapacityRun::left() const {
  if (wish_.quick) return std::max(milliseconds{0}, wish_.quick_lasts - (world_.now() - begun_));
  WorldTime time = 0;
  std::array<int, 4> done{};
  for (const PhasedTrial& each : found_.trials) ++done[static_cast<std::size_t>(each.phase)];
  const auto lasts = [&](Incident incident, bool is_long) {
    TrialWish wish = wish_for(1, incident);
    wish.is_long = is_long;
    return story_of(wish).lasts;
  };
  const auto rest = [&](Phase phase, int count) {
    return std::max(1, count - done[static_cast<std::size_t>(phase)]);
  };
  if (done[static_cast<std::size_t>(Phase::kConfirmation)] == 0 && found_.incidents.empty()) {
    time += rest(Phase::kSearch, kTrialsOfASearch) * lasts(Incident::kNone, false);
  }
  if (found_.incidents.empty()) {
    time += rest(Phase::kConfirmation, kConfirmations) * lasts(Incident::kNone, true);
  }
  for (std::size_t i = found_.incidents.size(); i < kInOrder.size(); ++i) {
    time += lasts(kInOrder[i], false);
  }
  return milliseconds(time);
}

}  // namespace pap::sim
