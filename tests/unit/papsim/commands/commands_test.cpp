// SPDX-License-Identifier: MIT
// The command line from outside: what it prints where, and with which status it ends.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papsim/commands/command.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome papsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "papsim");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status = run_papsim(static_cast<int>(argv.size()), argv.data());
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

// A folder with files in it, gone with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("papsim_" + name())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& file, const std::string& text) const {
    std::ofstream(path_ / file) << text;
    return (path_ / file).string();
  }
  std::string path() const { return path_.string(); }

 private:
  static std::string name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }

  const std::filesystem::path path_;
};

TEST(Papsim, HelpsWithEachCommandByAnExample) {
  for (const Command& command : commands()) {
    const Outcome help = papsim({std::string(command.name), "--help"});
    EXPECT_EQ(help.status, kPass);
    EXPECT_THAT(help.out, HasSubstr("Usage: papsim " + std::string(command.name)));
    EXPECT_THAT(help.out, HasSubstr("Example:\n  papsim " + std::string(command.name)));
    EXPECT_THAT(help.out, HasSubstr("Exit status:"));
    EXPECT_EQ(help.err, "");
  }
  EXPECT_EQ(papsim({"--help"}).status, kPass);
  EXPECT_THAT(papsim({"--version"}).out, StartsWith("papsim 1."));
}

TEST(Papsim, EndsWith64OnAWrongCommandLine) {
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                {"chek"},
                                                {"check"},
                                                {"plan"},
                                                {"plan", "a", "b"},
                                                {"plan", "a", "--seed", "x"},
                                                {"expand", "--sed", "1", "a"},
                                                {"words", "all"}}) {
    const Outcome outcome = papsim(wrong);
    EXPECT_EQ(outcome.status, kUsage) << testing::PrintToString(wrong);
  }
  const Outcome typo = papsim({"chek"});
  EXPECT_EQ(typo.out, "");
  EXPECT_THAT(typo.err, HasSubstr("Try `papsim --help`."));
  EXPECT_THAT(papsim({"plan"}).err, HasSubstr("Try `papsim plan --help`."));
}

TEST(Papsim, TakesAsASeedAnyNumberOf64BitsAndNothingElse) {
  const Folder folder;
  const std::string file = folder.write("a.yaml", text_of({.run = "{for: 1m}"}));
  for (const char* wrong : {"-1", "18446744073709551616", "0x10", "7 ", "1..2", ""}) {
    for (const std::vector<std::string>& command : {std::vector<std::string>{"plan", file},
                                                    {"expand", file},
                                                    {"events", file},
                                                    {"shrink", file},
                                                    {"load", "http://127.0.0.1:1"},
                                                    {"swarm", "--print"}}) {
      std::vector<std::string> words = command;
      words.insert(words.end(), {"--seed", wrong});
      const Outcome outcome = papsim(words);
      EXPECT_EQ(outcome.status, kUsage) << testing::PrintToString(words);
      EXPECT_THAT(outcome.err,
                  HasSubstr("--seed: takes a whole number from 0 to 18446744073709551615, not \"" +
                            std::string{wrong} + "\""));
    }
  }
  EXPECT_THAT(papsim({"plan", file, "--seed", "18446744073709551615"}).out,
              StartsWith("story, seed 18446744073709551615\n"));
  EXPECT_THAT(papsim({"plan", file, "--seed", "010"}).out, StartsWith("story, seed 10\n"));
  EXPECT_THAT(papsim({"plan", file, "--seed", "0"}).out, StartsWith("story, seed 0\n"));
}

TEST(Papsim, RefusesMoreJobsThanThereCanBe) {
  const Folder folder;
  const std::string file = folder.write("a.yaml", text_of({.run = "{for: 1m}"}));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"replay", file}, {"small-worlds"}, {"swarm"}}) {
    for (const char* wrong : {"99999", "257", "0", "-1"}) {
      std::vector<std::string> words = command;
      words.insert(words.end(), {"--jobs", wrong});
      const Outcome outcome = papsim(words);
      EXPECT_EQ(outcome.status, kUsage) << testing::PrintToString(words);
      EXPECT_THAT(outcome.err, HasSubstr("1 to 256"));
    }
  }
}

TEST(PapsimShrink, WritesAFileThatRepeatsByItself) {
  const Folder folder;
  const std::string big = folder.write(
      "big.yaml",
      text_of({.run = "{for: 10m}",
               .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 3}, do: die}\n",
               .expect = "{alerts: {AGENT_DEATH: none, \"*\": any}}"}));
  const std::string small = folder.path() + "/my small.yaml";
  const Outcome shrunk = papsim({"shrink", big, "--seed", "7", "-o", small});
  EXPECT_EQ(shrunk.status, kPass);
  EXPECT_THAT(shrunk.err, HasSubstr("repeat: papsim replay '" + small + "' --seed 7\n"));
  const Outcome again = papsim({"replay", small});
  EXPECT_EQ(again.status, kFail);
  EXPECT_THAT(again.out, HasSubstr("  seed 7: fail\n"));
  EXPECT_THAT(papsim({"expand", small}).out,
              HasSubstr("about: \"Shrunk from story with seed 7: breaks alerts, AGENT_DEATH told, "
                        "and should not be.\""));
}

TEST(PapsimShrink, SaysThatItWasStoppedBeforeAnythingWasKnown) {
  const Folder folder;
  const std::string endless = folder.write(
      "a.yaml", text_of({.run = "{for: 3650d}", .fleet = "  pods: {count: 1000, jitter: 10%}\n"}));
  const Outcome outcome = papsim({"shrink", endless, "--for", "1ms"});
  EXPECT_EQ(outcome.status, kUnknown);
  EXPECT_THAT(outcome.err, HasSubstr("stopped before it was known whether anything fails"));
  EXPECT_EQ(outcome.out, "");
}

TEST(PapsimShrink, SaysOfAWrongScenarioWhatCheckSays) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.timeline = "  - {id: a, at: 1m, who: pods, do: revive}\n"}));
  const Outcome shrunk = papsim({"shrink", file});
  EXPECT_EQ(shrunk.status, kUsage);
  EXPECT_THAT(shrunk.err, HasSubstr("a.yaml:8:5: timeline.a: at 1m it meets nobody"));
  EXPECT_EQ(shrunk.err, papsim({"check", file}).err);
}

// --- what is to be written ---

const char* const kUnexpectedDeath =
    "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n";

TEST(PapsimShrink, PrintsWhatItsFileDoesNotTake) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.run = "{for: 4m}",
                                      .timeline = kUnexpectedDeath,
                                      .expect = "{alerts: {AGENT_DEATH: none, \"*\": any}}"}));
  const Outcome shrunk = papsim({"shrink", file, "-o", "/dev/full"});
  EXPECT_EQ(shrunk.status, kInvalid);
  EXPECT_THAT(shrunk.err, HasSubstr("cannot write /dev/full"));
  EXPECT_THAT(shrunk.out, HasSubstr("# in no file; this is it:\npapsim: 1\n"));
}

// A run that takes long enough to be noticed, were it begun.
std::string long_run() {
  return text_of({.run = "{for: 365d}", .fleet = "  pods: {count: 1000}\n"});
}

TEST(Papsim, RunsNothingForAnOutputThatCannotBeWritten) {
  const Folder folder;
  const std::string file = folder.write("a.yaml", long_run());
  const std::string nowhere = folder.path() + "/nowhere/out";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"replay", file, "--json", nowhere},
        {"replay", file, "--junit", nowhere},
        {"replay", file, "--report", nowhere},
        {"shrink", file, "-o", nowhere},
        {"load", "http://127.0.0.1:1", "--json", nowhere},
        {"capacity", "http://127.0.0.1:1", "--report", nowhere}}) {
    const Outcome outcome = papsim(command);
    EXPECT_EQ(outcome.status, kInvalid) << testing::PrintToString(command);
    EXPECT_EQ(outcome.err, "papsim: cannot write " + nowhere + ": No such file or directory\n");
    EXPECT_EQ(outcome.out, "");
  }
  const Outcome swarm = papsim({"swarm", "--for", "1h", "--cases", file + "/cases"});
  EXPECT_EQ(swarm.status, kInvalid);
  EXPECT_EQ(swarm.err, "papsim: --cases: cannot write into " + file + "/cases: Not a directory\n");
}

TEST(Papsim, LeavesAFileAloneUntilItHasSomethingForIt) {
  const Folder folder;
  const std::string wrong = folder.write("a.yaml", text_of({.run = "{fr: 4m}"}));
  const std::string json = folder.write("good.json", "{}");
  EXPECT_EQ(papsim({"replay", wrong, "--json", json, "--junit", folder.path() + "/new.xml"}).status,
            kUsage);
  std::string kept;
  std::ifstream(json) >> kept;
  EXPECT_EQ(kept, "{}");
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/new.xml"));
}

TEST(Papsim, RefusesTwoOutputsInOne) {
  const Folder folder;
  const std::string file = folder.write("a.yaml", long_run());
  const std::string out = folder.path() + "/out";
  EXPECT_EQ(papsim({"replay", file, "--json", "-", "--report", "-"}).err,
            "papsim: --json and --report would both be written to stdout\n");
  EXPECT_EQ(papsim({"replay", file, "--json", out, "--junit", folder.path() + "/./out"}).err,
            "papsim: --json and --junit would both be written to " + folder.path() + "/./out\n");
  EXPECT_EQ(papsim({"replay", file, "--json", out, "--report", out}).status, kUsage);
  EXPECT_EQ(papsim({"load", "http://127.0.0.1:1", "--json", "-", "--report", "-"}).status, kUsage);
}

TEST(PapsimReplay, PrintsNothingBesideWhatGoesToStdout) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.run = "{for: 3m}", .timeline = kUnexpectedDeath}));
  EXPECT_THAT(papsim({"replay", file, "--junit", "-"}).out, StartsWith("<?xml"));
  EXPECT_THAT(papsim({"replay", file, "--report", "-"}).out, StartsWith("<!DOCTYPE html>"));
}

TEST(PapsimCapacity, TakesAsAStartANumberOfAgents) {
  for (const char* wrong : {"0", "-1", "x"}) {
    EXPECT_THAT(papsim({"capacity", "http://127.0.0.1:1", "--start", wrong}).err,
                HasSubstr("--start: takes a whole number from 1 to 4294967295, not \"" +
                          std::string{wrong} + "\"\n"));
  }
}

TEST(PapsimCompare, NamesTheFileThatIsNoReport) {
  const Folder folder;
  const std::string good = folder.write("good.json", R"({"scenarios": []})");
  for (const char* text : {"{}", "[]", "no", R"({"scenarios": 7})", R"({"scenarios": [7]})",
                           R"({"scenarios": [{"name": 7, "seeds": [{"seed": "x"}]}]})",
                           R"({"scenarios": [{"name": "a", "seeds": [{"seed": 1, "outcome":
                              {"whole": true, "alerts": [{"type": 1}]}}]}]})"}) {
    const std::string bad = folder.write("bad.json", text);
    for (const auto& [one, other] : {std::pair{bad, good}, std::pair{good, bad}}) {
      const Outcome outcome = papsim({"compare", one, other});
      EXPECT_EQ(outcome.status, kUsage) << text;
      EXPECT_EQ(outcome.err, "papsim: " + bad + " is no JSON that `papsim replay --json` wrote\n");
    }
  }
}

TEST(PapsimCheck, IsContentWithGoodScenarios) {
  const Folder folder;
  folder.write("a.yaml", text_of({}));
  folder.write("b.yml", text_of({}));
  folder.write("notes.txt", "not a scenario");
  folder.write(".hidden.yaml", "not a scenario");
  EXPECT_EQ(papsim({"check", folder.path()}).out, "2 scenarios are good\n");
  EXPECT_EQ(papsim({"check", folder.path() + "/a.yaml"}).out, "1 scenario is good\n");
}

TEST(PapsimCheck, TellsAllThatIsWrongWithAllFiles) {
  const Folder folder;
  folder.write("a.yaml", text_of({.run = "{fr: 4m}"}));
  const std::string b = folder.write("b.yaml", text_of({.fleet = "  a: {count: 0}\n"}));
  folder.write("c.yaml", text_of({}));
  const Outcome outcome = papsim({"check", folder.path()});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("a.yaml:4:7: unknown key 'fr' in run; did you mean 'for'?\n"));
  EXPECT_THAT(outcome.err, HasSubstr(b + ":6:14: count must be at least 1, not 0\n"));
  EXPECT_EQ(outcome.out, "2 of 3 scenarios are not good\n");
}

TEST(PapsimCheck, TellsOfPicksThatOnlyAPlanFindsEmpty) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.timeline = "  - {id: a, at: 1m, who: pods, do: die}\n"
                                                  "  - {id: b, at: 2m, who: pods, do: die}\n"}));
  const Outcome outcome = papsim({"check", file});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_EQ(outcome.err,
            file + ":9:5: timeline.b: at 2m it meets nobody: none of them is alive (seed 1)\n");
}

TEST(PapsimReplay, EndsWith64WhereAPickIsEmpty) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.timeline = "  - {id: a, at: 1m, who: pods, do: die}\n"
                                                  "  - {id: b, at: 2m, who: pods, do: die}\n"}));
  const Outcome outcome = papsim({"replay", file});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_THAT(outcome.out, HasSubstr("invalid plan: timeline.b: at 2m it meets nobody: none of "
                                     "them is alive  (" +
                                     file + ":9)\n    repeat:"));
}

TEST(PapsimCheck, SaysWhereThereIsNothing) {
  const Folder folder;
  EXPECT_EQ(papsim({"check", folder.path()}).err, folder.path() + ": no scenario in it\n");
  const Outcome outcome = papsim({"check", folder.path() + "/x.yaml"});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_EQ(outcome.err, folder.path() + "/x.yaml: no such file or folder\n");
}

TEST(PapsimExpand, PrintsWhatReadsBack) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.head = "vary: {fleet.pods.count: 1..5}\n"}));
  const Outcome whole = papsim({"expand", file});
  EXPECT_EQ(whole.status, kPass);
  EXPECT_THAT(whole.out, HasSubstr("\"fleet.pods.count\": 1..5"));
  EXPECT_EQ(papsim({"expand", folder.write("b.yaml", whole.out)}).out, whole.out);
  const Outcome drawn = papsim({"expand", file, "--seed", "3"});
  EXPECT_THAT(drawn.out, testing::Not(HasSubstr("vary")));
  EXPECT_EQ(drawn.out, papsim({"expand", file, "--seed", "3"}).out);
}

TEST(PapsimPlan, IsOfTheSeedThatIsAskedFor) {
  const Folder folder;
  const std::string file = folder.write(
      "a.yaml",
      text_of({.head = "seeds: {ci: 4..9}\n",
               .timeline = "  - {id: a, at: 1m, who: {group: pods, pick: 1}, do: die}\n"}));
  EXPECT_THAT(papsim({"plan", file}).out, StartsWith("story, seed 4\n"));
  EXPECT_THAT(papsim({"plan", file, "--seed", "7"}).out, StartsWith("story, seed 7\n"));
  EXPECT_EQ(papsim({"plan", file + "x"}).status, kUsage);
}

TEST(PapsimEvents, PrintsEachEventWithTheDigestOfAllUpToIt) {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", text_of({.run = "{for: 61s}",
                                      .fleet = "  pods: {count: 1}\n",
                                      .timeline = "  - {id: a, at: 1m, who: pods, do: die}\n"}));
  const Outcome outcome = papsim({"events", file});
  EXPECT_EQ(outcome.status, kPass);
  // By time, kind and whose.
  EXPECT_THAT(outcome.out, testing::ContainsRegex("(^|\n)0 beat 0 [0-9a-f]{16}\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\n30001 beat 0 "));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\n60000 stop [0-9a-f]{16}\n"));
  EXPECT_EQ(papsim({"events", file}).out, outcome.out);
}

TEST(PapsimEvents, EndsWithTheDigestThatTheReportHas) {
  const Folder folder;
  const std::string file = folder.write(
      "a.yaml",
      text_of({.run = "{for: 5m}",
               .timeline = "  - {id: a, at: 1m, who: {group: pods, pick: 1}, do: die}\n"}));
  const std::string report = papsim({"replay", file, "--seed", "3", "--json", "-"}).out;
  const std::size_t digest = report.find("\"digest\": \"") + 11;
  const std::string events = papsim({"events", file, "--seed", "3"}).out;
  ASSERT_GT(events.size(), 17U);
  EXPECT_EQ(events.substr(events.size() - 17, 16), report.substr(digest, 16));
}

}  // namespace
}  // namespace pap::sim
