// SPDX-License-Identifier: MIT
#include "papsim/scenario/expand.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

// Everything that a scenario can say, said once.
constexpr std::string_view kEverything = R"(papsim: 1
name: everything
about: "Says \"all\" \\ of it:\n once."
fails: [S1, alerts]
sabotage: swallow_beat
seeds: {ci: 3..5, nightly: 7}
run: {for: 1h, settle: 90s, observers: 3}
collector: {zombie_check_interval_ms: 5s, max_agents: 50, station: none, agent_retention_ms: 0}
fleet:
  a: {count: 10, id: "{{a}}-{i:03}", mode: {IDLE: 33.3333%, SLEEP: 66.6667%}, jitter: 0.4%}
  b: {count: 2, ids_of: a, phase: poisson, uptime: 1s..2h, retry: steady}
  c: {count: 5, join: {from: 1m, over: 2m, by: steps, steps: 5}, mode: EMERGENCY}
timeline:
  - {id: die, at: 1m, pace: {over: 90s, by: poisson}, who: {group: a, pick: 12.5%}, do: die}
  - {id: revive, at: 3m, who: die, do: revive}
  - {id: freeze, at: 4m, who: [a, c], do: {freeze: 1500ms}}
  - {id: restart, every: {each: 1m, from: 5m, to: 9m}, who: {group: c, pick: 1, order: id},
     do: {restart: {down: 3s, identity: new}}}
  - {id: mode, during: [10m, 11m], who: a, do: {mode: EMERGENCY}}
  - {id: leave, at: 12m, who: {group: a, pick: 1}, do: leave}
  - {id: swizzle, at: 13m, who: a, do: {swizzle: {over: 30s}}}
  - {id: step, during: [14m, 15m], who: a, do: {clock: {step: -1h}}}
  - {id: drift, at: 16m, who: a, do: {clock: {drift: -0.5%}}}
  - {id: stand, every: {each: 1m, from: 17m, to: 19m, lasts: 5s}, who: a, do: {clock: freeze}}
  - {id: net, during: [20m, 21m], who: a,
     do: {net: {link: both, loss: 1%, delay: 5ms..50ms, duplicate: 2%, reorder: 3%, cut: to}}}
  - {id: own, during: [22m, 23m], who: collector, do: {net: {cut: from}}}
  - {id: down, during: [24m, 25m], do: {station: {down: true, share: 50%}}}
  - {id: slow, at: 26m, who: b, do: {station: {slow: 2s}}}
  - {id: limit, during: [27m, 28m], do: {station: {limit: 5, retry_after: 10s}}}
  - {id: status, during: [28m, 29m], do: {station: {status: 401}}}
  - {id: ids, at: 0s, do: {station: {ids: uuid}}}
  - {id: pause, at: 30m, do: {collector: {pause: 30s}}}
  - {id: pauses, every: {each: 1m, from: 31m, to: 33m}, do: {collector: {suspend: 5s}}}
  - {id: paused, during: [34m, 35m], do: {collector: suspend}}
  - {id: kill, at: 36m, do: {collector: {restart: {down: 0s, how: kill}}}}
  - {id: starve, during: [37m, 38m], do: {collector: {starve: 40%}}}
  - {id: wall, at: 39m, do: {collector: {clock: {wall: {step: -1h}}}}}
  - {id: stopped, during: [40m, 41m], do: {collector: {clock: {wall: freeze}}}}
  - {id: mono, at: 42m, do: {collector: {clock: {monotonic: {drift: 100ppm}}}}}
  - {id: jump, at: 43m, do: {collector: {clock: {monotonic: {step: 10s}}}}}
vary: {fleet.a.count: 8..12, timeline.kill.do.collector.restart.how: [term, kill]}
expect:
  alerts: {AGENT_DEATH: [{exactly: [die, restart], times: 1..2}, {at_most: a}],
           EMERGENCY_MODE: {at_least: mode}, RESTART_DETECTED: any, "*": none}
  detection: [{of: die, from: event, window: ["2I - 1s", "2I + 1.5 slack"]}]
  outbox: [{dropped: 0}, {waiting: {max: "<= 5"}, during: down}]
  agents: {total: "> 3"}
  deaths: {lag_ms: {p99: "< 4000"}}
  live: {answer_ms: {p999: "< 20"}}
  allow: {queue_full: "<= 5", state_lost: any}
  reach: [retold, probed]
)";

TEST(Expand, ReadsBackToTheSameScenario) {
  const Scenario written = read(kEverything);
  const std::string yaml = to_yaml(written);
  EXPECT_EQ(read(yaml), written) << yaml;
  EXPECT_EQ(to_yaml(read(yaml)), yaml);
}

TEST(Expand, WritesEveryDefault) {
  EXPECT_EQ(to_yaml(read(Parts{.timeline = "  - {id: cut, at: 90s, who: pods, do: restart}\n"})),
            R"(papsim: 1
name: story
about: "A story."
seeds: {ci: 1..1, nightly: 1..20}
run: {for: 10m, settle: 30s, observers: 0}
collector:
  zombie_check_interval_ms: 10000
  alert_queue_max_size: 100
  alert_queue_ttl_ms: 300000
  agent_retention_ms: 604800000
  max_agents: 1000000
  drain_ms: 5000
  shutdown_grace_ms: 8000
  station: set
  slice: 100
fleet:
  pods: {count: 10, id: "pod-{i}", mode: {IDLE: 100%}, jitter: 0%, phase: spread, )"
            R"(join: {from: 0s, over: 0s, by: spread}, uptime: 1h, retry: real}
timeline:
  - {id: cut, at: 90s, who: pods, do: {restart: {down: 1s, identity: same}}}
expect:
  alerts:
    "*": any
  reach: [death_decided]
)");
}

TEST(Expand, ReadsBackEveryShippedScenario) {
  std::size_t scenarios = 0;
  const auto paths = scenario_files(PAP_SOURCE_DIR "/scenarios");
  ASSERT_TRUE(paths);
  for (const std::string& path : *paths) {
    const auto file = ScenarioFile::load(path);
    for (const Problem& problem : file.problems()) ADD_FAILURE() << to_string(path, problem);
    EXPECT_EQ(read(to_yaml(file.as_written())), file.as_written()) << path;
    ++scenarios;
  }
  EXPECT_GE(scenarios, 25U);
}

}  // namespace
}  // namespace pap::sim
