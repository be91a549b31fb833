// SPDX-License-Identifier: MIT
#include "papsim/scenario/plan_fleet.hpp"

#include <algorithm>

#include "papsim/scenario/random_stream.hpp"

namespace pap::sim {
namespace {

using Counts = std::array<std::uint32_t, protocol::kModeCount>;

std::uint64_t unsigned_of(Millis time) { return static_cast<std::uint64_t>(time.count()); }
Millis millis_of(std::uint64_t time) { return Millis{static_cast<Millis::rep>(time)}; }

// Hands out modes so that every stretch of members is mixed like the whole: at each member the mode
// that is furthest behind its share goes next.
class Mixer {
 public:
  Mixer(std::uint32_t count, const Counts& counts) : count_(count), counts_(counts) {}

  struct Turn {
    protocol::Mode mode;
    std::uint32_t rank;  // among the members of that mode
  };

  Turn next() {
    ++given_;
    std::size_t best = 0;
    std::int64_t furthest = INT64_MIN;
    for (std::size_t mode = 0; mode < counts_.size(); ++mode) {
      if (handed_[mode] == counts_[mode]) continue;
      const std::int64_t behind = static_cast<std::int64_t>(given_) * counts_[mode] -
                                  static_cast<std::int64_t>(handed_[mode]) * count_;
      if (behind > furthest) {
        furthest = behind;
        best = mode;
      }
    }
    return {protocol::kModes[best], handed_[best]++};
  }

 private:
  const std::uint32_t count_;
  const Counts counts_;
  std::uint32_t given_ = 0;
  Counts handed_{};
};

// Where in its interval a member begins.
Millis phase_of(PhaseKind kind, std::uint32_t rank, std::uint32_t of, Millis interval,
                RandomStream stream) {
  switch (kind) {
    case PhaseKind::kSpread:
      return interval * rank / of;
    case PhaseKind::kAligned:
      return Millis{0};
    case PhaseKind::kPoisson:
      return millis_of(stream.below(unsigned_of(interval)));
  }
  return Millis{0};
}

void add_group(std::vector<PlannedAgent>& agents, const Group& group, std::uint32_t number,
               AgentNumber twin, std::uint64_t seed) {
  const RandomStream phases = RandomStream(seed, "phase").of(group.name);
  const RandomStream joins = RandomStream(seed, "join").of(group.name);
  const RandomStream uptimes = RandomStream(seed, "uptime").of(group.name);
  const Counts counts = split_by_largest_remainder(group.count, group.mode);
  Mixer mixer(group.count, counts);
  for (std::uint32_t i = 0; i < group.count; ++i) {
    PlannedAgent agent;
    agent.member = static_cast<AgentNumber>(agents.size());
    agent.same_id_as = group.ids_of ? twin + i : agent.member;
    agent.group = number;
    agent.index = i;
    const Mixer::Turn turn = mixer.next();
    agent.mode = turn.mode;
    const Millis draw = millis_of(joins.of(i).below(unsigned_of(group.join.over)));
    agent.first_beat = group.join_from + laid_out(group.join, i, group.count, draw) +
                       phase_of(group.phase, turn.rank, counts[index_of(turn.mode)],
                                protocol::interval_of(turn.mode), phases.of(i));
    agent.uptime =
        Millis{uptimes.of(i).between(group.uptime_from.count(), group.uptime_to.count())};
    agents.push_back(agent);
  }
}

}  // namespace

Counts split_by_largest_remainder(std::uint32_t count,
                                  const std::array<PartsPerMillion, protocol::kModeCount>& shares) {
  Counts out{};
  std::array<std::uint64_t, protocol::kModeCount> remainders{};
  std::uint32_t left = count;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::uint64_t exact = std::uint64_t{count} * shares[i];
    out[i] = static_cast<std::uint32_t>(exact / kAll);
    remainders[i] = exact % kAll;
    left -= out[i];
  }
  for (; left > 0; --left) {
    const auto largest = std::max_element(remainders.begin(), remainders.end());
    ++out[static_cast<std::size_t>(largest - remainders.begin())];
    *largest = 0;
  }
  return out;
}

Millis laid_out(const Pace& pace, std::uint64_t i, std::uint64_t n, Millis draw) {
  const auto rep = [](std::uint64_t x) { return static_cast<Millis::rep>(x); };
  switch (pace.by) {
    case PaceKind::kSpread:
      return pace.over * rep(i) / rep(n);
    case PaceKind::kPoisson:
      return draw;
    case PaceKind::kSteps:
      return pace.over * rep(i * pace.steps / n) / rep(pace.steps);
  }
  return Millis{0};
}

std::vector<PlannedAgent> plan_fleet(const Scenario& scenario, std::uint64_t seed) {
  std::vector<AgentNumber> first(scenario.fleet.size());
  AgentNumber agents = 0;
  for (std::size_t i = 0; i < scenario.fleet.size(); ++i) {
    first[i] = agents;
    agents += scenario.fleet[i].count;
  }
  std::vector<PlannedAgent> out;
  out.reserve(agents);
  for (std::size_t i = 0; i < scenario.fleet.size(); ++i) {
    const Group& group = scenario.fleet[i];
    const AgentNumber twin = group.ids_of ? first[*group.ids_of] : 0;
    add_group(out, group, static_cast<std::uint32_t>(i), twin, seed);
  }
  return out;
}

}  // namespace pap::sim
