// SPDX-License-Identifier: MIT
// Stopping: the drain that makes upgrades safe, and the ends that come sooner.
#include <chrono>
#include <csignal>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using End = RawClient::End;
using Clock = std::chrono::steady_clock;

class Stop : public ContractTest {
 protected:
  void stop_and_wait_for_drain() {
    collectord().stop();
    ASSERT_TRUE(collectord().wait_for_log("draining"));
  }
};

TEST_F(Stop, DrainsNotReadyButAnsweringAndClosing) {
  start({{"DRAIN_MS", "2000"}});
  RawClient kept = connect();
  kept.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  EXPECT_EQ(kept.receive().header("connection"), "");
  stop_and_wait_for_drain();

  const HttpAnswer ready = get("/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, R"({"ready":false})");
  const HttpAnswer beaten = beat();
  EXPECT_EQ(beaten.body, recorded::kHeartbeatNew) << "a fresh connection is still served";
  EXPECT_EQ(beaten.header("connection"), "close");
  EXPECT_EQ(get("/health").status, 200) << "it is alive";
  EXPECT_TRUE(kept.is_quiet()) << "an idle connection stays open while it drains";
  kept.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  const HttpAnswer last = kept.receive();
  EXPECT_EQ(last.body, recorded::kHeartbeatKnown);
  EXPECT_EQ(last.header("connection"), "close");
  EXPECT_EQ(kept.wait_for_end(), End::kClosed);
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_THAT(collectord().log(), HasSubstr(" info stopped "));
}

TEST_F(Stop, LastsAsLongAsTheDrainAndThenNobodyListens) {
  start({{"DRAIN_MS", "1500"}});
  const auto began = Clock::now();
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  const auto lasted = Clock::now() - began;
  EXPECT_GE(lasted, 1'500ms);
  EXPECT_LT(lasted, 6s);
  EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(Stop, BySigintIsTheSame) {
  start({{"DRAIN_MS", "0"}});
  collectord().process().signal(SIGINT);
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_THAT(collectord().log(), HasSubstr("draining why=SIGINT"));
}

TEST_F(Stop, IsAtOnceOnASecondSignal) {
  start({{"DRAIN_MS", "60000"}});
  stop_and_wait_for_drain();
  const auto began = Clock::now();
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 1);
  EXPECT_LT(Clock::now() - began, 5s);
  EXPECT_THAT(collectord().log(), HasSubstr("stopped_at_once"));
}

TEST_F(Stop, TakesInWhatTheKernelHasAcceptedAlready) {
  start({{"DRAIN_MS", "0"}});
  collectord().freeze();
  std::vector<RawClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(connect());
    clients.back().send(http_request("POST", "/heartbeat/" + agent_id(static_cast<unsigned>(i)), {},
                                     recorded::kHeartbeat));
  }
  collectord().stop();
  collectord().thaw();
  for (RawClient& client : clients) EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  EXPECT_EQ(collectord().wait(), 0);
}

// A client's request may be a turn of its loop behind its connection.
TEST_F(Stop, WaitsForTheRequestOfWhoHasJustConnected) {
  start({{"DRAIN_MS", "200"}});
  stop_and_wait_for_drain();
  RawClient client = connect();
  ASSERT_TRUE(collectord().wait_for_log("stopping"));
  client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  EXPECT_EQ(collectord().wait(), 0);
}

TEST_F(Stop, AnswersWhatWaitsInConnectionsThatWereIdle) {
  start({{"DRAIN_MS", "0"}});
  std::vector<RawClient> clients;
  for (int i = 0; i < 400; ++i) {
    clients.push_back(connect());
    clients.back().send(http_request("GET", "/ready"));
    ASSERT_EQ(clients.back().receive().status, 200);
  }
  collectord().freeze();
  collectord().stop();
  for (RawClient& client : clients) {
    client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  }
  collectord().thaw();
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(collectord().wait(), 0);
}

TEST_F(Stop, DecidesNoDeathWhileItDrains) {
  start({{"DRAIN_MS", "12000"}, {"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  beat(kAgent, heartbeat("EMERGENCY", 3600));
  stop_and_wait_for_drain();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_EQ(collectord().log().find("agent_dead"), std::string::npos) << collectord().log();
}

TEST_F(Stop, FinishesTheAnswerThatIsUnderWay) {
  start({{"DRAIN_MS", "0"}});
  RawClient half = connect();
  const std::string request = http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat);
  half.send(request.substr(0, request.size() / 2));
  ASSERT_EQ(get("/ready").status, 200);  // by then the half has been read
  collectord().stop();
  ASSERT_TRUE(collectord().wait_for_log(" stopping "));
  half.send(request.substr(request.size() / 2));
  EXPECT_EQ(half.receive().body, recorded::kHeartbeatNew);
  EXPECT_EQ(collectord().wait(), 0);
}

TEST_F(Stop, OffersWaitingAlertsToTheStation) {
  start_with_station({{"DRAIN_MS", "0"}});
  station().delay(100ms);
  for (std::size_t i = 0; i < 50; ++i) {
    beat(agent_id(i), heartbeat("IDLE", 1));
    beat(agent_id(i), heartbeat("EMERGENCY", 2));
  }
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_EQ(station().stored().size(), 50U);
  EXPECT_THAT(collectord().log(), HasSubstr("stopped alerts_left=0"));
}

TEST_F(Stop, DoesNotWaitForAStationBeyondTheGrace) {
  start_with_station({{"DRAIN_MS", "0"}, {"SHUTDOWN_GRACE_MS", "1000"}});
  station().always(StationAct::hang());
  beat(kAgent, heartbeat("IDLE", 1));
  beat(kAgent, heartbeat("EMERGENCY", 2));
  const auto began = Clock::now();
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_GE(Clock::now() - began, 1s);
  EXPECT_LT(Clock::now() - began, 6s);
  EXPECT_THAT(collectord().log(), HasSubstr("stopped alerts_left=1"));
}

TEST_F(Stop, ACrowdOfClientsThatDoNothingDoesNotHoldItUp) {
  start({{"DRAIN_MS", "0"}});
  std::vector<RawClient> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(connect());
  ASSERT_TRUE(eventually([&] { return metric("connections") == 101; }));
  const auto began = Clock::now();
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_LT(Clock::now() - began, 4s);
}

}  // namespace
}  // namespace pap::test
