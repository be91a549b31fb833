// SPDX-License-Identifier: MIT
// Making a plan is a small run of its own: occurrences of timeline entries, and what they leave
// behind (a start after a stop, a thaw, the end of a state), in order of time, on members whose
// lives are followed (lives.hpp).

#include "papsim/scenario/plan.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/lives.hpp"
#include "papsim/scenario/permutation.hpp"
#include "papsim/scenario/picker.hpp"
#include "papsim/scenario/plan_fleet.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {
namespace {

// What comes of an occurrence at the moment of each lot of members.
enum class Then : std::uint8_t { kOccur, kAct, kStart, kThaw, kEnd };

struct Event {
  Millis at{0};
  std::uint32_t entry = 0;
  std::uint64_t number = 0;  // in the order in which events were made
  Then then = Then::kOccur;
  std::uint64_t occurrence = 0;
  Members members;

  // Of one moment, entries in file order; of one entry what ends before what happens anew, and
  // then what was made first.
  friend bool operator>(const Event& a, const Event& b) {
    return std::tuple(a.at, a.entry, a.is_new(), a.number) >
           std::tuple(b.at, b.entry, b.is_new(), b.number);
  }
  bool is_new() const { return then == Then::kOccur || then == Then::kAct; }
};

class Planner {
 public:
  Planner(const Scenario& scenario, std::uint64_t seed, std::vector<PlanError>& errors)
      : scenario_(scenario),
        errors_(errors),
        paces_(seed, "pace"),
        picker_(scenario, seed),
        plan_(start(scenario, seed)),
        lives_(scenario, plan_.agents) {}

  Plan run() {
    for (std::uint32_t i = 0; i < scenario_.timeline.size(); ++i) {
      const Entry& entry = scenario_.timeline[i];
      Millis at{0};
      if (const auto* moment = std::get_if<At>(&entry.when)) at = moment->time;
      if (const auto* every = std::get_if<Every>(&entry.when)) at = every->from;
      if (const auto* during = std::get_if<During>(&entry.when)) at = during->from;
      push({at, i, 0, Then::kOccur, 0, {}});
    }
    while (!queue_.empty()) {
      const Event event = queue_.top();
      queue_.pop();
      play(event);
    }
    for (Members& met : plan_.met) {
      std::sort(met.begin(), met.end());
      met.erase(std::unique(met.begin(), met.end()), met.end());
    }
    return std::move(plan_);
  }

 private:
  static Plan start(const Scenario& scenario, std::uint64_t seed) {
    Plan plan;
    plan.seed = seed;
    plan.agents = plan_fleet(scenario, seed);
    plan.picked.resize(scenario.timeline.size());
    plan.met.resize(scenario.timeline.size());
    return plan;
  }

  void push(Event event) {
    event.number = events_++;
    queue_.push(std::move(event));
  }

  void play(const Event& event) {
    const Entry& entry = scenario_.timeline[event.entry];
    switch (event.then) {
      case Then::kOccur:
        occur(entry, event);
        break;
      case Then::kAct:
        act(entry, event);
        break;
      case Then::kStart:
        start_again(entry, event);
        break;
      case Then::kThaw:
        thaw(event);
        break;
      case Then::kEnd:
        end(entry, event);
        break;
    }
  }

  // --- an occurrence: who, and when each of them ---

  void occur(const Entry& entry, const Event& event) {
    if (const auto* every = std::get_if<Every>(&entry.when)) {
      if (event.at + every->each <= every->to) {
        push({event.at + every->each, event.entry, 0, Then::kOccur, event.occurrence + 1, {}});
      }
    }
    if (entry.who.sets.empty()) {
      Event now = event;
      act(entry, now);
      return;
    }
    Picked found = picker_.whom(entry, {event.at, event.occurrence}, lives_, plan_);
    if (!found.why_nobody.empty()) complain(entry, event, found.why_nobody);
    if (found.members.empty()) return;
    const Members& members = found.members;
    Members& picked = plan_.picked[event.entry];
    for (const AgentNumber member : members) picked.push_back(lives_.number_of(member));
    if (std::holds_alternative<Swizzle>(entry.action)) {
      swizzle(entry, event, members);
      return;
    }
    const auto* at = std::get_if<At>(&entry.when);
    lay_out(at != nullptr ? at->pace : Pace{}, event, Then::kAct, std::move(found.members));
  }

  void complain(const Entry& entry, const Event& event, const std::string& what) {
    // One complaint an entry: the next occurrences would only repeat it.
    for (const PlanError& error : errors_) {
      if (error.entry == event.entry) return;
    }
    errors_.push_back({entry.place, event.entry,
                       "timeline." + entry.id + ": at " + to_word(event.at) + " it " + what});
  }

  // Groups the members by moment, each lot an event.
  void lay_out(const Pace& pace, const Event& event, Then then, Members members) {
    if (pace.over == Millis{0}) {
      push({event.at, event.entry, 0, then, event.occurrence, std::move(members)});
      return;
    }
    const RandomStream draws = paces_.of(scenario_.timeline[event.entry].id).of(event.occurrence);
    std::vector<std::pair<Millis, AgentNumber>> moments;
    moments.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Millis draw{static_cast<Millis::rep>(
          draws.of(members[i]).below(static_cast<std::uint64_t>(pace.over.count())))};
      moments.emplace_back(laid_out(pace, i, members.size(), draw), members[i]);
    }
    std::stable_sort(moments.begin(), moments.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < moments.size();) {
      Event lot{event.at + moments[i].first, event.entry, 0, then, event.occurrence, {}};
      const Millis moment = moments[i].first;
      for (; i < moments.size() && moments[i].first == moment; ++i) {
        lot.members.push_back(moments[i].second);
      }
      push(std::move(lot));
    }
  }

  // Half the time for stopping, half for coming back in another order.
  void swizzle(const Entry& entry, const Event& event, const Members& members) {
    const Millis half = std::get<Swizzle>(entry.action).over / 2;
    const auto n = static_cast<std::uint32_t>(members.size());
    const RandomStream orders = paces_.of(entry.id).of(event.occurrence);
    Pace pace;
    pace.over = half;
    Event second = event;
    second.at += half;
    lay_out(pace, event, Then::kAct, shuffled(members, Permutation(orders.of("stop"), n)));
    lay_out(pace, second, Then::kStart, shuffled(members, Permutation(orders.of("start"), n)));
  }

  static Members shuffled(const Members& members, Permutation order) {
    Members out;
    while (const auto i = order.next()) out.push_back(members[*i]);
    return out;
  }

  // --- at the moment of a lot ---

  void act(const Entry& entry, const Event& event) {
    std::visit([&](const auto& action) { act(action, entry, event); }, entry.action);
  }

  // Without those whom somebody else got hold of between the pick and their moment.
  Members still(const Entry& entry, const Event& event) {
    Members members = event.members;
    std::erase_if(members, [&](AgentNumber member) {
      return !lives_.can_meet(member, entry.action, event.at, false);
    });
    meet(event, members);
    return members;
  }

  void meet(const Event& event, const Members& members) {
    for (const AgentNumber member : members) {
      plan_.met[event.entry].push_back(lives_.number_of(member));
    }
  }

  void act(const Die&, const Entry& entry, const Event& event) {
    const Members members = still(entry, event);
    step(StepKind::kStop, event, members);
    for (const AgentNumber member : members) lives_.stop(member);
  }

  void act(const Leave&, const Entry& entry, const Event& event) {
    const Members members = still(entry, event);
    step(StepKind::kLeave, event, members);
    for (const AgentNumber member : members) lives_.stop(member);
  }

  void act(const Revive&, const Entry& entry, const Event& event) {
    const Members members = still(entry, event);
    for (const AgentNumber member : members) lives_.start(member, event.at, false);
    step(StepKind::kStart, event, members);
  }

  void act(const Freeze& freeze, const Entry& entry, const Event& event) {
    Members members = still(entry, event);
    step(StepKind::kFreeze, event, members);
    const Millis until = event.at + freeze.lasts;
    for (const AgentNumber member : members) lives_.freeze(member, until);
    push({until, event.entry, 0, Then::kThaw, event.occurrence, std::move(members)});
  }

  void act(const RestartAgent& restart, const Entry& entry, const Event& event) {
    Members members = still(entry, event);
    step(StepKind::kStop, event, members);
    for (const AgentNumber member : members) lives_.stop_for_a_while(member);
    push({event.at + restart.down, event.entry, 0, Then::kStart, event.occurrence,
          std::move(members)});
  }

  // Its second half stands in the queue since the occurrence.
  void act(const Swizzle&, const Entry& entry, const Event& event) {
    const Members members = still(entry, event);
    step(StepKind::kStop, event, members);
    for (const AgentNumber member : members) lives_.stop_for_a_while(member);
  }

  void act(const SetMode& mode, const Entry& entry, const Event& event) {
    Members members = still(entry, event);
    const auto until = end_of(entry, event);
    change_modes(event, members, [&] {
      if (!until) {
        for (const AgentNumber member : members) lives_.set_mode(member, mode.mode);
        return;
      }
      Members covered = members;
      std::sort(covered.begin(), covered.end());
      lives_.cover_mode(event.entry, mode.mode, std::move(covered));
    });
    if (until) {
      push({*until, event.entry, 0, Then::kEnd, event.occurrence, std::move(members)});
    }
  }

  template <class State>
  void act(const State&, const Entry& entry, const Event& event) {
    meet(event, event.members);
    step(StepKind::kBegin, event, event.members);
    if (const auto until = end_of(entry, event)) {
      push({*until, event.entry, 0, Then::kEnd, event.occurrence, event.members});
    }
  }

  void start_again(const Entry& entry, const Event& event) {
    const auto* restart = std::get_if<RestartAgent>(&entry.action);
    Members members = event.members;
    // A swizzled member that was dead when its turn to stop came does not come back either.
    std::erase_if(members, [&](AgentNumber member) { return !lives_.returning(member); });
    for (const AgentNumber member : members) {
      lives_.start(member, event.at, restart != nullptr && restart->new_identity);
    }
    step(StepKind::kStart, event, members);
  }

  void thaw(const Event& event) {
    Members members = event.members;
    std::erase_if(members, [&](AgentNumber member) { return !lives_.thaw(member, event.at); });
    step(StepKind::kThaw, event, members);
  }

  // --- states ---

  // When what begins now ends; none for what happens and is over, and for what is set for good.
  std::optional<Millis> end_of(const Entry& entry, const Event& event) const {
    if (const auto* during = std::get_if<During>(&entry.when)) return during->to;
    std::optional<Millis> lasts;
    if (const auto* at = std::get_if<At>(&entry.when)) lasts = at->lasts;
    if (const auto* every = std::get_if<Every>(&entry.when)) lasts = every->lasts;
    if (lasts) return event.at + *lasts;
    if (goes_on(entry.action)) return scenario_.run_for;
    return std::nullopt;
  }

  void end(const Entry& entry, const Event& event) {
    if (std::holds_alternative<SetMode>(entry.action)) {
      change_modes(event, event.members, [&] { lives_.uncover_mode(event.entry); });
    } else {
      step(StepKind::kEnd, event, event.members);
    }
  }

  // Steps for those whose mode `change` changes, one for each new mode.
  template <class Change>
  void change_modes(const Event& event, const Members& members, Change change) {
    std::vector<protocol::Mode> before;
    before.reserve(members.size());
    for (const AgentNumber member : members) before.push_back(lives_.mode_of(member));
    change();
    std::array<Members, protocol::kModeCount> changed;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const protocol::Mode mode = lives_.mode_of(members[i]);
      if (mode != before[i]) changed[index_of(mode)].push_back(members[i]);
    }
    for (const protocol::Mode mode : protocol::kModes) {
      step(StepKind::kMode, event, changed[index_of(mode)], mode);
    }
  }

  // --- steps ---

  void step(StepKind kind, const Event& event, const Members& members,
            protocol::Mode mode = protocol::Mode::kIdle) {
    const bool about_agents = !scenario_.timeline[event.entry].who.sets.empty();
    if (about_agents && members.empty()) return;
    Step step;
    step.at = event.at;
    step.kind = kind;
    step.mode = mode;
    step.entry = event.entry;
    step.first = static_cast<std::uint32_t>(plan_.who.size());
    step.count = static_cast<std::uint32_t>(members.size());
    for (const AgentNumber member : members) plan_.who.push_back(lives_.number_of(member));
    plan_.steps.push_back(step);
  }

  const Scenario& scenario_;
  std::vector<PlanError>& errors_;
  const RandomStream paces_;
  const Picker picker_;

  Plan plan_;
  Lives lives_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::uint64_t events_ = 0;
};

}  // namespace

bool shares_ids(const Scenario& scenario) {
  return std::any_of(scenario.fleet.begin(), scenario.fleet.end(),
                     [](const Group& group) { return group.ids_of.has_value(); });
}

std::vector<AgentNumber> processes_of(const Scenario& scenario, const Plan& plan, AgentNumber id) {
  std::vector<AgentNumber> processes{id};
  if (!shares_ids(scenario)) return processes;
  for (AgentNumber process = id + 1; process < plan.agents.size(); ++process) {
    if (plan.agents[process].same_id_as == id) processes.push_back(process);
  }
  return processes;
}

Plan make_plan(const Scenario& scenario, std::uint64_t seed, std::vector<PlanError>& errors) {
  return Planner(scenario, seed, errors).run();
}

std::vector<AgentNumber> agents_of(const Scenario& scenario, const Plan& plan,
                                   std::span<const AgentSet> sets) {
  std::vector<bool> groups(scenario.fleet.size());
  std::vector<AgentNumber> out;
  for (const AgentSet& set : sets) {
    if (set.kind == AgentSet::Kind::kGroup) {
      groups[set.index] = true;
    } else {
      const auto& met = plan.met[set.index];
      out.insert(out.end(), met.begin(), met.end());
    }
  }
  for (AgentNumber agent = 0; agent < plan.agents.size(); ++agent) {
    if (groups[plan.agents[agent].group]) out.push_back(agent);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace pap::sim
