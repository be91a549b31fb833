// SPDX-License-Identifier: MIT
// The log as an operator meets it: a line an event, no secrets, and never in the way.
#include <chrono>
#include <csignal>
#include <sstream>

#include "contract/contract_test.hpp"
#include "support/observer.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Log : public ContractTest {
 protected:
  // 4 000 agents go into EMERGENCY: two lines each, far more than a pipe holds.
  void make_lines() {
    RawClient client = connect();
    for (std::size_t i = 0; i < 4'000; i += 250) {
      std::string requests;
      for (std::size_t n = i; n < i + 250; ++n) {
        for (const auto* mode : {"IDLE", "EMERGENCY"}) {
          requests += http_request("POST", "/heartbeat/" + agent_id(n), {}, heartbeat(mode, 1));
        }
      }
      client.send(requests);
      for (int n = 0; n < 500; ++n) ASSERT_EQ(client.receive().status, 200);
    }
  }
};

TEST_F(Log, InJsonIsOneObjectALine) {
  start({{"LOG_FORMAT", "json"}, {"LOG_LEVEL", "trace"}, {"DRAIN_MS", "0"}});
  beat(kAgent, heartbeat("IDLE", 1, "a \"b\"\n\x1b[31m"));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  beat(kAgent, heartbeat("EMERGENCY", 0));
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  std::istringstream lines(collectord().log());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    EXPECT_TRUE(json["time"].is_string() && json["level"].is_string() && json["event"].is_string())
        << line;
  }
  EXPECT_GE(count, 5U);
}

TEST_F(Log, WarnsAtTheStartOfWhatIsOddAboutTheConfiguration) {
  start();  // without COLLECTOR_API_KEY
  EXPECT_TRUE(collectord().wait_for_log("config_warning"));
  EXPECT_THAT(collectord().log(), HasSubstr("COLLECTOR_API_KEY is not set"));
}

TEST_F(Log, KeepsWhatAgentsSendWithinItsLine) {
  start();
  const std::string evil = "x\n2026-11-24T14:30:13.042Z error forged\r\x1b[2J\xE2\x80\xAE";
  beat(kAgent, heartbeat("IDLE", 1, evil));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  ASSERT_TRUE(collectord().wait_for_log("EMERGENCY_MODE"));
  const std::string log = collectord().log();
  EXPECT_THAT(log, Not(HasSubstr("\n2026-11-24T14:30:13.042Z error forged")));
  EXPECT_EQ(log.find_first_of("\x1b\r"), std::string::npos);
}

TEST_F(Log, NeverShowsASecret) {
  start_with_station({{"STATION_ALERT_KEY", "secret-station"},
                      {"COLLECTOR_API_KEY", "secret-collector"},
                      {"HEARTBEAT_API_KEY", "secret-heartbeat"},
                      {"LOG_LEVEL", "trace"},
                      {"DRAIN_MS", "0"},
                      {"SHUTDOWN_GRACE_MS", "0"}});
  station().always(StationAct::answer(401, {}, R"({"error":"not secret-station"})"));
  const std::string key = "X-Collector-Key: secret-heartbeat\r\n";
  beat(kAgent, heartbeat("IDLE", 1), key);
  beat(kAgent, heartbeat("EMERGENCY", 2), key);
  beat(kAgent, heartbeat("EMERGENCY", 3), "Authorization: Bearer secret-mistyped\r\n");
  get("/agents?api_key=secret-collector");
  get("/agents?api_key=secret-mistyped");
  get("/agents", "Authorization: Basic secret-mistyped\r\n");
  Observer(collectord().port(), "/observe/a?api_key=secret-collector").receive();
  RawClient client = connect();
  client.send("GET /?api_key=secret-mistyped HTTP/3.7\r\n\r\n");
  EXPECT_EQ(client.receive().status, 400);
  EXPECT_TRUE(station().wait_for([](const auto& all) { return !all.empty(); }));
  ASSERT_TRUE(collectord().wait_for_log("station_address_or_key_wrong"));
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_THAT(collectord().log(), Not(HasSubstr("secret-")));
}

TEST_F(Log, RepeatedFailuresAreLimited) {
  start_with_station();
  station().always(StationAct::answer(500));
  for (std::size_t i = 0; i < 20; ++i) {
    beat(agent_id(i), heartbeat("IDLE", 1));
    beat(agent_id(i), heartbeat("EMERGENCY", 2));
  }
  ASSERT_TRUE(eventually([&] { return metric("station_away") == 1; }));
  const std::string log = collectord().log();
  const std::size_t first = log.find("alert_failed");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("alert_failed", first + 1), std::string::npos) << log;
}

TEST_F(Log, BlockedStopsNoHeartbeats) {
  start();
  collectord().process().stop_reading();
  make_lines();
  EXPECT_EQ(beat().status, 200);
  EXPECT_EQ(get("/health").json()["agents"]["total"], 4'001);
}

TEST_F(Log, BlockedDoesNotStopTheEnd) {
  start({{"DRAIN_MS", "0"}});
  collectord().process().stop_reading();
  make_lines();
  collectord().stop();
  EXPECT_EQ(collectord().wait(15s), 0);
}

TEST_F(Log, BlockedAndThenReadAgainGoesOnAndTellsWhatIsMissing) {
  start();
  collectord().process().stop_reading();
  make_lines();
  make_lines();
  make_lines();
  ASSERT_GT(metric("log_lines_dropped_total"), 0);
  collectord().process().resume_reading();
  beat("last", heartbeat("IDLE", 1));
  beat("last", heartbeat("EMERGENCY", 2));
  EXPECT_TRUE(collectord().wait_for_log("agent_uuid=last"));
  EXPECT_THAT(collectord().log(), HasSubstr(" warn log_lines_dropped "));
}

TEST_F(Log, OnAClosedPipeStopsNothing) {
  // Nobody will ever read: writing fails, and that is all.
  ChildWish wish = Collectord::child_wish({{{"DRAIN_MS", "0"}}, {}, {}});
  wish.arguments = {"-c", "exec " + wish.program + " >&- 2>&-"};
  const std::string port = [] {
    Collectord probe;
    return std::to_string(probe.port());
  }();
  wish.program = "bash";
  wish.environment["COLLECTOR_PORT"] = port;
  ChildProcess child(wish);
  const auto ready = [&] {
    return run({"curl", {"-sf", "http://127.0.0.1:" + port + "/ready"}, {}, {}, {}}).status == 0;
  };
  EXPECT_TRUE(eventually(ready));
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace pap::test
