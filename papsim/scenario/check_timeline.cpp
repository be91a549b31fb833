// SPDX-License-Identifier: MIT
// What only the timeline as a whole can tell: times beyond the run, states that never end, picks
// out of too few.

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

constexpr std::int64_t kMostOccurrences = 1'000'000;

class Check {
 public:
  Check(const Scenario& scenario, const Entry& entry, Problems& problems)
      : scenario_(scenario), entry_(entry), problems_(problems) {}

  void run() {
    std::visit([this](const auto& when) { check(when); }, entry_.when);
    if (const auto* restart = std::get_if<RestartAgent>(&entry_.action)) {
      if (restart->new_identity) check_identities();
    }
    if (entry_.who.pick) check_pick();
  }

 private:
  using CollectorKind = CollectorFault::Kind;

  void complain(const std::string& what) {
    problems_.add(entry_.place, "timeline." + entry_.id + ": " + what);
  }
  std::string verb() const { return "'" + std::string(verb_of(entry_.action)) + "'"; }
  std::string end() const { return "the run, which ends at " + to_word(scenario_.run_for); }

  // What an occurrence at `last` still sets going must be over by the end of the run.
  void check_end(Millis last, std::optional<Millis> lasts) {
    Millis after = lasts.value_or(Millis{0});
    if (const auto* freeze = std::get_if<Freeze>(&entry_.action)) after += freeze->lasts;
    if (const auto* restart = std::get_if<RestartAgent>(&entry_.action)) after += restart->down;
    if (const auto* swizzle = std::get_if<Swizzle>(&entry_.action)) after += swizzle->over;
    if (const auto* fault = std::get_if<CollectorFault>(&entry_.action)) after += fault->down;
    if (last >= scenario_.run_for) {
      complain(to_word(last) + " is not within " + end());
    } else if (last + after > scenario_.run_for) {
      complain("goes on until " + to_word(last + after) + ", beyond " + end());
    }
  }

  bool needs_duration() const {
    const auto* fault = std::get_if<CollectorFault>(&entry_.action);
    return fault != nullptr &&
           (fault->kind == CollectorKind::kPause || fault->kind == CollectorKind::kSuspend ||
            fault->kind == CollectorKind::kDeaf);
  }

  void check(const At& at) {
    check_end(at.time + at.pace.over, at.lasts);
    if (needs_duration() && !at.lasts) {
      complain("how long? {pause: 30s}, or during in place of at");
    }
    if (at.pace.over > Millis{0} && !is_about_agents(entry_.action)) {
      complain("pace is for agents; " + verb() + " meets all at once");
    }
    if (at.pace.over > Millis{0} && std::holds_alternative<Swizzle>(entry_.action)) {
      complain("'swizzle' has its own pace: over");
    }
  }

  void check(const Every& every) {
    if (every.each <= Millis{0} || every.to < every.from) return;  // complained about before
    const std::int64_t times = (every.to - every.from) / every.each + 1;
    if (times > kMostOccurrences) {
      complain("happens " + std::to_string(times) + " times; at most " +
               std::to_string(kMostOccurrences));
    }
    check_end(every.from + (times - 1) * every.each, every.lasts);
    if (every.lasts && !may_be_during(entry_.action)) {
      complain("lasts is for states; " + verb() + " happens and is over");
    }
    if (!every.lasts && goes_on(entry_.action)) {
      complain("how long each time? " + verb() + " goes on until it ends: 'lasts' is missing");
    }
    if (std::holds_alternative<Swizzle>(entry_.action)) {
      if (std::get<Swizzle>(entry_.action).over > every.each) {
        complain("'swizzle' takes longer than each");
      }
    }
  }

  void check(const During& during) {
    if (during.from >= scenario_.run_for) {
      complain(to_word(during.from) + " is not within " + end());
    } else if (during.to > scenario_.run_for) {
      complain("goes on until " + to_word(during.to) + ", beyond " + end());
    }
    if (!may_be_during(entry_.action)) {
      complain("during is for states (net, station, mode, clocks, starve, pause); " + verb() +
               " happens and is over");
    }
  }

  void check_identities() {
    for (const AgentSet& set : entry_.who.sets) {
      if (set.kind != AgentSet::Kind::kGroup || !scenario_.fleet[set.index].ids_of) continue;
      complain("a new identity of '" + scenario_.fleet[set.index].name +
               "', whose ids are those of another group, would be anybody's");
    }
  }

  void check_pick() {
    if (entry_.who.sets.empty()) return;
    const Group& group = scenario_.fleet[entry_.who.sets.front().index];
    if (entry_.who.pick->count && *entry_.who.pick->count > group.count) {
      complain("picks " + std::to_string(*entry_.who.pick->count) + " out of '" + group.name +
               "', which has " + std::to_string(group.count));
    }
  }

  const Scenario& scenario_;
  const Entry& entry_;
  Problems& problems_;
};

}  // namespace

void check_timeline(const Scenario& scenario, Problems& problems) {
  for (const Entry& entry : scenario.timeline) Check(scenario, entry, problems).run();
}

}  // namespace pap::sim
