// SPDX-License-Identifier: MIT
// The command line from outside, as far as no collector is asked.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/commands/command.hpp"

namespace pap::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome papctl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "papctl");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status = run_papctl(static_cast<int>(argv.size()), argv.data());
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

TEST(CommandLine, HasAPageOfExitStatusesInItsHelp) {
  const Outcome help = papctl({"--help"});
  EXPECT_EQ(help.status, kFine);
  EXPECT_THAT(help.err, IsEmpty());
  for (const char* text : {"Exit status:", "124  timed out", "130  stopped by Ctrl-C",
                           "PAPCTL_COLLECTOR", "--key-file", "agents", "observe"}) {
    EXPECT_THAT(help.out, HasSubstr(text));
  }
}

TEST(CommandLine, HelpsWithEveryCommandByAnExample) {
  for (const Command& command : commands()) {
    std::vector<std::string> words;
    if (!command.group.empty()) words.emplace_back(command.group);
    words.emplace_back(command.name);
    std::string example = "  papctl";
    for (const std::string& word : words) example += ' ' + word;
    words.emplace_back("--help");
    const Outcome help = papctl(words);
    EXPECT_EQ(help.status, kFine) << example;
    EXPECT_THAT(help.out, HasSubstr(example));
    EXPECT_THAT(help.out, HasSubstr("Exit status:"));
  }
}

TEST(CommandLine, TellsItsVersion) {
  const Outcome version = papctl({"--version"});
  EXPECT_EQ(version.status, kFine);
  EXPECT_THAT(version.out, testing::StartsWith("papctl "));
}

TEST(CommandLine, NamesTheNearestCommandForATypo) {
  for (const auto& [words, meant] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"agnets", "list"}, "did you mean agents?"},
           {{"agents", "lst"}, "did you mean list?"},
           {{"agents", "delte", "x"}, "did you mean delete?"},
           {{"staus"}, "did you mean status?"},
           {{"metric"}, "did you mean metrics?"}}) {
    const Outcome outcome = papctl(words);
    EXPECT_EQ(outcome.status, kUsage);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr(meant));
  }
  const Outcome stranger = papctl({"agents", "xyzzy"});
  EXPECT_EQ(stranger.status, kUsage);
  EXPECT_THAT(stranger.err, HasSubstr("no command \"xyzzy\""));
  EXPECT_THAT(stranger.err, Not(HasSubstr("did you mean")));
}

TEST(CommandLine, RefusesWhatMakesNoSenseAndSaysWhereHelpIs) {
  for (const auto& [words, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"agents", "list", "--nonsense"}, "--nonsense"},
           {{"agents", "list", "--mode", "lazy"}, "\"lazy\" is no mode"},
           {{"agents", "list", "--healthy", "--unhealthy"}, "--unhealthy"},
           {{"agents", "list", "--limit", "-1"}, "\"-1\" is no count"},
           {{"agents", "list", "--sort-by", "colour"}, "colour"},
           {{"agents", "list", "-o", "xml"}, "xml"},
           {{"agents", "list", "--color", "pink"}, "pink"},
           {{"agents", "get"}, "ID"},
           {{"agents", "get", ""}, "empty"},
           {{"agents", "get", "a", ""}, "empty"},
           {{"agents", "delete", "", "--yes"}, "empty"},
           {{"agents", "wait", "", "--for", "unhealthy"}, "empty"},
           {{"observe", "agent", ""}, "empty"},
           {{"heartbeat", "send", ""}, "empty"},
           {{"alerts", "list", "--limit", "-1"}, "--limit"},
           {{"observe", "agent", "--all", "--count", "-1"}, "--count"},
           {{"agents", "wait", "a"}, "--for"},
           {{"agents", "wait", "a", "--for", "rich"}, "\"rich\" cannot be waited for"},
           {{"agents", "wait", "a", "--for", "gone", "--timeout", "5"}, "\"5\" is no duration"},
           {{"observe", "agent", "--count", "x", "--all"}, "--count"},
           {{"heartbeat", "send", "a", "--uptime", "-1"}, "\"-1\" is no number of seconds"},
           {{"heartbeat", "send", "a", "--uptime", "inf"}, "\"inf\" is no number"},
           {{"heartbeat", "send", "a", "--uptime", "nan"}, "\"nan\" is no number"},
           {{"status", "--cert", "file"}, "--key"}}) {
    const Outcome outcome = papctl(words);
    EXPECT_EQ(outcome.status, kUsage) << why;
    EXPECT_THAT(outcome.out, IsEmpty()) << why;
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_THAT(outcome.err, HasSubstr("--help`"));
  }
}

TEST(CommandLine, RefusesWhatOnlyTheCommandCanTell) {
  for (const auto& [words, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"observe", "agent"}, "whom?"},
           {{"observe", "agent", "a", "--all"}, "exclude each other"},
           {{"agents", "list", "-o", "raw"}, "-o raw is for"},
           {{"agents", "list", "-c", "ftp://x"}, "is no collector's address"},
           {{"agents", "wait", "a", "--for", "gone", "-c", "a", "-c", "b"}, "asks one collector"},
           {{"agents", "list", "-c", "http://me:secret@host"}, "no place for a user"}}) {
    const Outcome outcome = papctl(words);
    EXPECT_EQ(outcome.status, kUsage) << why;
    EXPECT_THAT(outcome.err, HasSubstr(why));
  }
}

TEST(CommandLine, WithoutACommandShowsItsHelp) {
  const Outcome nothing = papctl({});
  EXPECT_EQ(nothing.status, kUsage);
  EXPECT_THAT(nothing.out + nothing.err, HasSubstr("Exit status:"));
  const Outcome group = papctl({"agents"});
  EXPECT_EQ(group.status, kUsage);
  EXPECT_THAT(group.err, HasSubstr("delete"));
}

TEST(CommandLine, NeverWritesRawWhatItWasGiven) {
  const Outcome outcome = papctl({"agents", "\x1b[2J\u202e"});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(outcome.err, Not(HasSubstr("\u202e")));
}

}  // namespace
}  // namespace pap::ctl
