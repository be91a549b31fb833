// SPDX-License-Identifier: MIT
// What is long is done in slices, also by the reactor: each kind of them is seen to move, and none
// exceeds its limit. The core's worst cases are tests of the core.
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

class SlicesMetric : public ContractTest {
 protected:
  static constexpr std::size_t kAgents = 10'000;

  double of(std::string_view what, std::string_view kind) {
    return metric("slice" + std::string(what) + "{kind=\"" + std::string(kind) + "\"}").value();
  }
  // Agents, new ones or known, with one heartbeat each.
  void beat_all(std::string_view mode, double uptime) {
    RawClient client = connect();
    constexpr std::size_t kPipelined = 250;
    for (std::size_t i = 0; i < kAgents; i += kPipelined) {
      std::string requests;
      for (std::size_t k = i; k < i + kPipelined; ++k) {
        requests += http_request("POST", "/heartbeat/" + agent_id(k), {}, heartbeat(mode, uptime));
      }
      client.send(requests);
      for (std::size_t k = 0; k < kPipelined; ++k) ASSERT_EQ(client.receive().status, 200);
    }
  }
};

TEST_F(SlicesMetric, OfEachKindMovesAndStaysWithinItsLimit) {
  start_with_station({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}, {"IDLE_TIMEOUT_MS", "5000"}});
  std::vector<RawClient> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(connect());
    idle.back().send(http_request("GET", "/ready"));
    EXPECT_EQ(idle.back().receive().status, 200);
  }
  RawClient observer = connect();
  observer.send(
      "GET /observe?mode=EMERGENCY HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: "
      "websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_EQ(observer.receive(true).status, 101);

  beat_all("EMERGENCY", 0);  // younger than the collector: a burst of alerts
  EXPECT_EQ(get("/agents").json()["agents"].size(), kAgents);
  ASSERT_TRUE(eventually([&] { return metric("agents_dead") == kAgents; }));
  for (const auto* kind :
       {"work", "list", "growth", "posts", "log_lines", "observers", "overdue"}) {
    EXPECT_TRUE(eventually([&] { return of("s_total", kind) > 0; })) << kind;
    EXPECT_GE(of("_largest", kind), 1) << kind;
    EXPECT_LE(of("_largest", kind), of("_limit", kind)) << kind;
  }
}

// Each holds a piece of its list, and takes its slices between heartbeats.
TEST_F(SlicesMetric, ThirtyTwoListsAreWrittenAtATimeAndHeartbeatsGoOn) {
  start();
  beat_all("IDLE", 100);
  std::vector<RawClient> readers;
  const auto ask = [&] {
    readers.push_back(connect());
    std::string requests;
    for (int i = 0; i < 8; ++i)
      requests += http_request("GET", "/agents");  // more than sockets hold
    readers.back().send(requests);
  };
  for (int i = 0; i < 32; ++i) ask();
  ASSERT_TRUE(eventually([&] { return get("/agents").status == 503; }));
  const HttpAnswer refused = get("/agents");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "5");
  EXPECT_EQ(beat().status, 200);
  readers.pop_back();
  EXPECT_TRUE(eventually([&] { return get("/agents").status == 200; }));
}

// Of a client that asks for one long answer behind the other, in one packet.
TEST_F(SlicesMetric, ALongAnswerEndsTheTurnOfItsConnection) {
  start();
  beat_all("IDLE", 100);
  RawClient client = connect();
  std::string requests;
  constexpr int kLists = 200;
  for (int i = 0; i < kLists; ++i) requests += http_request("GET", "/agents?name=nobody's&limit=1");
  client.send(requests + http_request("GET", "/ready"));
  for (int i = 0; i < kLists; ++i) {
    EXPECT_EQ(client.receive().json()["agents"].size(), 0U);
  }
  EXPECT_EQ(client.receive().body, R"({"ready":true})");
  EXPECT_LE(of("_largest", "list"), of("_limit", "list"));
}

}  // namespace
}  // namespace pap::test
