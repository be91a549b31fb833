// SPDX-License-Identifier: MIT
#include "papsim/run/chronicle.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/run/run_story.hpp"

namespace pap::sim {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

// One agent of ten, beating each 30 s from 0 s on; nobody else is written of.
class Told {
 public:
  explicit Told(const Parts& parts, Chronicle::Moments ids = {{0, {}}})
      : scenario_(read(parts)), plan_(plan_of(scenario_)), chronicle_(scenario_, plan_, ids) {
    world_ = std::make_unique<World>(scenario_, plan_, chronicle_);
    chronicle_.watch(*world_);
    world_->run();
  }

  std::vector<std::string> lines(std::optional<AgentNumber> id = 0,
                                 std::optional<WorldTime> until = {}) const {
    std::vector<std::string> lines;
    for (const Story::Event& event : chronicle_.story(id, until).events) {
      lines.push_back(std::to_string(event.at) + ' ' + event.what);
    }
    return lines;
  }
  Story story() const { return chronicle_.story(0, {}); }

 private:
  const Scenario scenario_;
  const Plan plan_;
  Chronicle chronicle_;
  std::unique_ptr<World> world_;
};

const char* const kOneDies =
    "  - {id: cut, at: 100s, who: {group: pods, pick: 1, order: id}, do: die}\n";

TEST(Chronicle, TellsADeathFromTheLastBeatsToTheStationsAnswer) {
  const Told told({.run = "{for: 3m}", .timeline = kOneDies});
  EXPECT_THAT(
      told.lines(),
      ElementsAre("0 the collector begins, and knows nobody", "0 a heartbeat",
                  HasSubstr(" heartbeat accepted: IDLE, uptime 3630.001 s"),
                  HasSubstr(" heartbeat accepted: IDLE, uptime 3660.002 s"),
                  HasSubstr(" heartbeat accepted: IDLE, uptime 3690.003 s"),
                  "100000 cut: its process ends",
                  "153003 decided dead, 1m3s after its last heartbeat (no process of it runs)",
                  "153003 AGENT_DEATH posted, key start0-1",
                  "153008 the Station answers 200 (start0-1)", "180000 all faults are healed"));
}

TEST(Chronicle, SaysWhereThePlanWasWritten) {
  const Told told({.run = "{for: 3m}", .timeline = kOneDies});
  const Story story = told.story();
  EXPECT_EQ(story.agent, "pod-0");
  std::size_t planned = 0;
  for (const Story::Event& event : story.events) {
    if (event.place.line > 0) {
      ++planned;
      EXPECT_EQ(event.place.line, 8U) << event.what;
    }
  }
  EXPECT_EQ(planned, 1U);
}

TEST(Chronicle, EndsAtTheMomentAskedForWithTheBeatsBeforeIt) {
  const Told told({.run = "{for: 10m}"}, {{0, {95'000}}});
  EXPECT_THAT(told.lines(0, 95'000),
              ElementsAre("0 the collector begins, and knows nobody", "0 a heartbeat",
                          StartsWith("30001 heartbeat"), StartsWith("60002 heartbeat"),
                          StartsWith("90003 heartbeat")));
}

TEST(Chronicle, TellsOfAPauseAndOfWhoKeptAwayAfterIt) {
  const Told told({.run = "{for: 10m}",
                   .timeline = "  - {id: stall, at: 85s, do: {collector: {pause: 20s}}}\n"});
  const auto lines = told.lines();
  EXPECT_THAT(lines, Contains("85000 stall: collector pause begins"));
  EXPECT_THAT(lines, Contains("105000 stall: collector pause ends"));
  EXPECT_THAT(lines, Contains(HasSubstr("105000 the collector goes on, after it was still for")));
}

TEST(Chronicle, TellsOfABeatThatFailedAndWhoKeepsAwaySince) {
  const Told told({.run = "{for: 10m}",
                   .timeline = "  - {id: dark, during: [85s, 100s], who: pods, "
                               "do: {net: {cut: to}}}\n"});
  const auto lines = told.lines();
  EXPECT_THAT(lines, Contains("95003 a beat of it has failed, and it keeps away until 2m35.004s"));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("decided dead"),
                                    HasSubstr("its process runs, and keeps away until 2m35.0"))));
}

TEST(Chronicle, TellsOfRefusalsAndTheirReasons) {
  const Told told({.head = "collector: {max_agents: 10}\n",
                   .run = "{for: 1m}",
                   .fleet = "  pods: {count: 10, id: \"pod-{i}\"}\n"
                            "  late: {count: 1, id: late, join: {from: 40s}}\n"},
                  {{10, {}}});
  EXPECT_THAT(told.lines(10), Contains("40000 heartbeat refused: the table is full"));
}

TEST(Chronicle, TellsWithoutAnAgentWhatTheTimelineDidToHowMany) {
  const Told told({.run = "{for: 3m}",
                   .timeline = std::string{kOneDies} + "  - {id: dark, during: [1m, 2m], "
                                                       "do: {station: down}}\n"});
  EXPECT_THAT(
      told.lines(std::nullopt),
      ElementsAre("0 the collector begins, and knows nobody", "60000 dark: station down begins",
                  "100000 cut: 1 agent, its process ends", "120000 dark: station down ends",
                  "180000 all faults are healed"));
}

// Nobody but the first is in a queue of one, and the Station is away.
const char* const kFullQueue = "collector: {alert_queue_max_size: 1}\n";
const char* const kSixRestart =
    "  - {id: dark, during: [90s, 4m], do: {station: down}}\n"
    "  - {id: cut, at: 100s, who: {group: pods, pick: 6, order: id}, do: {restart: {down: 20s}}}\n";

TEST(Chronicle, TellsOfAnAlertThatIsDroppedAndOfTheStationThatIsAway) {
  const Told told({.head = kFullQueue, .run = "{for: 6m}", .timeline = kSixRestart});
  const auto lines = told.lines();
  EXPECT_THAT(lines, Contains(HasSubstr("RESTART_DETECTED dropped: the queue is full")));
  EXPECT_THAT(lines, Contains(HasSubstr("to the collector the Station is away")));
  EXPECT_THAT(lines, Contains(HasSubstr("to the collector the Station is back")));
}

TEST(Chronicle, TellsOfAnAlertThatIsToldAfresh) {
  const Told told({.head = "collector: {alert_queue_ttl_ms: 10s}\n",
                   .run = "{for: 10m}",
                   .timeline = std::string{kOneDies} + "  - {id: dark, during: [2m, 5m], "
                                                       "do: {station: down}}\n"});
  const auto lines = told.lines();
  EXPECT_THAT(lines, Contains(HasSubstr("AGENT_DEATH dropped: its time ran out")));
  EXPECT_THAT(lines, Contains(HasSubstr("AGENT_DEATH is to be told afresh")));
}

TEST(Chronicle, LeavesOutTheMiddleOfALongStory) {
  const Told told({.run = "{for: 1h}",
                   .timeline = "  - {id: loop, every: {each: 10s, from: 1m, to: 50m}, "
                               "who: {group: pods, pick: 1, order: id}, do: restart}\n"});
  const auto lines = told.lines();
  EXPECT_THAT(lines, SizeIs(Chronicle::kMostEvents));
  EXPECT_THAT(lines, Contains(HasSubstr("… and ")));
  EXPECT_THAT(lines.front(), StartsWith("0 the collector begins"));
  EXPECT_THAT(lines, Contains("3600000 all faults are healed"));
}

// --- with a verdict ---

TEST(AFailure, TellsTheStoryOfTheAgentUpToTheBrokenRule) {
  const SeedResult result = result_of({.head = "fails: L6\nsabotage: forget_living\n",
                                       .run = "{for: 3m}",
                                       .expect = "{alerts: {\"*\": none}}"});
  const Check* row = row_of(result, "S12");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->verdict, Verdict::kFailed);
  EXPECT_THAT(row->value, HasSubstr("pod-0 was forgotten without a word"));
  EXPECT_EQ(row->bound, "never");
  EXPECT_EQ(row->population, 10U);
  ASSERT_THAT(row->stories, SizeIs(1));
  EXPECT_EQ(row->stories[0].agent, "pod-0");
  const Story::Event& last = row->stories[0].events.back();
  EXPECT_EQ(last.at, 60'002);
  EXPECT_THAT(last.what, StartsWith("here S12 is broken: the table keeps its cap"));
}

TEST(AFailure, OfAnExpectationTellsTheStoriesOfWhomItMissed) {
  const SeedResult result =
      result_of({.run = "{for: 3m}",
                 .timeline = kOneDies,
                 .expect = "{alerts: {AGENT_DEATH: {exactly: cut, times: 2}}}"});
  const Check* row = row_of(result, "alerts");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->bound, "exactly 1 agent, 2 times each");
  ASSERT_THAT(row->stories, SizeIs(1));
  EXPECT_EQ(row->stories[0].agent, "pod-0");
  EXPECT_EQ(row->stories[0].events.back().place.line, row->place.line);
}

TEST(AFailure, OfManyAlertsTellsTheStoryOfAnAgentOnce) {
  // One in a queue of one, over and over: of some agents two alerts are dropped.
  const SeedResult result =
      result_of({.head = kFullQueue,
                 .run = "{for: 6m}",
                 .fleet = "  pods: {count: 6, id: \"pod-{i}\", mode: EMERGENCY, retry: steady}\n",
                 .timeline = kSixRestart,
                 .expect = "{alerts: {\"*\": any}, agents: {total: 6}}"});
  const Check* row = row_of(result, "L2");
  ASSERT_NE(row, nullptr);
  ASSERT_THAT(row->stories, SizeIs(2));
  EXPECT_NE(row->stories[0].agent, row->stories[1].agent);
}

TEST(AFailure, OfNobodyAloneTellsWhatHappenedToTheCollector) {
  const SeedResult result =
      result_of({.run = "{for: 3m}", .timeline = kOneDies, .expect = "{outbox: {dropped: 1}}"});
  const Check* row = row_of(result, "thresholds");
  ASSERT_NE(row, nullptr);
  ASSERT_THAT(row->stories, SizeIs(1));
  EXPECT_EQ(row->stories[0].agent, "");
  EXPECT_THAT(row->stories[0].events.back().what,
              StartsWith("not as thresholds has it: outbox.dropped"));
}

TEST(AFailure, IsTheOnlyThingThatHasAStory) {
  const SeedResult result = result_of({.run = "{for: 3m}", .timeline = kOneDies});
  EXPECT_EQ(result.verdict, Verdict::kPassed) << failures_of(result);
  for (const Check& check : result.checks) EXPECT_THAT(check.stories, SizeIs(0)) << check.rule;
}

}  // namespace
}  // namespace pap::sim
