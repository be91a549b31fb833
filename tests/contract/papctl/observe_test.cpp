// SPDX-License-Identifier: MIT
// papctl observe: heartbeats and alerts as they come.
#include <csignal>
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using PapctlObserve = PapctlTest;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(PapctlObserve, ShowsHeartbeatsAsTheyCome) {
  start();
  beat("a-1", heartbeat("IDLE", 10, "web"));
  ChildProcess observing(wish({"observe", "agent", "a-", "--count", "2"}));
  ASSERT_TRUE(holds(observing, "initial")) << observing.err();
  beat("a-1", heartbeat("IDLE", 20));
  ASSERT_TRUE(holds(observing, "heartbeat")) << "at once, though it is a pipe";
  beat("a-1", heartbeat("SLEEP", 21));
  EXPECT_EQ(observing.wait(), 0);
  const Words lines = lines_of(observing.out());
  ASSERT_EQ(lines.size(), 4U) << observing.out();
  EXPECT_THAT(lines[0], StartsWith("timestamp\ttype\t"));
  EXPECT_THAT(lines[1], HasSubstr("\tinitial\ta-1\tweb\tIDLE\t10\t\tis healthy"));
  EXPECT_THAT(lines[2], HasSubstr("\theartbeat\ta-1\tweb\tIDLE\t20\t"));
  EXPECT_THAT(lines[3], testing::EndsWith("\tmode was IDLE"));
  EXPECT_EQ(observing.err(), "");
}

// 75 s without a word, and a stream is given up; a ping is a word.
TEST_F(PapctlObserve, StaysOnAStreamOnWhichNothingHappens) {
  start();
  beat("a", heartbeat("SLEEP", 10));
  ChildProcess observing(wish({"observe", "agent", "a"}));
  ASSERT_TRUE(holds(observing, "initial")) << observing.err();
  ASSERT_TRUE(
      eventually([&] { return get("/health").json()["uptime"] >= 82; }, std::chrono::minutes{3}));
  EXPECT_EQ(count_of(observing.out(), "initial"), 1U) << observing.out();
  EXPECT_EQ(metric("observers_lost_total"), 0);
}

TEST_F(PapctlObserve, WaitsForAnAgentThatIsNotThereYet) {
  start();
  ChildProcess observing(wish({"observe", "agent", "none-yet", "--count", "1", "-o", "table"}));
  ASSERT_TRUE(holds(observing, "not seen yet"));
  beat("none-yet", heartbeat("IDLE", 1));
  EXPECT_EQ(observing.wait(), 0);
}

TEST_F(PapctlObserve, ShowsAllOrThoseInAModeOrOfAName) {
  start();
  ChildProcess all(wish({"observe", "agent", "--all", "-o", "name", "--count", "3"}));
  ChildProcess sleepers(
      wish({"observe", "agent", "--mode", "sleep", "-o", "name", "--count", "1"}));
  ChildProcess named(wish({"observe", "agent", "--name", "w?b", "-o", "name", "--count", "1"}));
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 3; }));
  beat("a", heartbeat("IDLE", 1, "my-web"));
  beat("b", heartbeat("SLEEP", 1));
  beat("c", heartbeat("IDLE", 1, "web"));
  EXPECT_EQ(all.wait(), 0);
  EXPECT_EQ(sleepers.wait(), 0);
  EXPECT_EQ(named.wait(), 0);
  EXPECT_EQ(all.out(), "a\nb\nc\n");
  EXPECT_EQ(sleepers.out(), "b\n");
  EXPECT_EQ(named.out(), "c\n");
}

TEST_F(PapctlObserve, InJsonIsOneMessageALine) {
  start();
  ChildProcess observing(wish({"observe", "agent", "--all", "-o", "json", "--count", "2"}));
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  beat("a", heartbeat("IDLE", 1));
  ask("DELETE", "/agents/a");
  EXPECT_EQ(observing.wait(), 0);
  const Words lines = lines_of(observing.out());
  ASSERT_EQ(lines.size(), 2U) << observing.out();
  EXPECT_EQ(nlohmann::json::parse(lines[0])["type"], "heartbeat");
  EXPECT_EQ(nlohmann::json::parse(lines[1])["type"], "removed");
}

TEST_F(PapctlObserve, EndsWhenItsTimeIsUp) {
  start();
  const Outcome outcome = papctl({"observe", "agent", "--all", "--for", "300ms"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(PapctlObserve, EndsAtOnceWhereNobodyIsThereToBeginWith) {
  const Outcome one = run(papctl_wish("127.0.0.1:1", {"observe", "agent", "--all"}));
  EXPECT_EQ(one.status, 5);
  EXPECT_THAT(one.out, StartsWith("timestamp\t"));
  EXPECT_THAT(one.err, HasSubstr("no stream from 127.0.0.1:1: cannot connect: Connection refused"));
  const Outcome two = run(
      papctl_wish("-", {"observe", "agent", "--all", "-c", "127.0.0.1:1", "-c", "127.0.0.1:2"}));
  EXPECT_EQ(two.status, 5);
  EXPECT_THAT(two.err, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(two.err, HasSubstr("127.0.0.1:2"));
}

TEST_F(PapctlObserve, GoesOnWithTheOnesThatAreThere) {
  start();
  ChildProcess observing(wish({"observe", "agent", "--all", "--count", "1", "-o", "name", "-c",
                               "127.0.0.1:1", "-c", collectord().url()}));
  ASSERT_TRUE(holds(observing, "no stream from 127.0.0.1:1")) << observing.err();
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  beat("a", heartbeat("IDLE", 1));
  EXPECT_EQ(observing.wait(), 0);
  EXPECT_EQ(observing.out(), "a\n");
}

TEST_F(PapctlObserve, ConnectsAgainWhenTheCollectorDiesAndComesBack) {
  start();
  const std::string port = std::to_string(collectord().port());
  beat("a", heartbeat("IDLE", 10));
  ChildProcess observing(wish({"observe", "agent", "a", "--count", "1"}));
  ASSERT_TRUE(holds(observing, "initial"));
  collectord().kill();
  ASSERT_TRUE(holds(observing, "no stream from 127.0.0.1:" + port)) << observing.err();
  EXPECT_THAT(observing.err(), HasSubstr("trying again in 1s"));
  start({{"COLLECTOR_PORT", port}});
  ASSERT_TRUE(holds(observing, "connected to 127.0.0.1:" + port + " again")) << observing.err();
  ASSERT_TRUE(observing.wait_for_output([](const std::string& out, const std::string&) {
    return out.find("not seen yet") != std::string::npos;
  }));
  beat("a", heartbeat("IDLE", 20));
  EXPECT_EQ(observing.wait(), 0);
  EXPECT_EQ(count_of(observing.out(), "\theartbeat\t"), 1U);
}

TEST_F(PapctlObserve, EndsInSilenceWhenNobodyReadsAnyMore) {
  start();
  beat("a", heartbeat("IDLE", 10));
  ChildWish all = wish({});
  all.environment["PAPCTL"] = all.program;
  all.program = "bash";
  all.arguments = {"-c", "$PAPCTL observe agent a | head -1; echo \"${PIPESTATUS[0]}\""};
  ChildProcess observing(all);
  ASSERT_TRUE(holds(observing, "timestamp\t"));
  // A closed pipe is met when the next line is written.
  ASSERT_TRUE(eventually([&] {
    beat("a", heartbeat("IDLE", 11));
    return !observing.running();
  }));
  EXPECT_EQ(lines_of(observing.out()).size(), 2U);
  EXPECT_THAT(observing.out(), testing::EndsWith("\n0\n"));
  EXPECT_EQ(observing.err(), "");
}

TEST_F(PapctlObserve, IsInterruptedByCtrlC) {
  start();
  PseudoTerminal terminal(wish({"observe", "agent", "--all"}), 80);
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  beat("a", heartbeat("EMERGENCY", 10));
  ASSERT_TRUE(terminal.wait_for("EMERGENCY"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130);
}

TEST_F(PapctlObserve, NeverWritesRawWhatAgentsCallThemselves) {
  start();
  ChildProcess observing(wish({"observe", "agent", "--all", "--count", "1", "-o", "table"}));
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  beat("%1b%5B2J%e2%80%ae", heartbeat("IDLE", 1, "\x1b]0;owned\x07\n"));
  beat("harmless", heartbeat("IDLE", 1, "\x1b]0;owned\x07\n"));
  EXPECT_EQ(observing.wait(), 0);
  EXPECT_THAT(observing.out(), HasSubstr("\\x1b]0;owned\\x07\\n"));
  EXPECT_THAT(observing.out(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace pap::test
