// SPDX-License-Identifier: MIT
// papctl on a terminal: widths, colours, what is asked and typed, a list that is watched.
#include <string>
#include <utility>
#include <vector>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using PapctlTerminal = PapctlTest;
using testing::HasSubstr;
using testing::Not;

TEST_F(PapctlTerminal, ShowsATableAsWideAsItIs) {
  start();
  beat(kAgent, heartbeat("IDLE", 3600, "web-frontend"));
  for (const auto& [columns, lines] : std::vector<std::pair<unsigned short, std::string>>{
           {40,
            "AGENT         MODE  HEALTH     LAST SEEN\r\n"
            "550e8…440000  IDLE  ✔ healthy     0s ago\r\n"},
           {80,
            "AGENT                                 NAME    MODE  HEALTH     LAST SEEN  UPTIME\r\n"
            "550e8400-e29b-41d4-a716-446655440000  web-f…  IDLE  ✔ healthy     0s ago      1h\r\n"},
           {200,
            "AGENT                                 NAME          MODE  HEALTH     LAST SEEN  UPTIME"
            "  BEATS\r\n"
            "550e8400-e29b-41d4-a716-446655440000  web-frontend  IDLE  ✔ healthy     0s ago      1h"
            "      1\r\n"}}) {
    PseudoTerminal terminal(wish({"agents", "list"}, {{"NO_COLOR", "1"}}), columns);
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ(without_ages(terminal.shown()), lines);
  }
}

TEST_F(PapctlTerminal, HasColoursUnlessTheyAreNotWanted) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const auto shown = [&](const Words& more, const Environment& environment) {
    Words words{"agents", "list"};
    words.insert(words.end(), more.begin(), more.end());
    PseudoTerminal terminal(wish(words, environment), 80);
    EXPECT_EQ(terminal.wait(), 0);
    return terminal.shown();
  };
  EXPECT_THAT(shown({}, {}), HasSubstr("\x1b[32m✔ healthy\x1b[0m"));
  EXPECT_THAT(shown({"--color", "never"}, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(shown({}, {{"NO_COLOR", "1"}}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(shown({}, {{"TERM", "dumb"}}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(shown({}, {{"LANG", "C"}}), HasSubstr("\x1b[32m+ healthy\x1b[0m"));
}

TEST_F(PapctlTerminal, NeverIsSentRawWhatAgentsCallThemselves) {
  start();
  beat("a", heartbeat("IDLE", 1, "\x1b[2J\x1b]0;owned\x07\u202e\u009b2J\nfake  row"));
  for (const Words& words :
       {Words{"agents", "list"}, Words{"agents", "list", "-o", "wide"}, Words{"agents", "get", "a"},
        Words{"agents", "list", "-o", "json"}, Words{"agents", "list", "-o", "yaml"},
        Words{"agents", "list", "-o", "tsv"}, Words{"alerts", "list"}}) {
    PseudoTerminal terminal(wish(words, {{"NO_COLOR", "1"}}), 200);
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_THAT(terminal.shown(), Not(HasSubstr("\x1b")));
    EXPECT_THAT(terminal.shown(), Not(HasSubstr("\x07")));
    EXPECT_THAT(terminal.shown(), Not(HasSubstr("\u202e")));
    EXPECT_THAT(terminal.shown(), Not(HasSubstr("\u009b")));
  }
}

TEST_F(PapctlTerminal, AsksBeforeItDeletes) {
  start();
  beat("a", heartbeat("IDLE", 1, "web"));
  {
    PseudoTerminal terminal(wish({"agents", "delete", "a"}), 80);
    ASSERT_TRUE(terminal.wait_for("Forget agent a (web), healthy?"));
    terminal.type("n\n");
    EXPECT_EQ(terminal.wait(), 1);
    EXPECT_THAT(terminal.shown(), HasSubstr("a stays"));
  }
  EXPECT_EQ(get("/agents/a").status, 200);
  {
    PseudoTerminal terminal(wish({"agents", "delete", "a"}), 80);
    ASSERT_TRUE(terminal.wait_for("[y/N]"));
    terminal.type("\x04");  // Ctrl-D: no answer is no
    EXPECT_EQ(terminal.wait(), 1);
  }
  EXPECT_EQ(get("/agents/a").status, 200);
  PseudoTerminal terminal(wish({"agents", "delete", "a"}), 80);
  ASSERT_TRUE(terminal.wait_for("[y/N]"));
  terminal.type("y\n");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(terminal.shown(), HasSubstr("deleted a"));
  EXPECT_EQ(get("/agents/a").status, 404);
}

TEST_F(PapctlTerminal, WatchesThroughTheCollectorsDeathAndReturn) {
  start();
  const std::string port = std::to_string(collectord().port());
  beat("first", heartbeat("IDLE", 1));
  PseudoTerminal terminal(wish({"agents", "list", "--watch"}), 80);
  ASSERT_TRUE(terminal.wait_for("first"));
  EXPECT_THAT(terminal.shown(), testing::StartsWith("\x1b[H\x1b[J")) << "drawn in its place";
  collectord().kill();
  ASSERT_TRUE(terminal.wait_for("trying again"));
  EXPECT_THAT(terminal.shown(), HasSubstr("cannot connect"));
  start({{"COLLECTOR_PORT", port}});
  beat("second", heartbeat("IDLE", 1));
  ASSERT_TRUE(terminal.wait_for("second"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130);
}

TEST_F(PapctlTerminal, WatchesInTheWidthThatItHasNow) {
  start();
  beat(kAgent, heartbeat("IDLE", 1, "a-name-of-some-length"));
  PseudoTerminal terminal(wish({"agents", "list", "-w"}), 40);
  ASSERT_TRUE(terminal.wait_for("HEALTH"));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr(kAgent)));
  terminal.resize(200);
  EXPECT_TRUE(terminal.wait_for(std::string(kAgent)));
}

TEST_F(PapctlTerminal, WatchesOneScreenOfAFleet) {
  start();
  for (int i = 0; i < 50; ++i) beat("agent-" + std::to_string(i), heartbeat("IDLE", 1));
  PseudoTerminal terminal(wish({"agents", "list", "-w"}), 80, 10);
  ASSERT_TRUE(terminal.wait_for("agent-6"));
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("agent-10")));
}

TEST_F(PapctlTerminal, IsInterruptedByCtrlCWhileItWaits) {
  start();
  PseudoTerminal terminal(wish({"agents", "wait", "a", "--for", "healthy"}), 80);
  ASSERT_TRUE(eventually([&] { return *metric("answers_total{class=\"4xx\"}") >= 1; }));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130);
}

}  // namespace
}  // namespace pap::test
