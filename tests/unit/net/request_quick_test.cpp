// SPDX-License-Identifier: MIT
#include "net/request_quick.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/request_parser.hpp"
#include "support/same_request.hpp"

namespace pap::net {
namespace {

constexpr RequestLimits kLimits{16'384, 16'384};

std::string with(const std::string& header_lines, const std::string& body = "{}",
                 const std::string& target = "/heartbeat/a") {
  return "POST " + target + " HTTP/1.1\r\n" + header_lines + "\r\n" + body;
}

const std::string kNode =
    "POST /heartbeat/550e8400-e29b-41d4-a716-446655440000 HTTP/1.1\r\nhost: 127.0.0.1:18183\r\n"
    "connection: keep-alive\r\nContent-Type: application/json\r\naccept: */*\r\n"
    "accept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\n"
    "accept-encoding: gzip, deflate\r\ncontent-length: 65\r\n\r\n"
    R"({"mode":"IDLE","uptime_seconds":3600.123,"agent_name":"my-agent"})";

TEST(RequestQuick, TakesWhatNodesFetchSends) {
  const auto request = read_request_quickly(kNode, kLimits);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->target, "/heartbeat/550e8400-e29b-41d4-a716-446655440000");
  EXPECT_EQ(request->body.size(), 65);
  EXPECT_EQ(request->header_bytes + 65, kNode.size());
  EXPECT_TRUE(request->keep_alive);
  EXPECT_TRUE(request->has_host);
  EXPECT_TRUE(request->node_fetch);
}

TEST(RequestQuick, TakesWhatBeastTakes) {
  const std::string length = "Content-Length: 2\r\n";
  for (const std::string& request : {
           kNode,
           kNode + kNode,
           with(length),
           with("CONTENT-LENGTH:2\r\n"),
           with("content-length:   2  \r\n"),
           with("content-length: 0002\r\n"),
           with("Content-Length: 0\r\n", ""),
           with(length + "Connection: close\r\n"),
           with(length + "Connection: Keep-Alive\r\n"),
           with(length + "Connection: close\r\nConnection: keep-alive\r\n"),
           with(length + "Authorization: Bearer x\r\nx-collector-KEY: y z\r\n"),
           with(length + "Authorization:\r\nX-Collector-Key:   \r\n"),
           with(length + "user-agent: node\r\nUser-Agent: Node\r\n"),
           with(length + "User-Agent: Node\r\nUSER-AGENT:node \r\n"),
           with(length + "Authorization: Bearer x\r\nAuthorization: Bearer y\r\n"),
           with(length, "{}", "/heartbeat/%41?x=%zz#f"),
           with(length, "{}", "http://host:1/heartbeat/a/"),
       }) {
    ASSERT_TRUE(read_request_quickly(request, kLimits)) << request;
    EXPECT_EQ(test::difference_from_beast(request, kLimits), "") << request;
  }
}

TEST(RequestQuick, StepsAsideForEverythingElse) {
  const std::string length = "Content-Length: 2\r\n";
  for (const std::string& request : {
           std::string(),
           std::string("POST"),
           std::string("POST  HTTP/1.1\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\n\r\n"),
           std::string("POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"),
           std::string("POST /a b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
           std::string("POST /a HTTP/1.1\nContent-Length: 2\n\n{}"),
           with(""),
           with(length, "{"),
           with("Content-Length: 2\r\nContent-Length: 2\r\n"),
           with("Content-Length: 2, 2\r\n"),
           with("Content-Length: -2\r\n"),
           with("Content-Length: 99999999999999999999999\r\n"),
           with("Content-Length:\r\n"),
           with("Content-Length : 2\r\n"),
           with(length + "Connection: close, upgrade\r\n"),
           with(length + "Connection: te\r\n"),
           with(length + "Proxy-Connection: close\r\n"),
           with(length + "Transfer-Encoding: chunked\r\n"),
           with(length + "Content-Encoding: gzip\r\n"),
           with(length + "Expect: 100-continue\r\n"),
           with(length + "Upgrade: websocket\r\n"),
           with(length + "Sec-WebSocket-Key: x\r\n"),
           with(length + "Sec-WebSocket-Version: 13\r\n"),
           with(length + "X: a\r\n b\r\n"),
           with(length + "X: a\tb\r\n"),
           with(length + "X: \x80\r\n"),
           with(length + "X: \x7f\r\n"),
           with(length + std::string("X: \0\r\n", 6)),
           with(length + ": a\r\n"),
           with(length + "X\r\n"),
           with(length + "X: a\rb\r\n"),
           with(length, "{}", "/\x80"),
       }) {
    EXPECT_FALSE(read_request_quickly(request, kLimits)) << request;
  }
}

TEST(RequestQuick, StepsAsideWhereLimitsAreNear) {
  EXPECT_TRUE(read_request_quickly(kNode, {1'000, 66}));
  EXPECT_FALSE(read_request_quickly(kNode, {1'000, 65}));
  EXPECT_FALSE(read_request_quickly(kNode, {300, 66}));
}

// Cut anywhere, and with any byte changed to any other: aside, or as Beast reads it.
TEST(RequestQuick, AgreesWithBeastWhateverIsChanged) {
  for (std::size_t length = 0; length < kNode.size(); ++length) {
    EXPECT_FALSE(read_request_quickly(kNode.substr(0, length), kLimits)) << length;
  }
  for (std::size_t at = 0; at < kNode.size(); ++at) {
    std::string changed = kNode;
    for (int byte = 0; byte < 256; ++byte) {
      changed[at] = static_cast<char>(byte);
      ASSERT_EQ(test::difference_from_beast(changed, kLimits), "") << at << ' ' << byte;
    }
  }
}

}  // namespace
}  // namespace pap::net
