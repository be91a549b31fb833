// SPDX-License-Identifier: MIT
// papctl alerts watch: alerts when they come, and when they are told.
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class PapctlAlertsWatch : public PapctlTest {
 protected:
  // An alert of an agent that does not die before the test ends.
  void restart(std::size_t number) {
    beat(agent_id(number), heartbeat("IDLE", 100));
    beat(agent_id(number), heartbeat("IDLE", 0));
  }
};

TEST_F(PapctlAlertsWatch, ShowsWhatIsThereAndThenWhatComesAndWhatBecomesOfIt) {
  start_with_station();
  restart(1);
  ASSERT_TRUE(
      eventually([&] { return get("/alerts").body.find("delivered") != std::string::npos; }));
  ChildProcess watching(wish({"alerts", "watch", "--count", "2"}));
  ASSERT_TRUE(holds(watching, agent_id(1))) << watching.err();
  station().always(StationAct::hang());
  restart(2);
  ASSERT_TRUE(holds(watching, agent_id(2) + '\t' + agent_id(2) + "\tqueued\t")) << watching.out();
  station().always(StationAct::judge());
  EXPECT_EQ(watching.wait(), 0);
  const Words lines = lines_of(watching.out());
  ASSERT_EQ(lines.size(), 4U) << watching.out();
  EXPECT_EQ(lines[0], "timestamp\ttype\tseverity\tagent_uuid\tagent_name\tdelivery\tattempts");
  EXPECT_THAT(lines[1], HasSubstr(agent_id(1)));
  EXPECT_THAT(lines[3], HasSubstr(agent_id(2) + "\tdelivered\t"));
  EXPECT_EQ(watching.err(), "");
}

TEST_F(PapctlAlertsWatch, InJsonIsAnAlertALine) {
  start();
  restart(1);
  restart(2);
  for (const char* format : {"json", "jsonl"}) {
    const Outcome outcome = papctl({"alerts", "watch", "--for", "500ms", "-o", format});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const Words lines = lines_of(outcome.out);
    ASSERT_EQ(lines.size(), 2U) << outcome.out;
    EXPECT_EQ(nlohmann::json::parse(lines[0])["agent_uuid"], agent_id(1)) << "the newest is last";
    EXPECT_EQ(nlohmann::json::parse(lines[1])["agent_uuid"], agent_id(2));
  }
}

TEST_F(PapctlAlertsWatch, GoesOnWhenTheCollectorDiesAndComesBack) {
  start();
  const std::string port = std::to_string(collectord().port());
  restart(1);
  ChildProcess watching(wish({"alerts", "watch", "--count", "1"}));
  ASSERT_TRUE(holds(watching, agent_id(1)));
  collectord().kill();
  ASSERT_TRUE(holds(watching, "cannot connect to http://127.0.0.1:" + port)) << watching.err();
  EXPECT_THAT(watching.err(), HasSubstr("trying again"));
  start({{"COLLECTOR_PORT", port}});
  ASSERT_TRUE(holds(watching, "127.0.0.1:" + port + " answers again")) << watching.err();
  restart(2);
  EXPECT_EQ(watching.wait(), 0);
  EXPECT_EQ(lines_of(watching.err()).size(), 2U) << "each is said once: " << watching.err();
  EXPECT_THAT(lines_of(watching.out()).back(), HasSubstr(agent_id(2)));
}

TEST_F(PapctlAlertsWatch, WatchesSeveralAndNamesTheOneThatIsMissing) {
  start();
  restart(1);
  Collectord second;
  const std::string gone = "127.0.0.1:1";
  const Outcome outcome = papctl({"alerts", "watch", "--for", "1s", "-c", collectord().url(), "-c",
                                  second.url(), "-c", gone, "--no-headers"});
  EXPECT_EQ(outcome.status, 5);
  EXPECT_THAT(outcome.out, StartsWith("127.0.0.1:" + std::to_string(collectord().port()) + '\t'));
  EXPECT_THAT(lines_of(outcome.err),
              ElementsAre(testing::AllOf(HasSubstr(gone), HasSubstr("trying again"))));
}

TEST_F(PapctlAlertsWatch, EndsAtOnceWhereNobodyIsThereToBeginWith) {
  const Outcome one = run(papctl_wish("127.0.0.1:1", {"alerts", "watch"}));
  EXPECT_EQ(one.status, 5);
  EXPECT_THAT(one.err, HasSubstr("cannot connect to http://127.0.0.1:1/alerts"));
  const Outcome two =
      run(papctl_wish("-", {"alerts", "watch", "-c", "127.0.0.1:1", "-c", "127.0.0.1:2"}));
  EXPECT_EQ(two.status, 5);
  EXPECT_THAT(two.err, HasSubstr("none of the 2 collectors could be asked"));
  EXPECT_THAT(two.out, IsEmpty());
}

TEST_F(PapctlAlertsWatch, IsRefusedWithoutTheKey) {
  start({{"COLLECTOR_API_KEY", "s3cret"}});
  const Outcome outcome = papctl({"alerts", "watch"});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_THAT(outcome.err, HasSubstr("--key-file"));
  EXPECT_EQ(papctl({"alerts", "watch", "--for", "1s"}, {{"PAPCTL_KEY", "s3cret"}}).status, 0);
}

TEST_F(PapctlAlertsWatch, OnATerminalSaysThatThereIsNothingYetAndEndsWithCtrlC) {
  start();
  PseudoTerminal terminal(wish({"alerts", "watch"}, {{"NO_COLOR", "1"}}), 80);
  ASSERT_TRUE(terminal.wait_for("no alerts yet"));
  restart(1);
  ASSERT_TRUE(terminal.wait_for("RESTART_DETECTED"));
  EXPECT_THAT(terminal.shown(), HasSubstr("WHEN"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130);
}

}  // namespace
}  // namespace pap::test
