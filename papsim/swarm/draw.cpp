// SPDX-License-Identifier: MIT
#include "papsim/swarm/draw.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "papsim/scenario/plan.hpp"
#include "papsim/scenario/random_stream.hpp"
#include "papsim/swarm/take_out.hpp"

namespace pap::sim {

namespace {

using namespace std::chrono_literals;
using protocol::Mode;

constexpr std::size_t kMostGroups = 3;
constexpr std::int64_t kMostMembers = 100;
constexpr std::int64_t kMostEntries = 10;
constexpr Millis kShortest = 3min;
constexpr Millis kLongest = 30min;
constexpr std::uint64_t kOneKindIn = 3;

enum class Fault : std::uint8_t {
  kDie,
  kRevive,
  kFreeze,
  kRestart,
  kMode,
  kLeave,
  kSwizzle,
  kAgentClock,
  kNet,
  kOwnNet,
  kStation,
  kStationOfSome,
  kPause,
  kSuspend,
  kDeaf,
  kUpgrade,
  kStarve,
  kWall,
};
constexpr std::size_t kFaults = 18;

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : random_(seed, "swarm") {}

  Scenario scenario(std::uint64_t seed) {
    Scenario out;
    out.name = "swarm-" + std::to_string(seed);
    out.about = "Drawn from a seed.";
    out.ci = out.nightly = {seed, seed};
    out.run_for = Millis{log_uniform(kShortest.count(), kLongest.count())};
    out.settle = 30s;
    out.collector = collector();
    const std::size_t groups = 1 + random_.below(kMostGroups);
    while (out.fleet.size() < groups) add_group(out);
    const std::vector<Fault> kinds = kinds_of_fault();
    const std::int64_t entries = kinds.empty() ? 0 : log_uniform(1, kMostEntries);
    for (std::int64_t i = 0; i < entries; ++i) add_entry(out, kinds[random_.below(kinds.size())]);
    AlertExpectation any;
    any.kind = SetKind::kAny;
    out.expect.alerts.push_back(any);
    Threshold cap;
    cap.metric = Metric::kAgentsTotal;
    cap.statistic = Statistic::kMax;
    cap.comparison = Comparison::kLessEqual;
    cap.value = out.collector.max_agents;
    out.expect.thresholds.push_back(cap);
    for (const ExcuseName& excuse : kExcuses) {
      out.expect.allow.push_back({.place = {}, .excuse = excuse.excuse, .at_most = {}});
    }
    return out;
  }

  void vary(Scenario& out) {
    switch (random_.below(4)) {
      case 0:
        out.collector = collector();
        out.expect.thresholds.front().value = out.collector.max_agents;
        break;
      case 1:
        for (Group& group : out.fleet) {
          group.count = static_cast<std::uint32_t>(log_uniform(1, kMostMembers));
          // The i-th of one has the id of the other's i-th.
          if (group.ids_of) group.count = std::min(group.count, out.fleet[*group.ids_of].count);
        }
        break;
      default:
        add_entry(out, static_cast<Fault>(random_.below(kFaults)));
        break;
    }
  }

 private:
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }

  // Each order of magnitude as likely as another. Whole numbers alone, so that all compilers agree.
  std::int64_t log_uniform(std::int64_t least, std::int64_t most) {
    const auto magnitudes = std::bit_width(static_cast<std::uint64_t>(most / least));
    const auto shift = random_.below(static_cast<std::uint64_t>(magnitudes));
    const std::int64_t from = least << shift;
    return std::min(random_.between(from, 2 * from), most);
  }
  Millis moment(const Scenario& in) {
    return Millis{random_.between(1'000, in.run_for.count() - 1)};
  }
  // … and still in the run when it began last.
  Millis lasting(const Scenario& in, const When& when) {
    return std::min(Millis{log_uniform(100, in.run_for.count())}, in.run_for - latest_of(when));
  }
  static Millis latest_of(const When& when) {
    if (const auto* at = std::get_if<At>(&when)) return at->time + at->pace.over;
    if (const auto* every = std::get_if<Every>(&when)) return every->to;
    return std::get<During>(when).from;
  }

  CollectorConfig collector() {
    CollectorConfig config;
    if (one_in(3)) config.zombie_check_interval = Millis{log_uniform(100, 60'000)};
    if (one_in(2)) config.alert_queue_max_size = static_cast<std::uint32_t>(log_uniform(1, 100));
    if (one_in(3)) config.alert_queue_ttl = Millis{log_uniform(1'000, 600'000)};
    if (one_in(4)) config.agent_retention = Millis{log_uniform(1'000, 600'000)};
    if (one_in(4)) config.max_agents = static_cast<std::uint32_t>(log_uniform(1, 200));
    if (one_in(4)) config.drain = Millis{log_uniform(1, 60'000)};
    if (one_in(4)) config.shutdown_grace = Millis{log_uniform(1, 60'000)};
    if (one_in(3)) config.slice = static_cast<std::uint32_t>(log_uniform(1, 64));
    config.has_station = !one_in(20);
    return config;
  }

  void add_group(Scenario& out) {
    constexpr std::array<const char*, kMostGroups> kNames{"front", "back", "rest"};
    Group group;
    group.name = kNames[out.fleet.size()];
    group.count = static_cast<std::uint32_t>(log_uniform(1, kMostMembers));
    group.id = one_in(2) ? "{uuid}" : group.name + "-{i}";
    if (!out.fleet.empty() && one_in(10)) {
      group.ids_of = 0;
      group.id = "{uuid}";
      group.count = std::min(group.count, out.fleet.front().count);
    }
    group.mode[index_of(mode())] = kAll;
    constexpr std::array<PartsPerMillion, 4> kJitters{0, 4'000, 40'000, 100'000};
    group.jitter = kJitters[random_.below(kJitters.size())];
    group.phase = static_cast<PhaseKind>(random_.below(3));
    if (one_in(4))
      group.join = {Millis{log_uniform(1'000, out.run_for.count())}, PaceKind::kSpread};
    if (!one_in(4)) group.uptime_from = group.uptime_to = Millis{log_uniform(1, 86'400'000)};
    group.retry = one_in(3) ? Retry::kSteady : Retry::kReal;
    out.fleet.push_back(std::move(group));
  }

  Mode mode() {
    constexpr std::array<Mode, 4> kModes{Mode::kIdle, Mode::kIdle, Mode::kEmergency, Mode::kSleep};
    return kModes[random_.below(kModes.size())];
  }

  std::vector<Fault> kinds_of_fault() {
    std::vector<Fault> kinds;
    for (std::size_t i = 0; i < kFaults; ++i) {
      if (one_in(kOneKindIn)) kinds.push_back(static_cast<Fault>(i));
    }
    return kinds;
  }

  Who who(const Scenario& in) {
    Who who;
    const std::size_t group = random_.below(in.fleet.size());
    who.sets.push_back({AgentSet::Kind::kGroup, group});
    if (one_in(2)) {
      Pick pick;
      pick.count = static_cast<std::uint32_t>(log_uniform(1, in.fleet[group].count));
      if (one_in(4)) pick.order = PickOrder::kId;
      who.pick = pick;
    }
    return who;
  }
  // Whom an entry met before, if there is one that met agents.
  Who same_again(const Scenario& in) {
    std::vector<std::size_t> earlier;
    for (std::size_t i = 0; i < in.timeline.size(); ++i) {
      if (!in.timeline[i].who.sets.empty()) earlier.push_back(i);
    }
    if (earlier.empty()) return who(in);
    Who again;
    again.sets.push_back({AgentSet::Kind::kEntry, earlier[random_.below(earlier.size())]});
    return again;
  }

  When once(const Scenario& in) {
    if (one_in(3)) {
      Every every;
      every.each = Millis{log_uniform(1'000, in.run_for.count() / 2)};
      every.from = moment(in);
      every.to = Millis{random_.between(every.from.count(), in.run_for.count() - 1)};
      // No more often than a person would write it.
      every.each = std::max(every.each, (every.to - every.from) / 30);
      return every;
    }
    At at;
    at.time = moment(in);
    if (one_in(3)) {
      const Millis left = in.run_for - at.time - Millis{1};
      at.pace.over = std::min(left, Millis{log_uniform(1'000, in.run_for.count())});
      const bool by_chance = one_in(2);
      if (by_chance && at.pace.over > Millis{0}) at.pace.by = PaceKind::kPoisson;
    }
    return at;
  }
  When for_a_while(const Scenario& in) {
    During during;
    during.from = moment(in);
    during.to = during.from + lasting(in, during);
    return during;
  }
  When at_a_moment(const Scenario& in) {
    At at;
    at.time = moment(in);
    return at;
  }

  When once_for_a_while(const Scenario& in) {
    At at;
    at.time = moment(in);
    at.lasts = std::min(Millis{log_uniform(500, 600'000)}, in.run_for - at.time);
    return at;
  }
  // With hardly a breath between, so that what is made up for meets the next one.
  When again_and_again(const Scenario& in) {
    Every every;
    every.from = moment(in);
    const Millis left = in.run_for - every.from;
    every.lasts = std::min(Millis{log_uniform(500, 20'000)}, left);
    every.each = *every.lasts + Millis{log_uniform(500, 8'000)};
    const Millis last = in.run_for - *every.lasts;
    every.to =
        std::max(every.from, std::min(last, every.from + every.each * random_.between(1, 4)));
    return every;
  }

  NetFault net() {
    NetFault net;
    constexpr std::array<PartsPerMillion, 3> kShares{10'000, 100'000, 500'000};
    switch (random_.below(5)) {
      case 0:
        net.cut = static_cast<Cut>(1 + random_.below(3));
        break;
      case 1:
        net.loss = kShares[random_.below(kShares.size())];
        break;
      case 2:
        net.delay_to = Millis{log_uniform(1, 20'000)};
        net.delay_from = one_in(2) ? net.delay_to : Millis{0};
        break;
      case 3:
        net.duplicate = kShares[random_.below(kShares.size())];
        break;
      default:
        net.reorder = kShares[random_.below(kShares.size())];
        break;
    }
    return net;
  }

  StationFault station(bool of_some) {
    using Kind = StationFault::Kind;
    StationFault fault;
    constexpr std::array<Kind, 8> kKinds{Kind::kDown,    Kind::kStatus, Kind::kSlow,  Kind::kReset,
                                         Kind::kGarbage, Kind::kHang,   Kind::kLimit, Kind::kIds};
    fault.kind = kKinds[random_.below(of_some ? 6 : kKinds.size())];
    if (fault.kind == Kind::kStatus) {
      constexpr std::array<std::uint16_t, 9> kStatuses{400, 401, 404, 408, 413, 422, 429, 500, 503};
      fault.status = kStatuses[random_.below(kStatuses.size())];
      if (one_in(3)) fault.retry_after = Millis{1'000 * log_uniform(1, 600)};
    }
    if (fault.kind == Kind::kSlow) fault.delay = Millis{log_uniform(10, 20'000)};
    if (fault.kind == Kind::kLimit) {
      fault.per_second = static_cast<std::uint32_t>(log_uniform(1, 20));
      if (one_in(2)) fault.retry_after = Millis{1'000 * log_uniform(1, 60)};
    }
    if (fault.kind == Kind::kIds) fault.uuid_only = true;
    const bool shared = fault.kind != Kind::kLimit && fault.kind != Kind::kIds;
    if (shared && one_in(3)) fault.share = 500'000;
    return fault;
  }

  static bool has_ids_of_others(const Scenario& in, const Who& who) {
    return std::any_of(who.sets.begin(), who.sets.end(), [&in](const AgentSet& set) {
      return set.kind == AgentSet::Kind::kGroup && in.fleet[set.index].ids_of;
    });
  }

  static std::string new_name(const Scenario& in) {
    std::size_t number = in.timeline.size();
    const auto taken = [&](const std::string& name) {
      return std::any_of(in.timeline.begin(), in.timeline.end(),
                         [&](const Entry& entry) { return entry.id == name; });
    };
    while (taken("e" + std::to_string(number))) ++number;
    return "e" + std::to_string(number);
  }

  void add_entry(Scenario& out, Fault fault) {
    Entry entry;
    entry.id = new_name(out);
    using Kind = CollectorFault::Kind;
    const auto collector = [&](CollectorFault what, When when) {
      entry.action = what;
      entry.when = std::move(when);
    };
    switch (fault) {
      case Fault::kDie:
        entry = {entry.id, {}, once(out), who(out), Die{}};
        break;
      case Fault::kRevive:
        entry = {entry.id, {}, at_a_moment(out), same_again(out), Revive{}};
        break;
      case Fault::kFreeze:
        entry = {entry.id, {}, once(out), who(out), {}};
        entry.action = Freeze{lasting(out, entry.when)};
        break;
      case Fault::kRestart: {
        entry = {entry.id, {}, once(out), who(out), {}};
        RestartAgent restart{one_in(2) ? Millis{0} : lasting(out, entry.when), one_in(5)};
        if (has_ids_of_others(out, entry.who)) restart.new_identity = false;
        entry.action = restart;
        break;
      }
      case Fault::kMode:
        entry = {entry.id,
                 {},
                 one_in(2) ? for_a_while(out) : at_a_moment(out),
                 who(out),
                 SetMode{mode()}};
        break;
      case Fault::kLeave:
        entry = {entry.id, {}, once(out), one_in(3) ? same_again(out) : who(out), Leave{}};
        break;
      case Fault::kSwizzle:
        entry = {entry.id, {}, at_a_moment(out), who(out), {}};
        entry.action = Swizzle{lasting(out, entry.when)};
        break;
      case Fault::kAgentClock: {
        AgentClock clock;
        clock.kind = one_in(2) ? AgentClock::Kind::kStep : AgentClock::Kind::kDrift;
        clock.step_ms =
            clock.kind == AgentClock::Kind::kStep ? random_.between(-600'000, 600'000) : 0;
        clock.drift_ppm =
            clock.kind == AgentClock::Kind::kDrift ? random_.between(-10'000, 10'000) : 0;
        entry = {entry.id,
                 {},
                 clock.kind == AgentClock::Kind::kStep ? at_a_moment(out) : for_a_while(out),
                 who(out),
                 clock};
        break;
      }
      case Fault::kNet: {
        NetFault fault_of_net = net();
        fault_of_net.link = static_cast<Link>(random_.below(3));
        entry = {entry.id, {}, for_a_while(out), who(out), fault_of_net};
        break;
      }
      case Fault::kOwnNet:
        entry = {entry.id, {}, for_a_while(out), {}, net()};
        break;
      case Fault::kStation:
        entry = {entry.id, {}, for_a_while(out), {}, station(false)};
        break;
      case Fault::kStationOfSome:
        entry = {entry.id, {}, for_a_while(out), who(out), station(true)};
        break;
      case Fault::kPause:
      case Fault::kSuspend:
      case Fault::kDeaf: {
        CollectorFault stall;
        stall.kind = fault == Fault::kPause  ? Kind::kPause
                     : fault == Fault::kDeaf ? Kind::kDeaf
                                             : Kind::kSuspend;
        collector(stall, one_in(3) ? again_and_again(out) : once_for_a_while(out));
        break;
      }
      case Fault::kUpgrade: {
        CollectorFault restart;
        restart.kind = Kind::kRestart;
        restart.kill = one_in(2);
        const When when = at_a_moment(out);
        restart.down = std::min(Millis{log_uniform(1, 120'000)}, out.run_for - latest_of(when));
        collector(restart, when);
        break;
      }
      case Fault::kStarve: {
        CollectorFault starve;
        starve.kind = Kind::kStarve;
        starve.starve = static_cast<PartsPerMillion>(random_.between(1, 99)) * 10'000;
        collector(starve, for_a_while(out));
        break;
      }
      case Fault::kWall: {
        CollectorFault wall;
        wall.kind = Kind::kWallStep;
        wall.step_ms = random_.between(-3'600'000, 3'600'000);
        collector(wall, at_a_moment(out));
        break;
      }
    }
    out.timeline.push_back(std::move(entry));
  }

  RandomStream random_;
};

// What would meet nobody is left out.
void leave_out_what_cannot_be(Scenario& scenario, std::uint64_t seed) {
  for (;;) {
    std::vector<PlanError> errors;
    make_plan(scenario, seed, errors);
    if (errors.empty()) return;
    take_out_entry(scenario, errors.front().entry);
  }
}

}  // namespace

Scenario draw_scenario(std::uint64_t seed) {
  Scenario scenario = Drawer(seed).scenario(seed);
  leave_out_what_cannot_be(scenario, seed);
  return scenario;
}

Scenario vary_scenario(const Scenario& scenario, std::uint64_t seed) {
  Scenario varied = scenario;
  varied.name = "swarm-" + std::to_string(seed);
  varied.ci = varied.nightly = {seed, seed};
  Drawer(seed).vary(varied);
  leave_out_what_cannot_be(varied, seed);
  return varied;
}

}  // namespace pap::sim
