// SPDX-License-Identifier: MIT
#include "papsim/run/record_run.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "papsim/scenario/bounds.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/world/world.hpp"

namespace pap::sim {

namespace {

// Of a long run a lane shows this much before and after what it is there for.
constexpr WorldTime kIntervalsBefore = 6;
constexpr WorldTime kIntervalsAfter = 4;
constexpr WorldTime kLeastBefore = 300'000;
constexpr WorldTime kLeastAfter = 120'000;

// Beyond 2I of its mode, by which deaths of all modes compare.
std::int64_t lateness(const DeathSeen& death) {
  return death.silence - 2 * protocol::interval_of(death.mode).count();
}

class Wishes {
 public:
  Wishes(const Scenario& scenario, const Plan& plan)
      : plan_(plan), end_((scenario.run_for + scenario.settle).count()) {}

  std::size_t size() const { return out_.lanes.size(); }

  LaneWishes take() {
    share_a_part();
    return std::move(out_);
  }

  // There may be no room for it.
  void add(AgentNumber agent, WorldTime moment, protocol::Mode mode, const std::string& why) {
    if (agent >= plan_.agents.size()) return;
    const AgentNumber id = plan_.agents[agent].same_id_as;
    if (!ids_.insert(id).second) return;
    if (size() >= kMostLanes) {
      ++out_.left_out;
      return;
    }
    LaneWish wish{id, why, 0, end_};
    if (end_ > kWholeLane) {
      const WorldTime interval = protocol::interval_of(mode).count();
      const WorldTime before = std::max(kLeastBefore, kIntervalsBefore * interval);
      const WorldTime after = std::max(kLeastAfter, kIntervalsAfter * interval);
      wish.from = std::max<WorldTime>(0, moment - before);
      wish.to = std::min(end_, moment + after);
    }
    out_.lanes.push_back(std::move(wish));
  }

 private:
  // One axis for all of them compares better than one for each, while a beat can be told from the
  // next one.
  void share_a_part() {
    WorldTime from = end_;
    WorldTime to = 0;
    for (const LaneWish& wish : out_.lanes) {
      from = std::min(from, wish.from);
      to = std::max(to, wish.to);
    }
    if (to - from > kWholeLane) return;
    for (LaneWish& wish : out_.lanes) {
      wish.from = from;
      wish.to = to;
    }
  }

  const Plan& plan_;
  const WorldTime end_;
  std::set<AgentNumber> ids_;
  LaneWishes out_;
};

// A canary fails by design, and is as interesting as what fails by mistake.
bool is_named(const Check& check) {
  return check.verdict == Verdict::kFailed || check.rule == "fails";
}

// … and says by which rule it was caught: "S9: …".
std::string rule_of(const Check& check) {
  return check.rule == "fails" ? check.value.substr(0, check.value.find(':')) : check.rule;
}

void add_named(const std::vector<Check>& checks, const Oracle& oracle, const Plan& plan,
               Wishes& wishes) {
  const auto add = [&](AgentNumber agent, std::optional<WorldTime> at, std::string_view rule) {
    if (agent >= plan.agents.size()) return;
    protocol::Mode mode = plan.agents[agent].mode;
    WorldTime moment = at.value_or(0);
    for (const DeathSeen& death : oracle.deaths()) {
      if (death.agent != agent) continue;
      mode = death.mode;
      if (!at) moment = death.at;
    }
    wishes.add(agent, moment, mode, "named by " + std::string{rule});
  };
  // A check names the first that broke its rule; the oracle knows some more.
  for (const Check& check : checks) {
    if (!is_named(check)) continue;
    for (const AgentNumber agent : check.agents) add(agent, check.at, rule_of(check));
  }
  for (const Violation& violation : oracle.violations()) {
    add(violation.number, violation.at, kRules[static_cast<std::size_t>(violation.rule)].name);
  }
}

void add_latest(std::vector<DeathSeen> deaths, Wishes& wishes) {
  // An agent may have died more than once.
  const auto some = std::min(deaths.size(), 4 * kUsualLanes);
  std::partial_sort(deaths.begin(), deaths.begin() + static_cast<std::ptrdiff_t>(some),
                    deaths.end(), [](const DeathSeen& a, const DeathSeen& b) {
                      return std::tuple(!a.living, -lateness(a), a.at, a.agent) <
                             std::tuple(!b.living, -lateness(b), b.at, b.agent);
                    });
  deaths.resize(some);
  for (const DeathSeen& death : deaths) {
    if (wishes.size() >= kUsualLanes) return;
    wishes.add(death.agent, death.at, death.mode,
               (death.living ? "decided dead, and alive, after " : "decided dead after ") +
                   clock_word(Millis{death.silence}));
  }
}

void add_told(const Oracle& oracle, const Plan& plan, Wishes& wishes) {
  for (const Decision& decision : oracle.decisions()) {
    if (wishes.size() >= kUsualLanes) return;
    const char* what = nullptr;
    if (decision.what == Decision::What::kToldEmergency) what = "told in EMERGENCY";
    if (decision.what == Decision::What::kToldRestart) what = "told restarted";
    if (what == nullptr) continue;
    wishes.add(decision.agent, decision.at, plan.agents[decision.agent].mode, what);
  }
}

void add_met(const Scenario& scenario, const Plan& plan, Wishes& wishes) {
  for (const Step& step : plan.steps) {
    for (const AgentNumber agent : plan.who_of(step)) {
      if (wishes.size() >= kUsualLanes) return;
      wishes.add(agent, step.at.count(), plan.agents[agent].mode,
                 "met by " + scenario.timeline[step.entry].id);
    }
  }
}

// Dots that lie in one cell of a grid become one; the grid grows coarser until there are few.
std::vector<LagDot> thinned(const std::vector<LagDot>& all, std::int64_t end, const Lags& lags) {
  if (all.size() <= kMostDots) return all;
  std::int64_t columns = 3'200;
  std::int64_t rows = 40;
  while (true) {
    const std::int64_t width = std::max<std::int64_t>(1, end / columns);
    const std::int64_t height = std::max<std::int64_t>(1, (lags.most - lags.least) / rows);
    using Cell = std::tuple<LagDot::Kind, std::int64_t, std::int64_t>;
    std::map<Cell, LagDot> cells;
    for (const LagDot& dot : all) {
      const Cell cell{dot.kind, dot.at / width, (dot.silence - lags.least) / height};
      const auto [sum, is_first] = cells.try_emplace(cell, dot);
      if (is_first) continue;
      sum->second.at += dot.at;
      sum->second.silence += dot.silence;
      ++sum->second.count;
    }
    if (cells.size() <= kMostDots || columns == 1) {
      std::vector<LagDot> few;
      for (auto& [cell, dot] : cells) {
        dot.at /= static_cast<std::int64_t>(dot.count);
        dot.silence /= static_cast<std::int64_t>(dot.count);
        few.push_back(dot);
      }
      return few;
    }
    columns = std::max<std::int64_t>(1, columns / 2);
    rows = std::max<std::int64_t>(1, rows / 2);
  }
}

Lags lags_of_mode(const Scenario& scenario, protocol::Mode mode, std::vector<LagDot> dots,
                  std::int64_t end) {
  Lags lags;
  lags.mode = mode;
  lags.earliest = 2 * protocol::interval_of(mode).count();
  lags.latest = lags.earliest + slack_of(scenario, mode).count();
  lags.count = dots.size();
  std::vector<std::int64_t> silences;
  for (LagDot& dot : dots) {
    const bool inside = dot.silence >= lags.earliest && dot.silence <= lags.latest;
    if (!inside) ++lags.outside;
    if (dot.kind == LagDot::Kind::kLiving) {
      ++lags.living;
    } else if (!inside) {
      dot.kind = LagDot::Kind::kOutside;
    }
    silences.push_back(dot.silence);
  }
  std::sort(silences.begin(), silences.end());
  lags.least = silences.front();
  lags.median = silences[(silences.size() - 1) / 2];
  lags.p99 = silences[(silences.size() * 99 + 99) / 100 - 1];
  lags.most = silences.back();
  lags.dots = thinned(dots, end, lags);
  return lags;
}

}  // namespace

LaneWishes worst_agents(const Scenario& scenario, const Plan& plan, const Oracle& oracle,
                        const std::vector<Check>& checks) {
  Wishes wishes(scenario, plan);
  add_named(checks, oracle, plan, wishes);
  if (wishes.size() == 0) add_latest(oracle.deaths(), wishes);
  add_told(oracle, plan, wishes);
  add_met(scenario, plan, wishes);
  return wishes.take();
}

std::vector<Lags> lags_of(const Scenario& scenario, const std::vector<DeathSeen>& deaths,
                          std::int64_t end) {
  std::vector<Lags> all;
  for (const protocol::Mode mode : protocol::kModes) {
    std::vector<LagDot> dots;
    for (const DeathSeen& death : deaths) {
      if (death.mode != mode) continue;
      const auto kind = death.living ? LagDot::Kind::kLiving : LagDot::Kind::kInside;
      dots.push_back({death.at, death.silence, 1, kind});
    }
    if (!dots.empty()) all.push_back(lags_of_mode(scenario, mode, std::move(dots), end));
  }
  return all;
}

std::optional<Recording> record_run(const Scenario& scenario, const Plan& plan,
                                    const Oracle& oracle, const std::vector<Check>& checks,
                                    const std::function<bool()>& stop) {
  Recorder recorder(scenario, plan, worst_agents(scenario, plan, oracle, checks));
  const auto world = std::make_unique<World>(scenario, plan, recorder);
  recorder.watch(*world);
  for (const Check& check : checks) {
    if (check.at) recorder.happens(*check.at);
  }
  world->run(stop);
  if (stop()) return std::nullopt;
  Recording recording = recorder.take();
  recording.lags = lags_of(scenario, oracle.deaths(), recording.end);
  return recording;
}

}  // namespace pap::sim
