// SPDX-License-Identifier: MIT
// papctl top: a whole screen on a terminal of its own.
#include <csignal>
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kTaken = "\x1b[?1049h";
constexpr const char* kGivenBack = "\x1b[?1049l";

class PapctlTop : public PapctlTest {
 protected:
  // Held by the caller: a terminal is not moved.
  PseudoTerminal top(Words more = {}, unsigned short columns = 100, unsigned short rows = 24) {
    more.insert(more.begin(), "top");
    return {wish(std::move(more), {{"NO_COLOR", "1"}}), columns, rows};
  }
  void three_agents() {
    start();
    beat(kAgent, heartbeat("IDLE", 3600, "web-frontend"));
    beat("b", heartbeat("SLEEP", 1, "sleeper"));
    beat("c", heartbeat("IDLE", 1, "worker"));
  }
  // As it was before papctl came.
  static void expect_given_back(const PseudoTerminal& terminal) {
    EXPECT_THAT(terminal.shown(), HasSubstr(kGivenBack));
    EXPECT_THAT(terminal.shown(), HasSubstr("\x1b[?25h"));
    EXPECT_TRUE(terminal.gathers_lines());
  }
};

TEST_F(PapctlTop, ShowsTheFleetUntilItIsQuit) {
  three_agents();
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("web-frontend"));
  EXPECT_THAT(terminal.shown(), testing::StartsWith(kTaken));
  EXPECT_FALSE(terminal.gathers_lines());
  EXPECT_THAT(terminal.shown(), HasSubstr("✔ 3 healthy"));
  EXPECT_THAT(terminal.shown(), HasSubstr("SLEEP 1"));
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
  expect_given_back(terminal);
}

TEST_F(PapctlTop, GivesTheTerminalBackWhateverEndsIt) {
  three_agents();
  for (const auto& [signal, status] :
       {std::pair{SIGINT, 130}, std::pair{SIGTERM, 128 + SIGTERM}, std::pair{SIGHUP, 128 + SIGHUP},
        std::pair{SIGABRT, 128 + SIGABRT}}) {
    PseudoTerminal terminal = top();
    ASSERT_TRUE(terminal.wait_for("web-frontend"));
    if (signal == SIGINT) {
      terminal.type("\x03");  // Ctrl-C
    } else {
      terminal.signal(signal);
    }
    EXPECT_EQ(terminal.wait(), status);
    expect_given_back(terminal);
  }
}

TEST_F(PapctlTop, IsDrawnAnewInTheSizeThatItHasNow) {
  three_agents();
  PseudoTerminal terminal = top({}, 40, 10);
  ASSERT_TRUE(terminal.wait_for("550e"));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr(kAgent)));
  terminal.forget();
  terminal.resize(120, 30);
  EXPECT_TRUE(terminal.wait_for(std::string(kAgent)));
  EXPECT_TRUE(terminal.wait_for("Enter observe"));
}

TEST_F(PapctlTop, WritesOnlyWhatIsAnotherThanBefore) {
  three_agents();
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("web-frontend"));
  terminal.forget();
  beat("d", heartbeat("EMERGENCY", 1, "late"));
  ASSERT_TRUE(terminal.wait_for("late"));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("\x1b[J"))) << "nothing blinks";
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("NAME"))) << "the headers stand as they stood";
}

TEST_F(PapctlTop, FiltersWhileItIsTyped) {
  three_agents();
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("worker"));
  terminal.type("/web");
  ASSERT_TRUE(terminal.wait_for("/web_"));
  terminal.type("\r");
  ASSERT_TRUE(terminal.wait_for("1-1 of 1"));
  terminal.type("\x1b");
  EXPECT_TRUE(terminal.wait_for("1-3 of 3"));
  terminal.type("mmm");
  EXPECT_TRUE(terminal.wait_for("SLEEP  by worst  1-1 of 1")) << terminal.shown();
}

TEST_F(PapctlTop, LooksAtOneAgentAndBack) {
  three_agents();
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("web-frontend"));
  terminal.type("/web\r");
  ASSERT_TRUE(terminal.wait_for("1-1 of 1"));
  terminal.forget();
  terminal.type("\r");
  ASSERT_TRUE(terminal.wait_for("is healthy")) << terminal.shown();
  beat(kAgent, heartbeat("EMERGENCY", 3601));
  ASSERT_TRUE(terminal.wait_for("mode was IDLE")) << terminal.shown();
  EXPECT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  terminal.forget();
  terminal.type("\x1b");
  EXPECT_TRUE(terminal.wait_for("AGENTS  "));
  EXPECT_TRUE(eventually([&] { return metric("observations_active") == 0; }));
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(PapctlTop, SaysSinceWhenTheCollectorIsLostAndGoesOnWhenItIsBack) {
  three_agents();
  const std::string port = std::to_string(collectord().port());
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("web-frontend"));
  collectord().kill();
  ASSERT_TRUE(terminal.wait_for("127.0.0.1:" + port + " not reachable since "));
  terminal.forget();
  start({{"COLLECTOR_PORT", port}});
  beat("new", heartbeat("IDLE", 1, "newcomer"));
  EXPECT_TRUE(terminal.wait_for("newcomer"));
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(PapctlTop, ShowsWhatSeveralHaveAndNamesTheOneThatIsMissing) {
  three_agents();
  Collectord second;
  PseudoTerminal terminal =
      top({"-c", collectord().url(), "-c", second.url(), "-c", "127.0.0.1:1"}, 140);
  ASSERT_TRUE(terminal.wait_for("web-frontend"));
  EXPECT_TRUE(terminal.wait_for("127.0.0.1:1 not reachable since"));
  EXPECT_THAT(terminal.shown(), HasSubstr("COLLECTOR"));
  EXPECT_THAT(terminal.shown(), HasSubstr("3 collectors"));
}

TEST_F(PapctlTop, EndsWhereNobodyIsThereToBeginWith) {
  PseudoTerminal terminal(papctl_wish("127.0.0.1:1", {"top"}), 80);
  EXPECT_EQ(terminal.wait(), 5);
  expect_given_back(terminal);
  EXPECT_THAT(terminal.shown(), HasSubstr("cannot connect to http://127.0.0.1:1/agents"));
}

TEST_F(PapctlTop, IsRefusedWithoutTheKey) {
  start({{"COLLECTOR_API_KEY", "s3cret"}});
  PseudoTerminal terminal = top();
  EXPECT_EQ(terminal.wait(), 4);
  expect_given_back(terminal);
}

TEST_F(PapctlTop, WithoutATerminalSaysWhatToUseInstead) {
  start();
  const Outcome outcome = papctl({"top"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("papctl status"));
  PseudoTerminal dumb(wish({"top"}, {{"TERM", "dumb"}}), 80);
  EXPECT_EQ(dumb.wait(), 2);
  EXPECT_THAT(dumb.shown(), Not(HasSubstr("\x1b")));
}

TEST_F(PapctlTop, NeverIsSentRawWhatAgentsCallThemselves) {
  start();
  beat("a", heartbeat("EMERGENCY", 1, "\x1b]0;owned\x07\u202e evil"));
  PseudoTerminal terminal = top();
  ASSERT_TRUE(terminal.wait_for("evil"));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("\x1b]0;")));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("\u202e")));
}

}  // namespace
}  // namespace pap::test
