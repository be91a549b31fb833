// SPDX-License-Identifier: MIT
// The collector's own pings to observers; this one waits a minute of real time.
#include <chrono>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

using ObservePings = ContractTest;

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
