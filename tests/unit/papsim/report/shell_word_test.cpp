// SPDX-License-Identifier: MIT
#include "papsim/report/shell_word.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "papsim/report/report.hpp"

namespace pap::sim {
namespace {

TEST(ShellWord, LeavesWhatIsOneWordAnyway) {
  EXPECT_EQ(shell_word("scenarios/fast/a_b-c.yaml"), "scenarios/fast/a_b-c.yaml");
  EXPECT_EQ(shell_word("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
}

TEST(ShellWord, QuotesWhatAShellWouldCutOrReplace) {
  EXPECT_EQ(shell_word("my story.yaml"), "'my story.yaml'");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_word("$HOME/*"), "'$HOME/*'");
  EXPECT_EQ(shell_word("say \"so\""), "'say \"so\"'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(ShellWord, OfAFileIsNoOption) {
  EXPECT_EQ(shell_path("-x.yaml"), "./-x.yaml");
  EXPECT_EQ(shell_path("-my story.yaml"), "'./-my story.yaml'");
  EXPECT_EQ(shell_path("a-x.yaml"), "a-x.yaml");
}

TEST(ShellWord, IsWhatTheCommandOfAReportIsMadeOf) {
  SeedResult seed;
  seed.seed = 7;
  seed.repeat_with = " --spawn x";
  const auto report = to_json({{"my story.yaml", "story", "A story.", {seed}}});
  EXPECT_EQ(report["scenarios"][0]["seeds"][0]["repeat"],
            "papsim replay 'my story.yaml' --seed 7 --spawn x");
}

}  // namespace
}  // namespace pap::sim
