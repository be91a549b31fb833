// SPDX-License-Identifier: MIT
// Limits of the collector as a whole: connections, and descriptors.
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <list>

#include "contract/contract_test.hpp"
#include "support/build_kind.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using End = RawClient::End;

class Connections : public ContractTest {
 protected:
  // Connections that the collector has taken in.
  std::list<RawClient> hold(std::size_t count) {
    std::list<RawClient> held;
    for (std::size_t i = 0; i < count; ++i) {
      held.push_back(connect());
      held.back().send(http_request("GET", "/ready"));
      EXPECT_EQ(held.back().receive().status, 200);
    }
    return held;
  }
  // That the collector has open.
  std::size_t descriptors() {
    const std::filesystem::path open =
        "/proc/" + std::to_string(collectord().process().pid()) + "/fd";
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(open), {}));
  }
  // One that asks nothing. Until something comes the kernel keeps a connection to itself for a
  // second; an empty line is something, and no request.
  RawClient silent() {
    RawClient client = connect();
    client.send("\r\n");
    return client;
  }
};

TEST_F(Connections, BeyondTheLimitAreToldSoAndProbesAreStillAnswered) {
  start({{"MAX_CONNECTIONS", "20"}});
  std::list<RawClient> held = hold(17);
  for (int i = 0; i < 3; ++i) held.push_back(silent());  // a request, and they would be let go
  const HttpAnswer refused = get("/agents");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "5");
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_THAT(refused.json()["message"].get<std::string>(), HasSubstr("MAX_CONNECTIONS"));
  EXPECT_EQ(beat().status, 200) << "who is alive is heard all the same";
  EXPECT_EQ(beat().header("connection"), "close");
  EXPECT_EQ(get("/metrics").status, 503);
  for (const auto* path : {"/health", "/ready"}) {
    EXPECT_EQ(get(path).status, 200) << path;
    EXPECT_EQ(get(path).header("connection"), "close") << path;
  }
  held.front().send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  EXPECT_EQ(held.front().receive().status, 200) << "who is in is served on";
  held.clear();
  ASSERT_TRUE(eventually([&] { return get("/agents").status == 200; })) << "there is room again";
  EXPECT_GE(metric(R"(connection_troubles_total{reason="over_limit"})"), 2);
}

TEST_F(Connections, UnderPressureAreClosedWithNotice) {
  start({{"MAX_CONNECTIONS", "20"}});
  std::list<RawClient> held = hold(17);
  RawClient client = connect();
  client.send(http_request("GET", "/ready"));
  EXPECT_EQ(client.receive().header("connection"), "close") << "18 of 20";
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  held.pop_back();
  held.pop_back();
  ASSERT_TRUE(eventually([&] { return get("/ready").header("connection").empty(); }));
}

// Old clients end a POST with an empty line of their own. Here it lies behind what one read takes,
// and a close that leaves something unread would take the answer with it.
TEST_F(Connections, ThatEndHaveTheirAnswerThoughSomethingUnreadIsLeft) {
  start({});
  constexpr std::size_t kOneRead = 1024;
  const auto request_of = [](std::size_t padding) {
    const std::string lines =
        "Connection: close\r\nX-Padding: " + std::string(padding, 'x') + "\r\n";
    return http_request("POST", "/heartbeat/a", lines, recorded::kHeartbeat);
  };
  const std::string request = request_of(kOneRead - request_of(0).size());
  ASSERT_EQ(request.size(), kOneRead);
  for (int i = 0; i < 20; ++i) {
    RawClient client = connect();
    client.send(request + "\r\n");
    EXPECT_EQ(client.receive().status, 200);
  }
}

TEST_F(Connections, FarBeyondTheLimitWaitUntilThereIsRoom) {
  start({{"MAX_CONNECTIONS", "20"}});
  std::list<RawClient> held;
  for (int i = 0; i < 20 + 64; ++i) held.push_back(connect());
  // Beyond the reserve nobody is accepted; the kernel holds them.
  std::list<RawClient> waiting;
  for (int i = 0; i < 10; ++i) {
    waiting.push_back(connect());
    waiting.back().send(http_request("GET", "/ready"));
  }
  const auto cpu = collectord().process().cpu_time();
  for (int i = 0; i < 15; ++i) held.pop_front();
  for (RawClient& client : waiting) EXPECT_EQ(client.receive().status, 200);
  EXPECT_LT(collectord().process().cpu_time() - cpu, 1s);
}

// So much as a leak in somebody else's pod must not stand in the way of heartbeats.
TEST_F(Connections, ThatBringNoRequestAreLetGoAfterTheTimeForOne) {
  start({{"HEADER_TIMEOUT_MS", "1000"}, {"IDLE_TIMEOUT_MS", "300000"}});
  RawClient silent_one = silent();
  EXPECT_EQ(silent_one.wait_for_end(), End::kClosed);
  std::list<RawClient> idle = hold(1);
  EXPECT_EQ(silent().wait_for_end(), End::kClosed) << "a second one";
  EXPECT_TRUE(idle.front().is_quiet()) << "who had an answer may stay";
}

TEST_F(Connections, ThatAreNotAcceptedForFiveSecondsExcuseTheirAgents) {
  start({{"MAX_CONNECTIONS", "20"}, {"HEADER_TIMEOUT_MS", "60000"}});
  std::list<RawClient> held;
  for (int i = 0; i < 20 + 64; ++i) held.push_back(silent());
  RawClient waiting = connect();
  waiting.send(http_request("GET", "/ready"));
  const auto cpu = collectord().process().cpu_time();
  EXPECT_TRUE(collectord().wait_for_log("not_accepting"));
  EXPECT_LT(collectord().process().cpu_time() - cpu, 1s) << "it waits, and does not turn";
  held.clear();
  EXPECT_EQ(waiting.receive().status, 200);
  EXPECT_TRUE(collectord().wait_for_log("time_lost"));
  EXPECT_TRUE(collectord().wait_for_log("caught_up"));
  EXPECT_GE(metric("catch_ups_total"), 1);
  EXPECT_GE(metric("listening_time_lost_seconds_total"), 3);
}

TEST_F(Connections, AnObserverThatLeavesMakesRoom) {
  start({{"MAX_CONNECTIONS", "2"}});
  const std::string upgrade =
      http_request("GET", "/observe?name=",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  std::size_t without = 0;  // … of anybody
  ASSERT_TRUE(eventually([&] {
    const bool settled = descriptors() == without;
    without = descriptors();
    return settled;
  }));
  std::list<RawClient> observers;
  for (int i = 0; i < 2; ++i) {
    observers.push_back(connect());
    observers.back().send(upgrade);
    ASSERT_EQ(observers.back().receive(true).status, 101);
  }
  EXPECT_EQ(get("/agents").status, 503);
  ASSERT_TRUE(eventually([&] { return descriptors() == without + 2; })) << "it has gone again";
  std::list<RawClient> idle;
  const std::size_t before = descriptors();
  for (int i = 0; i < 64; ++i) idle.push_back(connect());
  ASSERT_TRUE(eventually([&] { return descriptors() == before + 64; }));
  RawClient waiting = connect();
  waiting.send(http_request("GET", "/ready"));
  observers.clear();
  EXPECT_EQ(waiting.receive().status, 200);
}

TEST_F(Connections, RaiseTheDescriptorLimitToWhatIsAllowed) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit low{256, limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);  // what the child begins with
  start();
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_EQ(::prlimit(collectord().process().pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST_F(Connections, AreCappedByTheDescriptorsThatThereAre) {
  start_as({{{"MAX_CONNECTIONS", "5000"}}, {}, 1'024});
  EXPECT_TRUE(collectord().wait_for_log("max_connections_capped"));
  EXPECT_EQ(metric("connections_limit"), 1'024 - 192);
}

TEST_F(Connections, WithoutDescriptorsWaitWithoutSpinningAndAreServedAfterwards) {
  // UBSan makes a pipe to see whether it may look at an object, and takes a failure for a bad one.
  if (kSanitized) GTEST_SKIP() << "a sanitizer needs descriptors of its own";
  // So few that they run out before MAX_CONNECTIONS and its reserve do.
  start_as({{}, {}, 40});
  std::list<RawClient> held;
  for (int i = 0; i < 60; ++i) held.push_back(silent());
  // The first of them, while the last ones wait.
  held.front().send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  EXPECT_EQ(held.front().receive().body, recorded::kHeartbeatNew) << "who is in is served on";
  // Under such pressure an answer may end its connection: another one each time.
  auto asks = std::next(held.begin());
  ASSERT_TRUE(eventually([&] {
    asks->send(http_request("GET", "/metrics"));
    return (asks++)->receive().body.find(R"(reason="no_descriptors"} 0)") == std::string::npos;
  }));

  const auto cpu = collectord().process().cpu_time();
  const auto until = std::chrono::steady_clock::now() + 2s;
  ASSERT_TRUE(eventually([&] { return std::chrono::steady_clock::now() > until; }));
  EXPECT_LT(collectord().process().cpu_time() - cpu, 200ms) << "in 2 s";

  held.back().send(http_request("POST", "/heartbeat/b", {}, recorded::kHeartbeat));
  EXPECT_TRUE(held.back().is_quiet());
  for (int i = 0; i < 40; ++i) held.pop_front();
  EXPECT_EQ(held.back().receive().body, recorded::kHeartbeatNew) << "its turn has come";
  EXPECT_EQ(beat("c").status, 200);
}

}  // namespace
}  // namespace pap::test
