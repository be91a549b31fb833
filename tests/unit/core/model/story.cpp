// SPDX-License-Identifier: MIT
#include "unit/core/model/story.hpp"

#include <array>
#include <chrono>

#include "pap/core/random.hpp"

namespace pap::test {

using namespace std::chrono_literals;
using core::Nanos;
using protocol::Mode;

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T, std::size_t n>
  T one_of(const std::array<T, n>& choices) {
    return choices[below(n)];
  }
  Nanos between(Nanos least, Nanos most) { return least + random_.up_to(most - least); }
  // Odd lengths of every order of magnitude.
  Nanos any_up_to(Nanos longest) {
    Nanos most = longest;
    for (std::size_t halvings = below(8); halvings > 0; --halvings) most /= 2;
    return between(1ns, most);
  }

 private:
  core::Random random_;
};

// What can happen in one story at all; few kinds together show more than all at once.
struct Kinds {
  std::array<Mode, 4> modes;
  std::size_t stalls;  // of a hundred acts
  std::size_t crowds;  // likewise: not everybody is let in
  bool restarts;
  bool delays;
  bool removals;
  bool wall_steps;
  bool drains;
  Mood mood;
  Nanos longest_wait;
};

Kinds draw_kinds(Dice& dice) {
  static constexpr std::array<std::array<Mode, 4>, 6> kMixes{{
      {Mode::kEmergency, Mode::kEmergency, Mode::kEmergency, Mode::kEmergency},
      {Mode::kIdle, Mode::kIdle, Mode::kIdle, Mode::kIdle},
      {Mode::kEmergency, Mode::kIdle, Mode::kEmergency, Mode::kIdle},
      {Mode::kEmergency, Mode::kIdle, Mode::kEmergency, Mode::kIdle},
      {Mode::kEmergency, Mode::kIdle, Mode::kIdle, Mode::kSleep},
      {Mode::kEmergency, Mode::kSleep, Mode::kSleep, Mode::kSleep},
  }};
  Kinds kinds{};
  kinds.modes = dice.one_of(kMixes);
  kinds.stalls = dice.one_of(std::array<std::size_t, 4>{0, 0, 10, 30});
  kinds.crowds = dice.one_of(std::array<std::size_t, 4>{0, 0, 10, 30});
  kinds.restarts = dice.one_in(2);
  kinds.delays = dice.one_in(4);
  kinds.removals = dice.one_in(3);
  kinds.wall_steps = dice.one_in(4);
  kinds.drains = dice.one_in(20);
  kinds.mood = static_cast<Mood>(dice.below(kMoods));
  kinds.longest_wait = dice.one_of(std::array<Nanos, 5>{12s, 20s, 70s, 150s, 400s});
  return kinds;
}

core::CollectorSettings draw_settings(Dice& dice) {
  core::CollectorSettings settings;
  settings.cluster = {"c1", "Cluster One"};
  settings.start_id = "start";
  settings.seed = dice.below(1U << 30U);
  settings.check_interval = dice.one_of(std::array<Nanos, 3>{100ms, 1s, 10s});
  settings.alert_queue_max_size = dice.one_of(std::array<std::size_t, 5>{1, 2, 3, 100, 100});
  settings.alert_queue_ttl = dice.one_of(std::array<Nanos, 4>{7s, 20s, 60s, 300s});
  settings.agent_retention = dice.one_of(std::array<Nanos, 4>{0s, 30s, 200s, 168h});
  settings.max_agents = dice.one_of(std::array<std::size_t, 4>{2, 3, 1000, 1000});
  settings.has_station = !dice.one_in(15);
  return settings;
}

Act draw_beat(Dice& dice, const Kinds& kinds, std::size_t agents) {
  Act act;
  act.kind = Act::Kind::kBeat;
  act.agent = dice.below(agents);
  act.mode = dice.one_of(kinds.modes);
  if (kinds.restarts && dice.one_in(4)) act.new_process = dice.any_up_to(20s);
  if (kinds.delays && dice.one_in(4)) act.delay = dice.any_up_to(30s);
  act.renames = dice.one_in(10);
  return act;
}

Act draw_wait(Dice& dice, const Kinds& kinds) {
  Act act;
  act.kind = Act::Kind::kWait;
  const bool sleeps = kinds.modes[3] == Mode::kSleep;
  act.span = sleeps && dice.one_in(8) ? dice.any_up_to(40min) : dice.any_up_to(kinds.longest_wait);
  return act;
}

Act draw_stall(Dice& dice) {
  static constexpr std::array<Nanos, 6> kBoundaries{2s, 2s + 1ns, 5s - 1ns, 5s, 5s + 1ns, 61s};
  Act act;
  act.kind = Act::Kind::kStall;
  act.span = dice.one_in(4) ? dice.one_of(kBoundaries) : dice.between(1s, 10s);
  if (dice.one_in(4)) act.span = dice.any_up_to(200s);
  act.catches_up = !dice.one_in(4);
  return act;
}

Act draw_crowd(Dice& dice) {
  static constexpr std::array<Act::Kind, 3> kHears{Act::Kind::kHearsNobody, Act::Kind::kHearsSome,
                                                   Act::Kind::kHearsAll};
  static constexpr std::array<Nanos, 4> kBoundaries{0s, 5s - 1ns, 5s, 5s + 1ns};
  Act act;
  act.kind = dice.one_of(kHears);
  act.span = dice.one_in(2) ? dice.one_of(kBoundaries) : dice.any_up_to(200s);
  return act;
}

Act draw_act(Dice& dice, const Kinds& kinds, std::size_t agents) {
  const std::size_t roll = dice.below(100);
  Act act;
  if (roll < kinds.stalls) return draw_stall(dice);
  if (dice.below(100) < kinds.crowds) return draw_crowd(dice);
  if (roll < 55) return draw_beat(dice, kinds, agents);
  if (roll < 85) return draw_wait(dice, kinds);
  if (roll < 93) {
    act.kind = Act::Kind::kStation;
    act.mood = dice.one_in(3) ? Mood::kStores : kinds.mood;
    if (dice.one_in(5)) act.mood = static_cast<Mood>(dice.below(kMoods));
    return act;
  }
  if (roll < 97 && kinds.removals) {
    act.kind = Act::Kind::kRemove;
    act.agent = dice.below(agents);
    return act;
  }
  if (roll == 98 && kinds.wall_steps) {
    act.kind = Act::Kind::kStepWall;
    act.span = dice.between(-2h, 2h);
    return act;
  }
  if (roll == 99 && kinds.drains) {
    act.kind = Act::Kind::kDrain;
    return act;
  }
  return draw_beat(dice, kinds, agents);
}

std::string text_of(Nanos span) { return std::to_string(span.count()) + "ns"; }

}  // namespace

Story draw_story(std::uint64_t seed) {
  Dice dice{seed * 0x9e3779b97f4a7c15U + 1};
  Story story;
  story.seed = seed;
  story.settings = draw_settings(dice);
  story.agents = 1 + dice.below(5);
  const Kinds kinds = draw_kinds(dice);
  const std::size_t acts = 5 + dice.below(60);
  while (story.acts.size() < acts) story.acts.push_back(draw_act(dice, kinds, story.agents));
  return story;
}

std::string id_of(std::size_t agent) {
  const auto digit = static_cast<char>('0' + agent);
  if (agent % 2 == 1) return std::string{"agent-"} + digit;
  return std::string{"550e8400-e29b-41d4-a716-44665544000"} + digit;
}

std::string_view to_string(Mood mood) {
  static constexpr std::array<std::string_view, kMoods> kNames{"stores",
                                                               "stores slowly",
                                                               "refuses (400)",
                                                               "errors (500)",
                                                               "no connection",
                                                               "hangs",
                                                               "limits (429)",
                                                               "limits (429, Retry-After)",
                                                               "busy (503, Retry-After)",
                                                               "misdirected (401)",
                                                               "mixed"};
  return kNames[static_cast<std::size_t>(mood)];
}

std::string Act::to_text() const {
  switch (kind) {
    case Kind::kBeat: {
      std::string text = "beat " + id_of(agent) + ' ' + std::string{protocol::to_string(mode)};
      if (new_process) text += ", a process of " + text_of(*new_process);
      if (delay > Nanos{0}) text += ", left " + text_of(delay) + " ago";
      if (renames) text += ", renamed";
      return text;
    }
    case Kind::kWait:
      return "wait " + text_of(span);
    case Kind::kStall:
      return "stall " + text_of(span) + (catches_up ? "" : ", and never say caught up");
    case Kind::kHearsNobody:
      return "hear nobody, since " + text_of(span);
    case Kind::kHearsSome:
      return "hear some, since " + text_of(span);
    case Kind::kHearsAll:
      return "hear all again, after " + text_of(span);
    case Kind::kStation:
      return "station " + std::string{to_string(mood)};
    case Kind::kRemove:
      return "remove " + id_of(agent);
    case Kind::kStepWall:
      return "step the wall clock by " + text_of(span);
    case Kind::kDrain:
      return "drain";
  }
  return {};
}

std::string Story::to_text() const {
  std::string text =
      "seed " + std::to_string(seed) + ", " + std::to_string(agents) + " agents, check " +
      text_of(settings.check_interval) + ", queue " +
      std::to_string(settings.alert_queue_max_size) + ", ttl " + text_of(settings.alert_queue_ttl) +
      ", retention " + text_of(settings.agent_retention) + ", max agents " +
      std::to_string(settings.max_agents) + (settings.has_station ? "" : ", no station") + '\n';
  for (const Act& act : acts) text += "  " + act.to_text() + '\n';
  return text;
}

}  // namespace pap::test
