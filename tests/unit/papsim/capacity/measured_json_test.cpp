// SPDX-License-Identifier: MIT
#include "papsim/capacity/measured_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

PhasedTrial trial_of(Phase phase, std::uint32_t agents, TrialOutcome outcome,
                     std::uint64_t resident) {
  PhasedTrial trial;
  trial.phase = phase;
  trial.result.wish.agents = agents;
  trial.result.outcome = outcome;
  trial.result.rate = agents / 30.0;
  trial.result.answer_us.p99 = 1'500;
  trial.result.resident_bytes = resident;
  trial.result.cpu_percent = 41.26;
  trial.result.cpu_us_per_beat = 17.04;
  trial.result.canaries = agents / 1'000;
  return trial;
}

CapacityFound found_fleet() {
  CapacityFound found;
  found.agents = 9'000;
  found.beats_a_second = 300;
  found.held = 20'000;
  found.failed = 21'000;
  found.limited_by = "the incident \"everyone into EMERGENCY\"";
  found.trials = {trial_of(Phase::kSearch, 10'000, TrialOutcome::kHeld, 11'000'000),
                  trial_of(Phase::kSearch, 20'000, TrialOutcome::kHeld, 12'000'000),
                  trial_of(Phase::kSearch, 21'000, TrialOutcome::kFailed, 12'100'000)};
  found.trials.back().result.why = "answers take 31.0 ms at p99, bound 20 ms";
  found.incidents = {{Incident::kEmergency, 9'000, false, ""},
                     {Incident::kRestart, 0, false, "only a collector that papsim started"}};
  return found;
}

nlohmann::ordered_json json_of(const CapacityFound& found, bool quick = false) {
  std::string error;
  CapacityWish wish;
  wish.mix = *read_mode_mix("IDLE:100%", error);
  wish.quick = quick;
  return capacity_to_json({"started by papsim", "IDLE:100%", "fresh", {200, 1'000}, "cgroup", "c"},
                          wish, found);
}

TEST(CapacityJson, HasWhatWasFoundAndEveryTrial) {
  const auto json = json_of(found_fleet());
  EXPECT_EQ(json["kind"], "capacity");
  EXPECT_EQ(json["agents"], 9'000);
  EXPECT_EQ(json["bracket"]["held"], 20'000);
  EXPECT_EQ(json["bracket"]["failed"], 21'000);
  EXPECT_EQ(json["quota"]["cpu_millicores"], 200);
  ASSERT_EQ(json["trials"].size(), 3U);
  EXPECT_EQ(json["trials"][2]["outcome"], "failed");
  EXPECT_EQ(json["bounds"]["answer_p99_us"], 20'000);
  EXPECT_EQ(json["bounds"]["cpu_percent"], 70);
  EXPECT_EQ(json["trials"][2]["why"], "answers take 31.0 ms at p99, bound 20 ms");
  EXPECT_EQ(json["trials"][0]["cpu_percent_of_quota"], 41.3);
  EXPECT_EQ(json["trials"][0]["canaries_found"], 10);
  EXPECT_FALSE(json["trials"][2].contains("canaries_found"));
  EXPECT_EQ(json["incidents"][0]["agents"], 9'000);
  EXPECT_EQ(json["incidents"][1]["not_tested"], "only a collector that papsim started");
}

TEST(CapacityJson, ReckonsAnAgentsBytesWithoutWhatTheProcessNeedsForItself) {
  EXPECT_EQ(json_of(found_fleet())["bytes_per_agent"], 100.0);
  CapacityFound one = found_fleet();
  one.trials.resize(1);
  EXPECT_FALSE(json_of(one).contains("bytes_per_agent"));
}

TEST(CapacityText, SaysItInWords) {
  const std::string text = capacity_to_text(json_of(found_fleet()));
  EXPECT_THAT(text,
              AllOf(HasSubstr("9000 agents, 300 heartbeats a second\n"),
                    HasSubstr("limited by the incident"), HasSubstr("20000 agents"),
                    HasSubstr("failed: answers take 31.0 ms"),
                    HasSubstr("collector restarted      not tested"), Not(HasSubstr("rough"))));
  EXPECT_THAT(capacity_to_text(json_of(found_fleet(), true)), HasSubstr("rough: --quick"));
  CapacityFound stopped = found_fleet();
  stopped.whole = false;
  EXPECT_THAT(capacity_to_text(json_of(stopped)), HasSubstr("stopped before its end"));
}

TEST(LoadJson, HasItsSecondsAndWhatDidNotPassAlone) {
  SeedResult result;
  result.verdict = Verdict::kFailed;
  result.checks.resize(2);
  result.checks[1].verdict = Verdict::kFailed;
  result.checks[1].rule = "S1";
  result.live = LiveSummary{};
  result.live->planned = 10;
  result.live->ends = {{"answered", 9}, {"reset", 1}};
  Gauge::Second second;
  second.at = 1'000;
  second.accepted = 9;
  second.use = ProcessUse{std::chrono::milliseconds(12), 4'096};
  const auto json = load_to_json({"http://h:1", 10, "IDLE:100%", "fresh"}, result, {second});
  EXPECT_EQ(json["verdict"], "fail");
  ASSERT_EQ(json["checks"].size(), 1U);
  EXPECT_EQ(json["checks"][0]["rule"], "S1");
  EXPECT_EQ(json["seconds"][0]["accepted"], 9);
  EXPECT_EQ(json["seconds"][0]["collector_cpu_ms"], 12);
  EXPECT_THAT(load_to_text(json), AllOf(HasSubstr("planned 10"), HasSubstr("reset: 1"),
                                        HasSubstr("fail  S1"), HasSubstr("own lag")));
}

// Of a second with so many heartbeats, after which the collector has used so much CPU.
std::string load_text(std::uint64_t accepted, std::chrono::milliseconds cpu) {
  SeedResult result;
  result.live = LiveSummary{};
  Gauge::Second first;
  first.use = ProcessUse{std::chrono::milliseconds(10), 4'096};
  Gauge::Second second = first;
  second.accepted = accepted;
  second.use->cpu += cpu;
  return load_to_text(
      load_to_json({"http://h:1", 10, "IDLE:100%", "fresh"}, result, {first, second}));
}

TEST(LoadText, SaysHowMuchCpuAHeartbeatTakesWhereTheClockIsFineEnoughForIt) {
  using namespace std::chrono_literals;
  EXPECT_THAT(load_text(1'000, 100ms), HasSubstr("100.0 us of CPU a heartbeat"));
  EXPECT_THAT(load_text(1'000, 90ms), HasSubstr("too little CPU to say"));
  EXPECT_THAT(load_text(50, 0ms), Not(HasSubstr("0.0 us")));
}

}  // namespace
}  // namespace pap::sim
