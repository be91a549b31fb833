// SPDX-License-Identifier: MIT
#include "papsim/run/timeline_bands.hpp"

#include <algorithm>
#include <optional>

#include "papsim/run/step_words.hpp"
#include "papsim/scenario/actions.hpp"

namespace pap::sim {

namespace {

bool ends(StepKind kind) {
  return kind == StepKind::kEnd || kind == StepKind::kStart || kind == StepKind::kThaw;
}

// The stretches of one entry while its steps are read in order.
class Stretches {
 public:
  // `length`: of what is over by itself. `met`: how many agents there are in all of them.
  Stretches(bool lasting, std::int64_t length, std::uint64_t met)
      : lasting_(lasting), length_(length), met_(met) {}

  void step(const Step& step) {
    const std::int64_t at = step.at.count();
    const std::uint64_t agents = step.count;
    if (!lasting_) return put({at, at + length_, agents});
    const std::uint64_t depth = std::max<std::uint64_t>(agents, 1);
    if (ends(step.kind)) {
      // One that begins with its end brings back who died by another entry.
      if (depth_ == 0) return put({at, at, agents});
      depth_ -= std::min(depth_, depth);
      if (depth_ == 0) close(at);
      return;
    }
    if (depth_ == 0) open_ = {at, at, 0};
    depth_ += depth;
    open_.agents += agents;
  }

  // One agent is taken out of it by what another entry does.
  void release(std::int64_t at) {
    if (depth_ > 0 && --depth_ == 0) close(at);
  }

  std::vector<Stretch> finish(std::int64_t end, std::int64_t every) {
    if (depth_ > 0) close(end);
    std::int64_t distance = every;
    std::vector<Stretch> merged = merge(distance);
    while (merged.size() > kMostStretches) merged = merge(distance *= 2);
    return merged;
  }

 private:
  void close(std::int64_t at) {
    open_.to = at;
    depth_ = 0;
    put(open_);
  }
  void put(Stretch stretch) { all_.push_back(stretch); }

  std::vector<Stretch> merge(std::int64_t distance) const {
    std::vector<Stretch> merged;
    for (const Stretch& stretch : all_) {
      if (merged.empty() || stretch.from - merged.back().to >= distance) {
        merged.push_back(stretch);
        continue;
      }
      merged.back().to = std::max(merged.back().to, stretch.to);
      merged.back().agents = std::min(merged.back().agents + stretch.agents, met_);
    }
    return merged;
  }

  const bool lasting_;
  const std::int64_t length_;
  const std::uint64_t met_;
  std::uint64_t depth_ = 0;
  Stretch open_;
  std::vector<Stretch> all_;
};

std::string whom(const Entry& entry) {
  if (std::holds_alternative<CollectorFault>(entry.action)) return "collector";
  if (std::holds_alternative<StationFault>(entry.action)) return "station";
  const bool own_link = std::holds_alternative<NetFault>(entry.action) && entry.who.sets.empty();
  return own_link ? "collector" : "agents";
}

// From a collector's end until the next one listens.
std::int64_t downtime(const Action& action) {
  const auto* fault = std::get_if<CollectorFault>(&action);
  return fault != nullptr ? fault->down.count() : 0;
}

// Which entry's freeze each process is in. Who is stopped meanwhile is not thawed.
class Freezes {
 public:
  Freezes(const Plan& plan, std::vector<Stretches>& stretches)
      : plan_(plan), stretches_(stretches), in_(plan.agents.size()) {}

  void step(const Step& step) {
    const bool begins = step.kind == StepKind::kFreeze;
    const bool breaks = step.kind == StepKind::kStop;
    if (!begins && !breaks && step.kind != StepKind::kThaw) return;
    for (const AgentNumber number : plan_.who_of(step)) {
      if (breaks && in_[number]) stretches_[*in_[number]].release(step.at.count());
      in_[number] = begins ? std::optional(step.entry) : std::nullopt;
    }
  }

 private:
  const Plan& plan_;
  std::vector<Stretches>& stretches_;
  std::vector<std::optional<std::uint32_t>> in_;
};

}  // namespace

std::vector<TimelineBand> timeline_bands(const Scenario& scenario, const Plan& plan,
                                         std::int64_t every) {
  const std::int64_t end = scenario.run_for.count();
  std::vector<bool> has_end(scenario.timeline.size());
  for (const Step& step : plan.steps) {
    if (ends(step.kind)) has_end[step.entry] = true;
  }
  std::vector<Stretches> stretches;
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    const Action& action = scenario.timeline[i].action;
    const bool lasts = has_end[i] || goes_on(action) || std::holds_alternative<Freeze>(action);
    stretches.emplace_back(lasts, downtime(action), plan.met[i].size());
  }
  Freezes freezes(plan, stretches);
  for (const Step& step : plan.steps) {
    freezes.step(step);
    stretches[step.entry].step(step);
  }

  std::vector<TimelineBand> bands;
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    const Entry& entry = scenario.timeline[i];
    TimelineBand band{entry.id,    action_words(entry.action),      whom(entry),
                      entry.place, stretches[i].finish(end, every), plan.met[i].size()};
    const auto* during = std::get_if<During>(&entry.when);
    if (during != nullptr && std::holds_alternative<SetMode>(entry.action)) {
      // Its steps say modes, and not which of them is the end.
      band.stretches = {{during->from.count(), during->to.count(), band.agents}};
    }
    bands.push_back(std::move(band));
  }
  return bands;
}

std::vector<std::int64_t> running_processes(const Plan& plan, std::int64_t every,
                                            std::int64_t end) {
  const auto points = static_cast<std::size_t>((end + every - 1) / every);
  std::vector<std::int64_t> change(points + 1);
  // The first point whose begin sees it.
  const auto point = [&](Millis at) {
    const std::int64_t after = (std::max<std::int64_t>(0, at.count()) + every - 1) / every;
    return std::min(points, static_cast<std::size_t>(after));
  };
  std::vector<bool> runs(plan.agents.size());
  std::vector<bool> frozen(plan.agents.size());
  for (AgentNumber number = 0; number < plan.agents.size(); ++number) {
    if (plan.agents[number].identity != 0) continue;  // begins by a step
    runs[number] = true;
    ++change[point(plan.agents[number].first_beat)];
  }
  for (const Step& step : plan.steps) {
    for (const AgentNumber number : plan.who_of(step)) {
      const bool before = runs[number] && !frozen[number];
      switch (step.kind) {
        case StepKind::kStop:
        case StepKind::kLeave:
          runs[number] = false;
          break;
        case StepKind::kStart:
          runs[number] = true;
          frozen[number] = false;
          break;
        case StepKind::kFreeze:
        case StepKind::kThaw:
          frozen[number] = step.kind == StepKind::kFreeze;
          break;
        case StepKind::kMode:
        case StepKind::kBegin:
        case StepKind::kEnd:
          break;
      }
      const bool after = runs[number] && !frozen[number];
      if (before != after) change[point(step.at)] += after ? 1 : -1;
    }
  }
  change.pop_back();
  for (std::size_t i = 1; i < change.size(); ++i) change[i] += change[i - 1];
  return change;
}

}  // namespace pap::sim
