// SPDX-License-Identifier: MIT
// Requests with mistakes drawn from a seed: whatever comes, the collector answers or hangs up, and
// serves everybody else.
#include <random>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using HttpNoise = ContractTest;

// Flips, removes, doubles and inserts bytes.
std::string spoilt(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  for (std::size_t i = 1 + below(4); i > 0 && !text.empty(); --i) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(8));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + below(40)));
        break;
      case 3:
        text.insert(at, 1, "\r\n :;,\0\t%/?"[below(11)]);
        break;
      default:
        text.resize(at);
        break;
    }
  }
  return text;
}

TEST_F(HttpNoise, IsAnsweredOrHungUpOn) {
  start();
  const std::string requests[] = {
      http_request("POST", "/heartbeat/a%20b", "Content-Type: application/json\r\n",
                   recorded::kHeartbeat),
      "POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "8\r\n{\"mode\":\r\n18\r\n\"IDLE\",\"uptime_seconds\":\r\n2\r\n7}\r\n0\r\n\r\n",
      "POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
      "2\r\n\r\n{}",
      http_request("GET", "/agents?mode=IDLE&limit=3&cursor=&name=a%20b&healthy=true"),
      http_request("DELETE", "/agents/a%20b", "Authorization: Bearer x\r\n"),
      http_request("GET", "http://collector/observe/a",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
      "GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"};
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    for (const std::string& request : requests) {
      RawClient client = connect();
      const std::string sent = spoilt(request, random) + spoilt(request, random);
      client.send(sent);
      client.finish_sending();
      EXPECT_NO_THROW(client.wait_for_end()) << "round " << round << ":\n" << sent;
    }
  }
  EXPECT_TRUE(collectord().process().running());
  EXPECT_EQ(beat("after").body, recorded::kHeartbeatNew);
  EXPECT_TRUE(eventually([&] { return metric("connections") == 1; })) << "none is left behind";
}

}  // namespace
}  // namespace pap::test
