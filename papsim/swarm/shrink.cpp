// SPDX-License-Identifier: MIT
#include "papsim/swarm/shrink.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "papsim/run/run_seed.hpp"
#include "papsim/scenario/expand.hpp"
#include "papsim/scenario/scenario_file.hpp"
#include "papsim/swarm/take_out.hpp"

namespace pap::sim {

namespace {

using namespace std::chrono_literals;

struct Failed {
  std::string rule;
  Failure failure;  // of an expectation; nothing where the rule says it all

  bool is_expectation() const { return !failure.what.empty(); }
  bool is_like(const Failed& other) const {
    return rule == other.rule && failure.what == other.failure.what &&
           failure.beyond <= other.failure.beyond;
  }
};
using Failures = std::vector<Failed>;

bool has_like(const Failures& failures, const Failed& failed) {
  return std::any_of(failures.begin(), failures.end(),
                     [&](const Failed& each) { return failed.is_like(each); });
}

// What failed, in the report's order; none where the run was stopped.
std::optional<Failures> run_to_fail(const Scenario& scenario, std::uint64_t seed,
                                    const std::function<bool()>& stop) {
  RunProgress progress;
  progress.stories = false;
  progress.ends = stop;
  const SeedResult result = run_seed(scenario, seed, progress);
  if (result.interrupted) return std::nullopt;
  Failures failures;
  for (const Check& check : result.checks) {
    if (check.verdict != Verdict::kFailed) continue;
    for (const Failure& failure : check.failures) failures.push_back({check.rule, failure});
    if (check.failures.empty()) failures.push_back({check.rule, {}});
  }
  return failures;
}

// An expectation that held before, or failed otherwise, would be another story, of the change.
bool fail_alike(const Failures& now, const Failures& before) {
  const bool same = std::any_of(now.begin(), now.end(),
                                [&](const Failed& each) { return each.is_like(before.front()); });
  return same && std::all_of(now.begin(), now.end(), [&](const Failed& each) {
           return !each.is_expectation() || has_like(before, each);
         });
}

// With the seed as its own, so that it fails by itself; a file holds no other ones than these.
void take_as_own(Scenario& scenario, std::uint64_t seed) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (seed >= 1 && seed <= kMost) scenario.ci = scenario.nightly = {seed, seed};
}

// --- making it shorter ---

Millis begin_of(const When& when) {
  if (const auto* at = std::get_if<At>(&when)) return at->time;
  if (const auto* every = std::get_if<Every>(&when)) return every->from;
  return std::get<During>(when).from;
}

void end_at(Scenario& scenario, Millis end) {
  take_out_entries(scenario, [&](const Entry& entry) { return begin_of(entry.when) >= end; });
  for (Entry& entry : scenario.timeline) {
    if (auto* during = std::get_if<During>(&entry.when)) during->to = std::min(during->to, end);
    if (auto* every = std::get_if<Every>(&entry.when)) {
      every->to = std::min(every->to, end - Millis{1});
    }
    if (auto* at = std::get_if<At>(&entry.when)) {
      at->pace.over = std::min(at->pace.over, end - at->time - Millis{1});
    }
  }
  scenario.run_for = end;
}

Millis half(Millis time) {
  const Millis halved = time / 2;
  return halved > 2s ? std::chrono::floor<std::chrono::seconds>(halved) : halved;
}

// --- what may be tried ---

using Change = std::function<void(Scenario&)>;

void halve_lasting(Entry& entry) {
  if (auto* during = std::get_if<During>(&entry.when)) {
    during->to = during->from + std::max(half(during->to - during->from), Millis{1});
  } else if (auto* at = std::get_if<At>(&entry.when); at != nullptr && at->lasts) {
    at->lasts = std::max(half(*at->lasts), Millis{1});
  } else if (auto* restart = std::get_if<RestartAgent>(&entry.action)) {
    restart->down = half(restart->down);
  } else if (auto* freeze = std::get_if<Freeze>(&entry.action)) {
    freeze->lasts = std::max(half(freeze->lasts), Millis{1});
  } else if (auto* fault = std::get_if<CollectorFault>(&entry.action)) {
    fault->down = half(fault->down);
  }
}

void happen_once(Entry& entry) {
  if (const auto* every = std::get_if<Every>(&entry.when)) {
    At at;
    at.time = every->from;
    at.lasts = every->lasts;
    entry.when = at;
  } else if (auto* at = std::get_if<At>(&entry.when)) {
    at->pace = {};
  }
}

void at_whole_seconds(Entry& entry) {
  const auto round = [](Millis time) {
    return std::max<Millis>(std::chrono::floor<std::chrono::seconds>(time), 1s);
  };
  if (auto* at = std::get_if<At>(&entry.when)) at->time = round(at->time);
  if (auto* during = std::get_if<During>(&entry.when)) {
    const Millis from = round(during->from);
    const Millis to = std::max(round(during->to), from + 1s);
    // Or what was halved to less than a second would be made longer, halved, and so on for ever.
    if (to - from <= during->to - during->from) *during = {from, to};
  }
}

void add_entry_changes(const Scenario& scenario, std::vector<Change>& changes) {
  for (std::size_t i = scenario.timeline.size(); i-- > 0;) {
    changes.push_back([i](Scenario& s) { take_out_entry(s, i); });
  }
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    changes.push_back([i](Scenario& s) { happen_once(s.timeline[i]); });
    changes.push_back([i](Scenario& s) { s.timeline[i].who.pick.reset(); });
    changes.push_back([i](Scenario& s) {
      if (s.timeline[i].who.pick) s.timeline[i].who.pick = Pick{1U, {}, PickOrder::kId};
    });
    changes.push_back([i](Scenario& s) { halve_lasting(s.timeline[i]); });
    changes.push_back([i](Scenario& s) { at_whole_seconds(s.timeline[i]); });
  }
}

// What holds is not what the failure is about, and would keep the rest as it is.
void add_expectation_changes(const Scenario& scenario, std::vector<Change>& changes) {
  const auto take_out_each = [&](auto member) {
    for (std::size_t i = (scenario.expect.*member).size(); i-- > 0;) {
      changes.push_back([member, i](Scenario& s) {
        auto& all = s.expect.*member;
        if (i < all.size()) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
  };
  take_out_each(&Expect::thresholds);
  take_out_each(&Expect::detection);
  take_out_each(&Expect::reach);
  take_out_each(&Expect::alerts);
}

void add_fleet_changes(const Scenario& scenario, std::vector<Change>& changes) {
  for (std::size_t i = scenario.fleet.size(); i-- > 0 && scenario.fleet.size() > 1;) {
    changes.push_back([i](Scenario& s) { take_out_group(s, i); });
  }
  for (std::size_t i = 0; i < scenario.fleet.size(); ++i) {
    const auto set = [&](auto change) {
      changes.push_back([i, change](Scenario& s) { change(s.fleet[i]); });
    };
    set([](Group& group) { group.count = 1; });
    set([](Group& group) { group.count = (group.count + 1) / 2; });
    set([](Group& group) { group.count -= group.count > 1 ? 1 : 0; });
    set([](Group& group) { group.ids_of.reset(), group.id = group.name + "-{i}"; });
    set([](Group& group) { group.jitter = 0; });
    set([](Group& group) { group.phase = PhaseKind::kSpread; });
    set([](Group& group) { group.join_from = 0ms, group.join = {}; });
    set([](Group& group) { group.uptime_from = group.uptime_to = 1h; });
    set([](Group& group) { group.retry = Retry::kReal; });
  }
}

void add_setting_changes(std::vector<Change>& changes) {
  const auto back_to_default = [&](auto member) {
    changes.push_back([member](Scenario& s) { s.collector.*member = CollectorConfig{}.*member; });
  };
  back_to_default(&CollectorConfig::zombie_check_interval);
  back_to_default(&CollectorConfig::alert_queue_max_size);
  back_to_default(&CollectorConfig::alert_queue_ttl);
  back_to_default(&CollectorConfig::agent_retention);
  back_to_default(&CollectorConfig::max_agents);
  back_to_default(&CollectorConfig::drain);
  back_to_default(&CollectorConfig::shutdown_grace);
  back_to_default(&CollectorConfig::has_station);
  back_to_default(&CollectorConfig::slice);
}

// The biggest steps first.
std::vector<Change> changes_of(const Scenario& scenario) {
  std::vector<Change> changes;
  changes.push_back([](Scenario& s) { end_at(s, std::max<Millis>(half(s.run_for), 1s)); });
  changes.push_back(
      [](Scenario& s) { end_at(s, std::max<Millis>(s.run_for * 9 / 10 / 1s * 1s, 1s)); });
  add_expectation_changes(scenario, changes);
  add_entry_changes(scenario, changes);
  add_fleet_changes(scenario, changes);
  add_setting_changes(changes);
  return changes;
}

// The change, where it leads to a file that can be read, and to another one.
std::optional<Scenario> changed(const Scenario& scenario, const Change& change) {
  Scenario next = scenario;
  change(next);
  if (next == scenario) return std::nullopt;
  const ScenarioFile file = ScenarioFile::from_text(next.name, to_yaml(next));
  if (!file.good()) return std::nullopt;
  return file.as_written();
}

}  // namespace

Shrunk shrink(const Scenario& scenario, std::uint64_t seed, const std::function<bool()>& stop,
              const std::function<void(const Shrunk&)>& told) {
  Shrunk best;
  best.scenario = scenario;
  Scenario own = scenario;
  take_as_own(own, seed);
  const auto failed = run_to_fail(own, seed, stop);
  if (!failed) best.whole = false;
  if (!failed || failed->empty()) return best;
  best.scenario = std::move(own);
  best.rule = failed->front().rule;
  best.how = failed->front().failure.what;
  best.never = failed->front().failure.never;
  bool smaller = !best.never;
  while (smaller) {
    smaller = false;
    // A change that did once may do again: the list is made anew when it is used up.
    const std::vector<Change> changes = changes_of(best.scenario);
    const std::size_t entries = best.scenario.timeline.size();
    const std::size_t groups = best.scenario.fleet.size();
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const auto next = changed(best.scenario, changes[i]);
      if (!next) continue;
      const auto now = stop() ? std::nullopt : run_to_fail(*next, seed, stop);
      if (!now) {
        best.whole = false;
        return best;
      }
      ++best.tried;
      if (fail_alike(*now, *failed)) {
        best.scenario = *next;
        smaller = true;
      }
      if (told) told(best);
      // What the rest of the list is about may be gone, or stand elsewhere.
      if (best.scenario.timeline.size() != entries || best.scenario.fleet.size() != groups) break;
    }
  }
  return best;
}

}  // namespace pap::sim
