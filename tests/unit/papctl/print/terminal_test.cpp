// SPDX-License-Identifier: MIT
#include "papctl/print/terminal.hpp"

#include <cstdlib>
#include <initializer_list>

#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

// The environment as each test wants it; stdout is a pipe or a file here.
class TerminalOfStdout : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG"})
      ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
  }
  static void set(const char* name, const char* value) {
    ::setenv(name, value, 1);  // NOLINT(concurrency-mt-unsafe)
  }
  static bool colors(ColorWish wish) {
    return Terminal::of_stdout(wish).painted("x", Paint::kBad) != "x";
  }
};

TEST_F(TerminalOfStdout, HasColoursWhereTheyAreForced) {
  EXPECT_TRUE(colors(ColorWish::kAlways));
  EXPECT_FALSE(colors(ColorWish::kNever));
  set("CLICOLOR_FORCE", "0");
  testing::internal::CaptureStdout();
  EXPECT_FALSE(colors(ColorWish::kAuto)) << "a file";
  set("CLICOLOR_FORCE", "1");
  EXPECT_TRUE(colors(ColorWish::kAuto));
  EXPECT_FALSE(colors(ColorWish::kNever)) << "a flag is stronger";
  set("NO_COLOR", "1");
  EXPECT_FALSE(colors(ColorWish::kAuto));
  EXPECT_TRUE(colors(ColorWish::kAlways)) << "a flag is stronger";
  set("NO_COLOR", "");
  EXPECT_TRUE(colors(ColorWish::kAuto)) << "set to nothing is not set";
  testing::internal::GetCapturedStdout();
}

TEST_F(TerminalOfStdout, SpeaksUtf8WhereTheLocaleSaysSo) {
  EXPECT_FALSE(Terminal::of_stdout(ColorWish::kAuto).utf8());
  set("LANG", "de_DE.UTF-8");
  EXPECT_TRUE(Terminal::of_stdout(ColorWish::kAuto).utf8());
  set("LC_CTYPE", "C.utf8");
  EXPECT_TRUE(Terminal::of_stdout(ColorWish::kAuto).utf8());
  set("LC_ALL", "C");
  EXPECT_FALSE(Terminal::of_stdout(ColorWish::kAuto).utf8()) << "LC_ALL is the strongest";
}

TEST_F(TerminalOfStdout, IsAsWideAsItIsToldWithinReason) {
  for (const auto& [text, columns] : std::initializer_list<std::pair<const char*, std::size_t>>{
           {"40", 40U}, {"1", 20U}, {"99999", 1000U}}) {
    set("COLUMNS", text);
    EXPECT_EQ(Terminal::of_stdout(ColorWish::kAuto).columns(), columns) << text;
  }
}

TEST(Terminal, PaintsOnlyWhatIsThereAndEndsThePaint) {
  const Terminal colors({true, true, true, 80});
  EXPECT_EQ(colors.painted("x", Paint::kGood), "\x1b[32mx\x1b[0m");
  EXPECT_EQ(colors.painted("x", Paint::kPlain), "x");
  EXPECT_EQ(colors.painted("", Paint::kBad), "");
  EXPECT_EQ(Terminal({true, false, true, 80}).painted("x", Paint::kBad), "x");
}

}  // namespace
}  // namespace pap::ctl
