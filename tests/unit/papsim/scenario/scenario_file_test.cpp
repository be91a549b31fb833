// SPDX-License-Identifier: MIT
// What the format says and what it refuses; messages letter for letter, since people act on them.
#include "papsim/scenario/scenario_file.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using protocol::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kRack = R"(papsim: 1
name: rack-of-1000-dies
about: One rack loses power; the Station hears of each death once, of nothing else.
seeds: {ci: 1..20, nightly: 2000}
run: {for: 4m, settle: 30s}
fleet:
  rack: {count: 1000, id: "rack7-{i:04}", mode: {IDLE: 100%}, jitter: 10%, phase: spread}
  rest: {count: 9000, id: "{uuid}",       mode: {IDLE: 90%, SLEEP: 10%}, jitter: 10%}
timeline:
  - {id: cut, at: 70s, who: rack, do: die}
expect:
  alerts: {AGENT_DEATH: {exactly: cut, times: 1}, "*": none}
  detection: {of: cut, from: last_accepted, window: [2I, 2I + slack]}
  outbox: {dropped: 0}
  live: {answer_ms: {p99: "< 20"}, send_lag_ms: {p99: "< 5"}}
)";

TEST(ScenarioFile, IsReadIntoTheModel) {
  const Scenario s = read(kRack);
  EXPECT_EQ(s.file, "f");
  EXPECT_EQ(s.name, "rack-of-1000-dies");
  EXPECT_EQ(s.ci, (SeedRange{1, 20}));
  EXPECT_EQ(s.nightly, (SeedRange{1, 2000}));
  EXPECT_EQ(s.run_for, 4min);
  EXPECT_EQ(s.settle, 30s);
  ASSERT_EQ(s.fleet.size(), 2U);
  EXPECT_EQ(s.fleet[0].id, "rack7-{i:04}");
  EXPECT_EQ(s.fleet[1].mode[index_of(Mode::kIdle)], 900'000U);
  EXPECT_EQ(s.fleet[1].mode[index_of(Mode::kSleep)], 100'000U);
  EXPECT_EQ(s.fleet[1].jitter, 100'000U);
  ASSERT_EQ(s.timeline.size(), 1U);
  EXPECT_EQ(s.timeline[0].place.line, 10U);
  EXPECT_EQ(std::get<At>(s.timeline[0].when).time, 70s);
  EXPECT_EQ(s.timeline[0].who.sets, (std::vector{AgentSet{AgentSet::Kind::kGroup, 0}}));
  EXPECT_TRUE(std::holds_alternative<Die>(s.timeline[0].action));
  ASSERT_EQ(s.expect.alerts.size(), 2U);
  EXPECT_EQ(s.expect.alerts[0].type, protocol::AlertType::kAgentDeath);
  EXPECT_EQ(s.expect.alerts[0].agents, (std::vector{AgentSet{AgentSet::Kind::kEntry, 0}}));
  EXPECT_EQ(s.expect.alerts[0].times_from, 1U);
  EXPECT_EQ(s.expect.alerts[1].type, std::nullopt);
  EXPECT_EQ(s.expect.alerts[1].kind, SetKind::kNone);
  EXPECT_EQ(s.expect.detection[0].latest, (Bound{2'000'000, 1'000'000, 0}));
  EXPECT_EQ(s.expect.thresholds[0].metric, Metric::kOutboxDropped);
  EXPECT_EQ(s.expect.live[0].statistic, Statistic::kP99);
  EXPECT_EQ(s.expect.live[1].value, 5);
}

TEST(ScenarioFile, HasDefaultsForWhatIsNotSaid) {
  const Scenario s = read(Parts{});
  EXPECT_EQ(s.ci, (SeedRange{1, 1}));
  EXPECT_EQ(s.nightly, (SeedRange{1, 20}));
  EXPECT_EQ(s.settle, 30s);
  EXPECT_EQ(s.collector, CollectorConfig{});
  EXPECT_EQ(s.fleet[0].mode[index_of(Mode::kIdle)], kAll);
  EXPECT_EQ(s.fleet[0].phase, PhaseKind::kSpread);
  EXPECT_EQ(s.fleet[0].uptime_from, 1h);
  EXPECT_EQ(s.fleet[0].retry, Retry::kReal);
}

TEST(ScenarioFile, GivesAgentsThatJoinAFreshStart) {
  const Scenario s = read(Parts{.fleet = "  a: {count: 2, join: 1m}\n"
                                         "  b: {count: 2, join: {from: 30s}}\n"});
  EXPECT_EQ(s.fleet[0].join.over, 1min);
  EXPECT_EQ(s.fleet[0].phase, PhaseKind::kAligned);
  EXPECT_EQ(s.fleet[0].uptime_to, 0s);
  EXPECT_EQ(s.fleet[1].join_from, 30s);
  EXPECT_EQ(s.fleet[1].phase, PhaseKind::kSpread);
}

TEST(ScenarioFile, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_THAT(
      problems_of(R"(papsim: 2
nam: rack
about: x
seeds: {ci: 0..3}
run: {for: 4m, settle: 30 s}
fleet:
  rack: {cuont: 1000, id: {uuid}, mode: {IDLE: 90%}, jitter: 10, phase: spred}
  rack: {count: 3}
  none: {count: 0}
timeline:
  - {id: cut, at: 70s, who: rakc, do: dye}
  - {id: two, at: 70s, during: [1s, 2s], do: {station: dwon}}
  - {id: late, at: 5m, who: {group: rack, pick: 0}, do: die}
  - {id: net, at: 5s, who: rest, do: {net: {los: 5%}}}
collectr: {}
expect:
  alerts: {AGENT_DEATHS: none, AGENT_DEATH: {exactly: cat, times: 3..1}}
  outbox: {droped: 0, waiting: {p99: 3}, decided: "~3"}
  allow: [ttl_expire]
  reach: [rtold]
  detection: {of: cut, window: [2X, 2I]}
)"),
      ElementsAre(
          "1:9: papsim must be at most 1, not 2",
          "2:1: unknown key 'nam' in the scenario; did you mean 'name'?",
          "4:13: ci: '0..3' is no range of seeds; the first one is 1",
          "5:24: settle: '30 s' is not a duration, like 70s, 500ms or 1h30m",
          "7:10: unknown key 'cuont' in fleet.rack; did you mean 'count'?",
          "7:27: id: a text was expected, not a map; a text with braces wants quotes",
          "7:41: the shares of mode sum to 90%, not to 100%",
          "7:62: jitter: '10' is not a share, like 10% or 0.4%",
          "7:73: phase: 'spred' is not known here; did you mean 'spread'?",
          "8:3: 'rack' stands twice; first in line 7", "9:17: count must be at least 1, not 0",
          "11:29: there is no group or timeline entry 'rakc'; did you mean 'rack'?",
          "11:39: there is no verb 'dye'; did you mean 'die'?",
          "12:24: 'during' and 'at' exclude each other",
          "12:56: unknown key 'dwon' in timeline.two.station; did you mean 'down'?",
          "13:49: pick of 0 picks nobody",
          "14:28: there is no group or timeline entry 'rest'; there are rack, none, cut, two and "
          "late",
          "14:45: unknown key 'los' in timeline.net.net; did you mean 'loss'?",
          "15:1: unknown key 'collectr' in the scenario; did you mean 'collector'?",
          "17:12: unknown key 'AGENT_DEATHS' in expect.alerts; did you mean 'AGENT_DEATH'?",
          "17:55: there is no group or timeline entry 'cat'; did you mean 'cut'?",
          "17:67: times: '3..1' ends before it begins",
          "18:12: there is no figure 'droped' in expect.outbox; did you mean 'dropped'?",
          "18:33: 'waiting' has no 'p99'; there are value, min and max",
          "18:51: decided: '~3' is not a bound, like 0, \"<= 5\" or \"> 0\"",
          "19:11: there is no excuse 'ttl_expire'; did you mean 'ttl_expired'?",
          "20:11: there is no mark 'rtold'; did you mean 'retold'?",
          "21:33: window: '2X' is not a sum like 2I + slack or 2I + 500ms"));
}

TEST(ScenarioFile, SaysWhatIsMissing) {
  EXPECT_THAT(
      problems_of("papsim: 1\n"),
      ElementsAre("1:1: the scenario: 'about' is missing", "1:1: the scenario: 'expect' is missing",
                  "1:1: the scenario: 'fleet' is missing", "1:1: the scenario: 'name' is missing",
                  "1:1: the scenario: 'run' is missing"));
  EXPECT_THAT(problems_of("just words\n"),
              ElementsAre("1:1: the scenario must be a map, not 'just words'"));
  EXPECT_EQ(problem_of({.fleet = "  a: {id: x}\n"}), "fleet.a: 'count' is missing");
  EXPECT_EQ(problem_of({.timeline = "  - {id: cut, who: pods, do: die}\n"}),
            "timeline.cut: one of at, every or during is missing");
  EXPECT_EQ(problem_of({.timeline = "  - {id: cut, at: 1s, do: die}\n"}),
            "timeline.cut: 'who' is missing; whom does 'die' meet?");
  EXPECT_EQ(problem_of({.timeline = "  - {at: 1s, who: pods, do: die}\n"}),
            "timeline[1]: 'id' is missing");
}

TEST(ScenarioFile, MustExpectSomething) {
  EXPECT_EQ(problem_of({.expect = "{}"}),
            "the scenario expects nothing; say at least alerts: {\"*\": none}");
  EXPECT_EQ(problem_of({.expect = "{alerts: {\"*\": any}, allow: [queue_full]}"}),
            "the scenario expects nothing; say at least alerts: {\"*\": none}");
  EXPECT_THAT(problems_of(Parts{.expect = "{alerts: {\"*\": none}}"}), IsEmpty());
  EXPECT_THAT(problems_of(Parts{.expect = "{alerts: {}}"}), IsEmpty()) << "none by default";
}

TEST(ScenarioFile, KnowsEachNameOnce) {
  EXPECT_EQ(problem_of({.timeline = "  - {id: pods, at: 1s, who: pods, do: die}\n"}),
            "'pods' is already the name of a group");
  EXPECT_EQ(problem_of({.timeline = "  - {id: a, at: 1s, who: pods, do: die}\n"
                                    "  - {id: a, at: 2s, who: pods, do: revive}\n"}),
            "'a' is already the name of a timeline entry");
  EXPECT_EQ(problem_of({.fleet = "  collector: {count: 1}\n"}),
            "no group may be called 'collector'");
  EXPECT_EQ(problem_of({.fleet = "  7up: {count: 1}\n"}),
            "name of a group: '7up' is not a name of letters, digits, - and _, beginning with a "
            "letter");
}

TEST(ScenarioFile, SaysHowLongANameMayBe) {
  const std::string longest(64, 'a');
  EXPECT_THAT(problems_of(Parts{.fleet = "  " + longest + ": {count: 1}\n"}), IsEmpty());
  EXPECT_EQ(problem_of({.fleet = "  " + longest + "a: {count: 1}\n"}),
            "name of a group: a name has at most 64 characters, not 65");
}

TEST(ScenarioFile, TellsAProblemInOneLineWithoutControlCharacters) {
  const auto problems = problems_of(Parts{.fleet = "  a: {count: 1, id: \"test-{j}\\0\\e\"}\n"});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("test-{j}\\x00\\x1b"));
}

TEST(ScenarioFile, OfAFolderIsNoPipe) {
  const auto folder = std::filesystem::temp_directory_path() / "papsim_scenario_files_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.yaml") << kRack;
  ASSERT_EQ(::mkfifo((folder / "b.yaml").c_str(), 0600), 0);
  EXPECT_EQ(scenario_files(folder.string()),
            (std::vector<std::string>{(folder / "a.yaml").string()}));
  std::filesystem::remove_all(folder);
}

TEST(ScenarioFile, VariesSomethingWhereItSaysSo) {
  EXPECT_EQ(problem_of({.head = "vary: {}\n"}), "vary names no path");
}

TEST(ScenarioFile, KnowsAnEntryOnlyBelowIt) {
  EXPECT_EQ(problem_of({.timeline = "  - {id: back, at: 2s, who: cut, do: revive}\n"
                                    "  - {id: cut, at: 1s, who: pods, do: die}\n"}),
            "'cut' does not stand above this entry; whom it picks is not known here");
}

TEST(ScenarioFile, ReadsFromDisk) {
  const auto path = std::filesystem::temp_directory_path() / "papsim_scenario_file_test.yaml";
  std::ofstream(path) << kRack;
  EXPECT_TRUE(ScenarioFile::load(path.string()).good());
  std::filesystem::remove(path);
  const auto missing = ScenarioFile::load(path.string());
  ASSERT_EQ(missing.problems().size(), 1U);
  EXPECT_EQ(to_string("f", missing.problems()[0]), "f: No such file or directory");
  EXPECT_FALSE(ScenarioFile::load(std::filesystem::temp_directory_path().string()).good());
}

}  // namespace
}  // namespace pap::sim
