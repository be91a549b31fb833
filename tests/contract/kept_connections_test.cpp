// SPDX-License-Identifier: MIT
// What becomes of connections of Node's fetch, which gives them up 4 s after an answer unless the
// answer promises more: closed with the answer, or, in EMERGENCY, kept until the next heartbeat.
#include <sys/resource.h>

#include <chrono>
#include <list>
#include <string>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using End = RawClient::End;

class KeptConnections : public ContractTest {
 protected:
  static std::string beat_of_node(std::string_view mode, std::string_view user_agent = "node") {
    const std::string lines = "connection: keep-alive\r\nuser-agent: " + std::string(user_agent) +
                              "\r\nContent-Type: application/json\r\n";
    return http_request("POST", "/heartbeat/" + std::string(kAgent), lines, heartbeat(mode, 7));
  }
  static HttpAnswer exchange(RawClient& client, std::string_view request) {
    client.send(request);
    HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 200);
    return answer;
  }
  static bool promises(const HttpAnswer& answer) {
    return answer.header("keep-alive") == "timeout=10" &&
           answer.header("connection") == "keep-alive";
  }
};

TEST_F(KeptConnections, EndWithALoneHeartbeatThatComesAgainTooLateForThem) {
  start();
  for (const auto* mode : {"IDLE", "SLEEP"}) {
    RawClient client = connect();
    EXPECT_EQ(exchange(client, beat_of_node(mode)).header("connection"), "close") << mode;
    EXPECT_EQ(client.wait_for_end(), End::kClosed) << mode;
  }
}

TEST_F(KeptConnections, StayInEmergencyAndEndWithIt) {
  start();
  RawClient client = connect();
  EXPECT_TRUE(promises(exchange(client, beat_of_node("EMERGENCY"))));
  EXPECT_EQ(metric("connections_kept"), 1);
  EXPECT_TRUE(promises(exchange(client, beat_of_node("EMERGENCY"))));
  EXPECT_EQ(metric("connections_kept"), 1);
  EXPECT_TRUE(client.is_quiet());
  EXPECT_EQ(exchange(client, beat_of_node("IDLE")).header("connection"), "close");
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  EXPECT_EQ(metric("connections_kept"), 0);
}

TEST_F(KeptConnections, CountNoMoreWhenTheirClientHasClosedThem) {
  start();
  {
    RawClient client = connect();
    exchange(client, beat_of_node("EMERGENCY"));
    EXPECT_EQ(metric("connections_kept"), 1);
  }
  EXPECT_TRUE(eventually([&] { return metric("connections_kept") == 0; }));
}

TEST_F(KeptConnections, OfOtherClientsStayAsTheyAreWithoutAPromise) {
  start();
  for (const auto* user_agent : {"Node", "node-fetch", "undici", "curl/8.0"}) {
    RawClient client = connect();
    for (const auto* mode : {"IDLE", "EMERGENCY", "IDLE"}) {
      const HttpAnswer answer = exchange(client, beat_of_node(mode, user_agent));
      EXPECT_EQ(answer.header("connection"), "") << user_agent;
      EXPECT_EQ(answer.header("keep-alive"), "") << user_agent;
    }
    EXPECT_TRUE(client.is_quiet()) << user_agent;
  }
}

TEST_F(KeptConnections, ThatServeMoreThanOneHeartbeatStayAsTheyAre) {
  start();
  RawClient client = connect();
  client.send(beat_of_node("IDLE") + beat_of_node("IDLE"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(client.receive().header("connection"), "");
  EXPECT_EQ(exchange(client, beat_of_node("IDLE")).header("connection"), "");
  EXPECT_TRUE(client.is_quiet());
}

TEST_F(KeptConnections, AreNoneWhereIdleOnesWouldBeClosedTooSoon) {
  start({{"IDLE_TIMEOUT_MS", "14999"}});
  RawClient client = connect();
  EXPECT_EQ(exchange(client, beat_of_node("EMERGENCY")).header("connection"), "close");
  start({{"IDLE_TIMEOUT_MS", "15000"}});
  RawClient kept = connect();
  EXPECT_TRUE(promises(exchange(kept, beat_of_node("EMERGENCY"))));
}

TEST_F(KeptConnections, AreAtMostTenThousand) {
  constexpr std::size_t kMost = 10'000;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_GE(limit.rlim_max, kMost + 1'000) << "descriptors that it takes (ulimit -Hn)";
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  start();
  std::list<RawClient> kept;
  for (std::size_t i = 0; i < kMost; ++i) {
    kept.push_back(connect());
    ASSERT_TRUE(promises(exchange(kept.back(), beat_of_node("EMERGENCY")))) << i;
  }
  RawClient beyond = connect();
  EXPECT_EQ(exchange(beyond, beat_of_node("EMERGENCY")).header("connection"), "close");
  kept.pop_back();
  ASSERT_TRUE(eventually([&] { return metric("connections_kept") == kMost - 1; }));
  RawClient next = connect();
  EXPECT_TRUE(promises(exchange(next, beat_of_node("EMERGENCY"))));
}

TEST_F(KeptConnections, AreAnsweredOnceMoreBeforeTheCollectorStops) {
  start({{"DRAIN_MS", "0"}});
  RawClient client = connect();
  exchange(client, beat_of_node("EMERGENCY"));
  collectord().stop();
  ASSERT_TRUE(collectord().wait_for_log(" stopping "));
  EXPECT_TRUE(client.is_quiet());
  EXPECT_EQ(exchange(client, beat_of_node("EMERGENCY")).header("connection"), "close");
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  EXPECT_EQ(collectord().wait(), 0);
}

TEST_F(KeptConnections, AreNotWaitedForBeyondTheGrace) {
  start({{"DRAIN_MS", "0"}, {"SHUTDOWN_GRACE_MS", "300"}});
  RawClient client = connect();
  exchange(client, beat_of_node("EMERGENCY"));
  const auto began = std::chrono::steady_clock::now();
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 300ms);
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
}

TEST_F(KeptConnections, AreNotWaitedForBeyondWhatWasPromised) {
  start({{"DRAIN_MS", "0"}, {"SHUTDOWN_GRACE_MS", "60000"}});
  RawClient client = connect();
  const auto began = std::chrono::steady_clock::now();
  exchange(client, beat_of_node("EMERGENCY"));
  collectord().stop();
  EXPECT_EQ(collectord().wait(), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 9'500ms);
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
}

}  // namespace
}  // namespace pap::test
