// SPDX-License-Identifier: MIT
// Every verb as it may be written, and what a timeline may not say; messages letter for letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

// One entry `x`, that meets pods.
Entry entry(const std::string& rest) {
  return read(Parts{.timeline = "  - {id: x, " + rest + "}\n"}).timeline.at(0);
}
template <class T>
T action(const std::string& rest) {
  return std::get<T>(entry(rest).action);
}
std::string problem(const std::string& rest) {
  return problem_of({.timeline = "  - {id: x, " + rest + "}\n"});
}

TEST(Timeline, HasVerbsForAgents) {
  action<Die>("at: 1s, who: pods, do: die");
  action<Leave>("at: 1s, who: pods, do: leave");
  EXPECT_EQ(action<Freeze>("at: 1s, who: pods, do: {freeze: 30s}").lasts, 30s);
  EXPECT_EQ(action<RestartAgent>("at: 1s, who: pods, do: restart").down, 1s);
  const auto restart = action<RestartAgent>(
      "at: 1s, who: pods, do: {restart: {down: 0s, "
      "identity: new}}");
  EXPECT_EQ(restart.down, 0s);
  EXPECT_TRUE(restart.new_identity);
  EXPECT_EQ(action<SetMode>("at: 1s, who: pods, do: {mode: EMERGENCY}").mode,
            protocol::Mode::kEmergency);
  EXPECT_EQ(action<Swizzle>("at: 1s, who: pods, do: {swizzle: {over: 60s}}").over, 60s);
}

TEST(Timeline, HasClocks) {
  EXPECT_EQ(action<AgentClock>("at: 1s, who: pods, do: {clock: {step: -1h}}").step_ms, -3'600'000);
  EXPECT_EQ(action<AgentClock>("at: 1s, who: pods, do: {clock: {drift: -5%}}").drift_ppm, -50'000);
  EXPECT_EQ(action<AgentClock>("at: 1s, who: pods, do: {clock: freeze}").kind,
            AgentClock::Kind::kFreeze);
  using Kind = CollectorFault::Kind;
  const auto clock = [](const std::string& what) {
    return action<CollectorFault>("at: 1s, do: {collector: {clock: {" + what + "}}}");
  };
  EXPECT_EQ(clock("wall: {step: -1h}").kind, Kind::kWallStep);
  EXPECT_EQ(clock("wall: {step: 1d}").step_ms, 86'400'000);
  EXPECT_EQ(clock("wall: {drift: 200ppm}").kind, Kind::kWallDrift);
  EXPECT_EQ(clock("wall: freeze").kind, Kind::kWallFreeze);
  EXPECT_EQ(clock("monotonic: {step: 10s}").kind, Kind::kMonotonicStep);
  EXPECT_EQ(clock("monotonic: {drift: 1%}").kind, Kind::kMonotonicDrift);
}

TEST(Timeline, HasFaultsOfTheNet) {
  const auto net = action<NetFault>(
      "during: [1s, 2s], who: pods, do: {net: {link: both, loss: 5%, delay: 10ms..200ms, "
      "duplicate: 1%, reorder: 2%, cut: from}}");
  EXPECT_EQ(net, (NetFault{Link::kBoth, 50'000, 10ms, 200ms, 10'000, 20'000, Cut::kFrom}));
  const Entry own = entry("during: [1s, 2s], who: collector, do: {net: {cut: both}}");
  EXPECT_THAT(own.who.sets, IsEmpty());
}

TEST(Timeline, HasFaultsOfTheStation) {
  using Kind = StationFault::Kind;
  const auto station = [](const std::string& what) {
    return action<StationFault>("during: [1s, 2s], do: {station: " + what + "}");
  };
  EXPECT_EQ(station("down").kind, Kind::kDown);
  EXPECT_EQ(station("{down: true, share: 50%}").share, 500'000U);
  EXPECT_EQ(station("reset").kind, Kind::kReset);
  EXPECT_EQ(station("hang").kind, Kind::kHang);
  EXPECT_EQ(station("garbage").kind, Kind::kGarbage);
  EXPECT_EQ(station("{slow: 2s}").delay, 2s);
  EXPECT_EQ(station("{status: 503}").status, 503);
  EXPECT_EQ(station("{status: 429, retry_after: 10s}").retry_after, 10s);
  EXPECT_EQ(station("{limit: 5, retry_after: 1s}").per_second, 5U);
  EXPECT_TRUE(station("{ids: uuid}").uuid_only);
  const Entry poison = entry("at: 1s, who: pods, do: {station: {status: 500}}");
  EXPECT_EQ(poison.who.sets.size(), 1U);
}

TEST(Timeline, HasFaultsOfTheCollector) {
  using Kind = CollectorFault::Kind;
  const Entry pause = entry("at: 1s, do: {collector: {pause: 30s}}");
  EXPECT_EQ(std::get<At>(pause.when).lasts, 30s);
  EXPECT_EQ(std::get<CollectorFault>(pause.action).kind, Kind::kPause);
  const Entry during = entry("during: [1s, 9s], do: {collector: suspend}");
  EXPECT_EQ(std::get<CollectorFault>(during.action).kind, Kind::kSuspend);
  const Entry deaf = entry("at: 1s, do: {collector: {deaf: 2m}}");
  EXPECT_EQ(std::get<At>(deaf.when).lasts, 2min);
  EXPECT_EQ(std::get<CollectorFault>(deaf.action).kind, Kind::kDeaf);
  const Entry every = entry("every: {each: 70s, from: 1m, to: 5m}, do: {collector: {pause: 6s}}");
  EXPECT_EQ(std::get<Every>(every.when).lasts, 6s);
  EXPECT_FALSE(action<CollectorFault>("at: 1s, do: {collector: restart}").kill);
  EXPECT_TRUE(action<CollectorFault>("at: 1s, do: {collector: {restart: {how: kill}}}").kill);
  EXPECT_EQ(action<CollectorFault>("at: 1s, do: {collector: {starve: 50%}}").starve, 500'000U);
}

TEST(Timeline, HasPaceAndPicks) {
  const Entry e = entry(
      "at: 1s, pace: {over: 60s, by: steps, steps: 4}, "
      "who: {group: pods, pick: 25%, order: id}, do: die");
  EXPECT_EQ(std::get<At>(e.when).pace, (Pace{60s, PaceKind::kSteps, 4}));
  EXPECT_EQ(e.who.pick->share, 250'000U);
  EXPECT_EQ(e.who.pick->order, PickOrder::kId);
}

TEST(Timeline, LiesWithinTheRun) {
  EXPECT_EQ(problem("at: 10m, who: pods, do: die"),
            "timeline.x: 10m is not within the run, which ends at 10m");
  EXPECT_EQ(problem("at: 9m, pace: {over: 2m}, who: pods, do: die"),
            "timeline.x: 11m is not within the run, which ends at 10m");
  EXPECT_EQ(problem("during: [9m, 11m], who: pods, do: {mode: SLEEP}"),
            "timeline.x: goes on until 11m, beyond the run, which ends at 10m");
  EXPECT_EQ(problem("at: 9m, who: pods, do: {restart: {down: 2m}}"),
            "timeline.x: goes on until 11m, beyond the run, which ends at 10m");
  EXPECT_EQ(problem("every: {each: 1m, from: 1m, to: 10m}, who: pods, do: restart"),
            "timeline.x: 10m is not within the run, which ends at 10m");
  EXPECT_THAT(problems_of(Parts{.timeline = "  - {id: x, during: [0s, 10m], who: pods, do: {mode: "
                                            "SLEEP}}\n"}),
              IsEmpty());
}

TEST(Timeline, HasStatesThatEnd) {
  EXPECT_EQ(problem("during: [1s, 2s], who: pods, do: die"),
            "timeline.x: during is for states (net, station, mode, clocks, starve, pause); 'die' "
            "happens and is over");
  EXPECT_EQ(problem("during: [2s, 1s], who: pods, do: {mode: SLEEP}"),
            "during must begin before it ends, not [2s, 1s]");
  EXPECT_EQ(problem("at: 1s, do: {collector: pause}"),
            "timeline.x: how long? {pause: 30s}, or during in place of at");
  EXPECT_EQ(problem("during: [1s, 2s], do: {collector: {pause: 1s}}"),
            "timeline.x says twice how long it lasts");
  EXPECT_EQ(problem("every: {each: 1m, from: 1m, to: 5m}, do: {station: down}"),
            "timeline.x: how long each time? 'station' goes on until it ends: 'lasts' is missing");
  EXPECT_EQ(problem("every: {each: 1m, from: 1m, to: 5m, lasts: 61s}, do: {station: down}"),
            "lasts longer than each: 61s and 1m");
  EXPECT_EQ(problem("every: {each: 1m, from: 1m, to: 5m, lasts: 1s}, who: pods, do: die"),
            "timeline.x: lasts is for states; 'die' happens and is over");
}

TEST(Timeline, SaysHowManyTimesADuringHasInsteadOfTwo) {
  EXPECT_EQ(problem("during: [1m], do: {station: down}"),
            "during must be [from, to], not a list of 1");
  EXPECT_EQ(problem("during: 1m, do: {station: down}"), "during must be [from, to], not '1m'");
}

TEST(Timeline, HasAPaceForAMomentAlone) {
  EXPECT_EQ(problems_of(Parts{.timeline = "  - {id: x, during: [1s, 9s], pace: {over: 5s}, who: "
                                          "pods, do: {mode: SLEEP}}\n"}),
            (std::vector<std::string>{"8:37: pace goes with at alone"}));
  EXPECT_EQ(
      problem("every: {each: 1m, from: 1m, to: 5m}, pace: {over: 5s}, who: pods, do: restart"),
      "pace goes with at alone");
}

TEST(Timeline, AsksForWhomAVerbIs) {
  EXPECT_EQ(problem("at: 1s, who: pods, do: {collector: restart}"),
            "'collector' is about the collector alone; 'who' says nothing");
  EXPECT_EQ(problem("at: 1s, who: collector, do: die"),
            "'die' is for agents, not for the collector");
  EXPECT_EQ(problem("at: 1s, pace: {over: 5s}, do: {station: down}"),
            "timeline.x: pace is for agents; 'station' meets all at once");
  EXPECT_EQ(problem("at: 1s, who: {group: pods, pick: 11}, do: die"),
            "timeline.x: picks 11 out of 'pods', which has 10");
  EXPECT_EQ(problem("at: 1s, who: {group: pods, pick: 0%}, do: die"), "pick of 0% picks nobody");
  EXPECT_EQ(problem("at: 1s, who: {group: pods}, do: die"), "timeline.x.who: 'pick' is missing");
}

TEST(Timeline, SaysHowAVerbIsWritten) {
  EXPECT_EQ(problem("at: 1s, who: pods, do: {die: 5s}"), "'die' has no parameters");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {die: }"),
            "'die' has nothing behind it; write do: die");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {restart: }"),
            "timeline.x.restart must be a word or a map, not nothing");
  EXPECT_EQ(problem("at: 1s, do: {collector: {restart: }}"),
            "timeline.x.collector.restart must be a word or a map, not nothing");
  EXPECT_EQ(problem("at: 1s, do: {station: }"),
            "timeline.x.station: one of down, status, slow, reset, hang, garbage, limit or ids is "
            "missing");
  EXPECT_EQ(problem("at: 1s, who: pods, do: freeze"),
            "'freeze' wants a duration, like 70s, 500ms or 1h30m, not nothing");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {freeze: {}}"),
            "'freeze' wants a duration, like 70s, 500ms or 1h30m, not a map");
  EXPECT_EQ(problem("at: 1s, do: {station: slow}"),
            "slow: a duration, like 70s, 500ms or 1h30m was expected, not nothing");
  EXPECT_EQ(problem("at: 1s, do: {station: {down: true, hang: true}}"),
            "'hang' and 'down' exclude each other");
  EXPECT_EQ(problem("at: 1s, do: {station: {status: 200}}"),
            "status must be at least 300, not 200");
  EXPECT_EQ(problem("at: 1s, do: {station: {slow: 1s, retry_after: 5s}}"),
            "retry_after goes with status or limit alone");
  EXPECT_EQ(problem("at: 1s, do: {station: {status: 429, retry_after: 1500ms}}"),
            "retry_after goes over the wire in whole seconds");
  EXPECT_EQ(problem("at: 1s, do: {station: {limit: 3, share: 5%}}"),
            "share does not go with limit or ids");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {die: true, leave: true}"),
            "timeline.x.do: one verb an entry; 'leave' wants an entry of its own");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {net: {}}"),
            "timeline.x: net without loss, delay, duplicate, reorder or cut does nothing");
  EXPECT_EQ(problem("at: 1s, who: pods, do: {net: {los: 5%}}"),
            "unknown key 'los' in timeline.x.net; did you mean 'loss'?");
  EXPECT_EQ(problem("at: 1s, who: pods, do: [die]"),
            "timeline.x.do must be a verb or a map from one, not a list");
  EXPECT_EQ(problem("at: 1s, do: {collector: {clock: {monotonic: {step: -1s}}}}"),
            "step: '-1s' is not a duration, like 70s, 500ms or 1h30m");
}

TEST(Timeline, GivesNoNewIdentityToATwin) {
  EXPECT_EQ(problem_of({.fleet = "  a: {count: 2}\n  b: {count: 2, ids_of: a}\n",
                        .timeline = "  - {id: x, at: 1s, who: b, do: {restart: {identity: "
                                    "new}}}\n"}),
            "timeline.x: a new identity of 'b', whose ids are those of another group, would be "
            "anybody's");
}

}  // namespace
}  // namespace pap::sim
