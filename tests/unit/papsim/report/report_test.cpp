// SPDX-License-Identifier: MIT
#include "papsim/report/report.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::sim {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

Check check(Verdict verdict, const char* rule, const char* what) {
  Check check;
  check.verdict = verdict;
  check.rule = rule;
  check.what = what;
  check.value = "3";
  check.bound = "<= 2";
  check.population = 7;
  return check;
}

SeedResult seed(std::uint64_t number, Verdict verdict, std::vector<Check> checks = {}) {
  SeedResult result;
  result.seed = number;
  result.verdict = verdict;
  result.checks = std::move(checks);
  result.digest = 0xabc;
  result.heartbeats = 1'000;
  result.alerts = 2;
  result.virtual_ms = 60'000;
  return result;
}

ScenarioResult scenario(std::vector<SeedResult> seeds) {
  return {"fast/story.yaml", "story", "A story.", std::move(seeds)};
}

Verdict over(std::vector<Verdict> verdicts) {
  ScenarioResult result;
  for (const Verdict verdict : verdicts) result.seeds.push_back(seed(1, verdict));
  return verdict_of(result);
}

TEST(VerdictOfAScenario, IsFailThenInvalidThenPassAndUnknownOnlyIfNoSeedTestedIt) {
  using V = Verdict;
  EXPECT_EQ(over({V::kPassed, V::kPassed}), V::kPassed);
  EXPECT_EQ(over({V::kUntested, V::kPassed, V::kUntested}), V::kPassed);
  EXPECT_EQ(over({V::kUntested, V::kUntested}), V::kUntested);
  EXPECT_EQ(over({V::kPassed, V::kVoid, V::kUntested}), V::kVoid);
  EXPECT_EQ(over({V::kVoid, V::kFailed, V::kPassed}), V::kFailed);
  EXPECT_EQ(over({}), V::kUntested);
}

// --- JSON ---

TEST(ReportJson, HasAllOfAllSeeds) {
  Check row = check(Verdict::kFailed, "S1", "no death too early");
  row.place = {12, 5};
  row.chain = {"first", "then"};
  const Json report =
      to_json({scenario({seed(7, Verdict::kFailed, {row}), seed(8, Verdict::kPassed)})});
  EXPECT_EQ(report["papsim"], 1);
  EXPECT_EQ(report["schema"], 2);
  ASSERT_EQ(report["scenarios"].size(), 1U);
  const Json& one = report["scenarios"][0];
  EXPECT_EQ(one["file"], "fast/story.yaml");
  EXPECT_EQ(one["name"], "story");
  EXPECT_EQ(one["about"], "A story.");
  EXPECT_EQ(one["verdict"], "fail");
  ASSERT_EQ(one["seeds"].size(), 2U);
  const Json& first = one["seeds"][0];
  EXPECT_EQ(first["seed"], 7);
  EXPECT_EQ(first["verdict"], "fail");
  EXPECT_EQ(first["interrupted"], false);
  EXPECT_EQ(first["digest"], "0000000000000abc");
  EXPECT_EQ(first["virtual_ms"], 60'000);
  EXPECT_EQ(first["heartbeats"], 1'000);
  EXPECT_EQ(first["alerts"], 2);
  const Json& told = first["checks"][0];
  EXPECT_EQ(told["verdict"], "fail");
  EXPECT_EQ(told["rule"], "S1");
  EXPECT_EQ(told["what"], "no death too early");
  EXPECT_EQ(told["line"], 12);
  EXPECT_EQ(told["column"], 5);
  EXPECT_EQ(told["value"], "3");
  EXPECT_EQ(told["bound"], "<= 2");
  EXPECT_EQ(told["population"], 7);
  EXPECT_EQ(told["chain"], Json::array({"first", "then"}));
  EXPECT_EQ(one["seeds"][1]["checks"], Json::array());
}

TEST(ReportJson, LeavesOutPlaceAndCausesThatThereAreNot) {
  const Json report =
      to_json({scenario({seed(1, Verdict::kPassed, {check(Verdict::kPassed, "rules", "kept")})})});
  const Json& row = report["scenarios"][0]["seeds"][0]["checks"][0];
  EXPECT_FALSE(row.contains("line"));
  EXPECT_FALSE(row.contains("chain"));
}

TEST(ReportJson, HoldsTheNameOfAnyFile) {
  ScenarioResult result = scenario({seed(1, Verdict::kFailed)});
  result.file = "\xff.yaml";
  const Json report = to_json({result});
  EXPECT_THAT(report.dump(), HasSubstr("\xef\xbf\xbd.yaml"));
  EXPECT_THAT(to_text(report), Not(HasSubstr("\xff")));
  EXPECT_THAT(to_junit(report), Not(HasSubstr("\xff")));
}

// --- text ---

std::string text_of(std::vector<SeedResult> seeds) {
  return to_text(to_json({scenario(std::move(seeds))}));
}

TEST(ReportText, IsOneLineForAScenarioThatPassed) {
  EXPECT_EQ(text_of({seed(1, Verdict::kPassed, {check(Verdict::kPassed, "rules", "kept")}),
                     seed(2, Verdict::kUntested, {check(Verdict::kUntested, "fault", "cut")})}),
            "pass    story  2 seeds, 2000 heartbeats, 4 alerts\n");
}

TEST(ReportText, TellsWhatFailedWithValueBoundPopulationLineCausesAndTheCommandThatRepeatsIt) {
  Check row = check(Verdict::kFailed, "thresholds", "outbox.dropped");
  row.place = {12, 5};
  row.chain = {"it rained"};
  EXPECT_EQ(text_of({seed(1, Verdict::kPassed),
                     seed(4, Verdict::kFailed, {check(Verdict::kPassed, "rules", "kept"), row})}),
            "fail    story  2 seeds, 2000 heartbeats, 4 alerts\n"
            "  seed 4: fail\n"
            "    fail    thresholds: outbox.dropped  (fast/story.yaml:12)\n"
            "            value 3, bound <= 2, population 7\n"
            "            because it rained\n"
            "    repeat: papsim replay fast/story.yaml --seed 4\n");
}

TEST(ReportText, IsDrawnFromTheJsonAlone) {
  Json report = to_json({scenario(
      {seed(4, Verdict::kFailed, {check(Verdict::kFailed, "S1", "no death too early")})})});
  report["scenarios"][0]["name"] = "another";
  report["scenarios"][0]["seeds"][0]["checks"][0]["value"] = "changed";
  EXPECT_THAT(to_text(report), HasSubstr("fail    another"));
  EXPECT_THAT(to_text(report), HasSubstr("value changed"));
  // As it is after a way through a file.
  EXPECT_EQ(to_text(Json::parse(report.dump())), to_text(report));
}

TEST(ReportText, TellsOfThreeSeedsAndTenRowsAndCountsTheRest) {
  std::vector<Check> rows(12, check(Verdict::kFailed, "S1", "no death too early"));
  std::vector<SeedResult> seeds;
  for (std::uint64_t number = 1; number <= 5; ++number) {
    seeds.push_back(seed(number, Verdict::kFailed, rows));
  }
  const std::string text = text_of(std::move(seeds));
  EXPECT_THAT(text, HasSubstr("  seed 3: fail\n"));
  EXPECT_THAT(text, Not(HasSubstr("  seed 4: fail\n")));
  EXPECT_THAT(text, HasSubstr("    and 2 more\n"));
  EXPECT_THAT(text, HasSubstr("  and 2 more seeds\n"));
}

// Which of several rows and seeds are shown, by where they stand in the text; in order.
void expect_in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t from = 0;
  for (const std::string& part : parts) {
    const std::size_t at = text.find(part, from);
    ASSERT_NE(at, std::string::npos) << part << " is missing, or too early, in\n" << text;
    from = at + part.size();
  }
}

TEST(ReportText, LeavesOutNoFailureForWhatWasNotTested) {
  std::vector<Check> rows(12, check(Verdict::kUntested, "fault", "bit nobody"));
  rows.push_back(check(Verdict::kVoid, "run", "was late"));
  rows.push_back(check(Verdict::kFailed, "S1", "the first"));
  rows.push_back(check(Verdict::kFailed, "S1", "the second"));
  const std::string text = text_of({seed(1, Verdict::kFailed, rows)});
  expect_in_order(text, {"S1: the first", "S1: the second", "run: was late", "fault: bit nobody",
                         "    and 5 more\n"});
}

TEST(ReportText, LeavesOutNoSeedThatFailedForOnesThatTestedNothing) {
  std::vector<SeedResult> seeds;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    seeds.push_back(seed(number, Verdict::kUntested));
  }
  seeds.push_back(seed(4, Verdict::kVoid));
  seeds.push_back(seed(5, Verdict::kFailed));
  const std::vector<std::string> order{"seed 5: fail", "seed 4: invalid", "seed 1: unknown",
                                       "and 2 more seeds\n"};
  expect_in_order(text_of(seeds), order);
  expect_in_order(to_junit(to_json({scenario(seeds)})), order);
}

TEST(ReportText, CountsOneAsOne) {
  SeedResult one = seed(1, Verdict::kPassed);
  one.heartbeats = one.alerts = 1;
  EXPECT_EQ(text_of({one}), "pass    story  1 seed, 1 heartbeat, 1 alert\n");
  const std::vector<SeedResult> four(4, seed(1, Verdict::kFailed));
  EXPECT_THAT(text_of(four), HasSubstr("  and 1 more seed\n"));
}

TEST(ReportText, TellsTheStoryOfAFailureWithItsTimesAndLines) {
  Check row = check(Verdict::kFailed, "S1", "no death too early");
  row.stories = {{"pod-1", {{70'000, {9, 3}, "dies"}, {133'000, {}, "decided dead"}}}};
  const std::string text = text_of({seed(1, Verdict::kFailed, {row})});
  EXPECT_THAT(text, HasSubstr("story of pod-1\n"));
  EXPECT_THAT(text, HasSubstr("dies  (fast/story.yaml:9)\n"));
  EXPECT_THAT(text, HasSubstr("decided dead\n"));
}

// --- JUnit ---

std::string junit_of(std::vector<SeedResult> seeds) {
  return to_junit(to_json({scenario(std::move(seeds))}));
}

TEST(ReportJunit, HasACaseForEachScenario) {
  EXPECT_EQ(junit_of({seed(1, Verdict::kPassed)}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"papsim\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
            "  <testcase classname=\"fast/story.yaml\" name=\"story\"></testcase>\n"
            "</testsuite>\n");
}

TEST(ReportJunit, CallsFailFailureInvalidErrorAndUnknownSkipped) {
  const auto failed = junit_of({seed(1, Verdict::kFailed)});
  EXPECT_THAT(failed, HasSubstr("failures=\"1\" errors=\"0\" skipped=\"0\""));
  EXPECT_THAT(failed, HasSubstr("<failure message=\"fail\">"));
  const auto invalid = junit_of({seed(1, Verdict::kVoid)});
  EXPECT_THAT(invalid, HasSubstr("failures=\"0\" errors=\"1\" skipped=\"0\""));
  EXPECT_THAT(invalid, HasSubstr("<error message=\"invalid\">"));
  const auto unknown = junit_of({seed(1, Verdict::kUntested)});
  EXPECT_THAT(unknown, HasSubstr("failures=\"0\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(unknown, HasSubstr("<skipped message=\"unknown: nothing was tested\">"));
}

TEST(ReportJunit, SaysOfWhatNothingWasTested) {
  Check bite = check(Verdict::kUntested, "fault", "dark");
  bite.value = "0 bites";
  const auto xml =
      junit_of({seed(1, Verdict::kUntested, {check(Verdict::kPassed, "S1", "a"), bite})});
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"unknown: fault: dark: 0 bites\">unknown story"));
  EXPECT_THAT(xml, HasSubstr("unknown fault: dark\n            value 0 bites"));
}

TEST(ReportJunit, EscapesWhatXmlCannotHold) {
  ScenarioResult result =
      scenario({seed(1, Verdict::kFailed, {check(Verdict::kFailed, "S1", "a < b & c > \"d\"")})});
  result.file = "a&b<\"c\">.yaml";
  result.seeds[0].checks[0].value = std::string{"bell\x07 tab\t"};
  const std::string xml = to_junit(to_json({result}));
  EXPECT_THAT(xml, HasSubstr("classname=\"a&amp;b&lt;&quot;c&quot;&gt;.yaml\""));
  EXPECT_THAT(xml, HasSubstr("a &lt; b &amp; c &gt; &quot;d&quot;"));
  EXPECT_THAT(xml, HasSubstr("bell? tab\t"));
}

TEST(ReportJunit, TellsOfAFailureAsTheTextDoes) {
  EXPECT_THAT(junit_of({seed(4, Verdict::kFailed, {check(Verdict::kFailed, "S1", "too early")})}),
              HasSubstr("    repeat: papsim replay fast/story.yaml --seed 4\n</failure>"));
}

// --- stopped before the end ---

TEST(AReport, OfAStoppedReplayCountsWhatWasNotRun) {
  ScenarioResult begun = scenario({seed(1, Verdict::kPassed)});
  begun.not_run = 2;
  ScenarioResult waiting = scenario({});
  waiting.file = "fast/other.yaml";
  waiting.name = "other";
  waiting.not_run = 20;
  const Json report = to_json({begun, waiting});
  ASSERT_EQ(report["scenarios"].size(), 1U);
  EXPECT_EQ(report["not_run"].dump(), R"([{"file":"fast/story.yaml","name":"story","seeds":2},)"
                                      R"({"file":"fast/other.yaml","name":"other","seeds":20}])");
  EXPECT_THAT(to_text(report), HasSubstr("not run: 22 seeds of 2 scenarios\n"));
  const std::string xml = to_junit(report);
  EXPECT_THAT(xml, HasSubstr("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"fast/other.yaml\" name=\"other\"><skipped "
                             "message=\"not run: 20 seeds, stopped before\"/></testcase>\n"));
}

TEST(AReport, OfAWholeReplayHasNothingThatWasNotRun) {
  const Json report = to_json({scenario({seed(1, Verdict::kPassed)})});
  EXPECT_FALSE(report.contains("not_run"));
  EXPECT_THAT(to_text(report), Not(HasSubstr("not run")));
}

}  // namespace
}  // namespace pap::sim
