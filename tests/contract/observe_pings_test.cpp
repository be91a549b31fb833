// SPDX-License-Identifier: MIT
// The collector's own pings to observers; this one waits a minute of real time.
#include <chrono>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

using ObservePings = ContractTest;

// Who floods us with pings and reads nothing fills no queue: 16 pongs wait at the most.
TEST_F(ObservePings, OfAClientThatReadsNothingArePassedOver) {
  start();
  RawClient::Wish small;
  small.receive_buffer = 4096;
  RawClient flooding{collectord().port(), small};
  flooding.send(
      http_request("GET", "/observe/a",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  ASSERT_EQ(flooding.receive(true).status, 101);
  const std::string ping = std::string("\x81\x8F\x00\x00\x00\x00", 6) + R"({"type":"ping"})";
  std::string pings;
  for (int i = 0; i < 10'000; ++i) pings += ping;
  // 10 MB: more than sockets hold, so that most have been read when the last has been sent.
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(flooding.send(pings));
  EXPECT_EQ(metric("observer_messages_missed_total"), 0);
  EXPECT_EQ(metric("observations_active"), 1);
}

TEST_F(ObservePings, ComeEvery30SecondsAndWhoAnswersNoneIsLetGo) {
  start();
  const auto observe = [&] {
    RawClient client = connect();
    client.send(
        http_request("GET", "/observe?name=",
                     "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    EXPECT_EQ(client.receive(true).status, 101);
    return client;
  };
  const auto began = Clock::now();
  RawClient dead = observe();
  RawClient alive = observe();
  const std::string ping("\x89\x00", 2);
  ASSERT_TRUE(eventually([&] { return !dead.is_quiet() && !alive.is_quiet(); }, 45s));
  EXPECT_GE(Clock::now() - began, 28s);
  EXPECT_EQ(dead.receive_bytes(2), ping);
  EXPECT_EQ(alive.receive_bytes(2), ping);
  alive.send(std::string("\x8A\x80\x00\x00\x00\x00", 6));  // a pong, masked with zeros
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }, 60s));
  EXPECT_GE(Clock::now() - began, 55s);
  EXPECT_EQ(metric("observers_lost_total"), 1);
  EXPECT_EQ(alive.receive_bytes(2), ping) << "the second one, and it is still there";
  beat("a");
  EXPECT_EQ(alive.receive_bytes(1), "\x81") << "a text frame";
}

}  // namespace
}  // namespace pap::test
