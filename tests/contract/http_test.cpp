// SPDX-License-Identifier: MIT
// HTTP/1.1 as clients of every kind speak it.
#include <string>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using End = RawClient::End;

class Http : public ContractTest {
 protected:
  void SetUp() override { start(); }
};

constexpr std::string_view kReadyBody = R"({"ready":true})";

TEST_F(Http, ConnectionsAreKeptOpen) {
  RawClient client = connect();
  for (int i = 0; i < 20; ++i) {
    client.send(http_request("GET", "/ready"));
    EXPECT_EQ(client.receive().body, kReadyBody);
  }
  EXPECT_TRUE(client.is_quiet());
}

TEST_F(Http, ConnectionsEndWhenTheClientSaysSo) {
  RawClient client = connect();
  client.send(http_request("GET", "/ready", "Connection: close\r\n"));
  EXPECT_EQ(client.receive().header("connection"), "close");
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
}

TEST_F(Http, PipelinedRequestsAreAnsweredInOrder) {
  RawClient client = connect();
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests +=
        http_request("POST", "/heartbeat/agent-" + std::to_string(i), {}, heartbeat("IDLE", i));
    requests += http_request("GET", "/agents/agent-" + std::to_string(i));
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
    EXPECT_EQ(client.receive().json()["agent"]["uptime_seconds"], i);
  }
}

TEST_F(Http, PipelinedRequestsBehindAListAreAnsweredAfterIt) {
  beat();
  RawClient client = connect();
  client.send(http_request("GET", "/agents") + http_request("GET", "/ready") +
              http_request("GET", "/agents") + http_request("GET", "/nowhere"));
  EXPECT_EQ(client.receive().json()["agents"].size(), 1U);
  EXPECT_EQ(client.receive().body, kReadyBody);
  EXPECT_EQ(client.receive().json()["agents"].size(), 1U);
  EXPECT_EQ(client.receive().status, 404);
}

TEST_F(Http, AHalfClosedConnectionIsStillAnswered) {
  RawClient client = connect();
  client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  client.finish_sending();
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
}

TEST_F(Http, BodiesMayBeChunked) {
  RawClient client = connect();
  client.send(
      "POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "10\r\n{\"mode\":\"IDLE\",\"\r\n"
      "1;name=value\r\nu\r\n"
      "0012\r\nptime_seconds\":5.0\r\n"
      "1\r\n}\r\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  client.send(http_request("GET", "/agents/a"));
  EXPECT_EQ(client.receive().json()["agent"]["uptime_seconds"], 5);
}

TEST_F(Http, ABodyIsAskedForWhenTheClientExpectsIt) {
  RawClient client = connect();
  client.send(
      "POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: " +
      std::to_string(recorded::kHeartbeat.size()) + "\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send(recorded::kHeartbeat);
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  EXPECT_TRUE(client.is_quiet()) << "100 once, and only where it was wanted";
}

TEST_F(Http, ABodyThatComesUnaskedNeedsNoContinue) {
  RawClient client = connect();
  client.send(
      http_request("POST", "/heartbeat/a", "Expect: 100-continue\r\n", recorded::kHeartbeat));
  HttpAnswer answer = client.receive();
  if (answer.status == 100) answer = client.receive();
  EXPECT_EQ(answer.body, recorded::kHeartbeatNew);
  EXPECT_TRUE(client.is_quiet());
}

TEST_F(Http, Version10EndsTheConnectionUnlessItIsToBeKept) {
  RawClient client = connect();
  client.send("GET /ready HTTP/1.0\r\n\r\n");
  const HttpAnswer answer = client.receive();
  EXPECT_EQ(answer.body, kReadyBody);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(client.wait_for_end(), End::kClosed);

  RawClient kept = connect();
  for (int i = 0; i < 3; ++i) {
    kept.send("POST /heartbeat/a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 65\r\n\r\n" +
              std::string(recorded::kHeartbeat));
    const HttpAnswer beaten = kept.receive();
    EXPECT_EQ(beaten.status, 200);
    EXPECT_EQ(beaten.header("connection"), "keep-alive");
  }
  EXPECT_TRUE(kept.is_quiet());
}

TEST_F(Http, HeadIsAnsweredLikeGetWithoutABody) {
  beat();
  for (const auto* path :
       {"/ready", "/health", "/metrics", "/", "/agents", "/alerts", "/agents/x"}) {
    RawClient client = connect();
    client.send(http_request("GET", path));
    const HttpAnswer full = client.receive();
    client.send(http_request("HEAD", path));
    const HttpAnswer head = client.receive(true);
    EXPECT_EQ(head.status, full.status) << path;
    EXPECT_EQ(head.header("content-type"), full.header("content-type")) << path;
    EXPECT_NE(head.header("content-length"), "0") << path;
    EXPECT_TRUE(client.is_quiet()) << path;
    client.send(http_request("GET", "/ready"));
    EXPECT_EQ(client.receive().body, kReadyBody) << "nothing lies between, after HEAD " << path;
  }
}

TEST_F(Http, AWrongMethodIsAnswered405WithThoseThatWork) {
  for (const auto& [method, path, allow] : {std::tuple{"GET", "/heartbeat/a", "POST"},
                                            {"PUT", "/heartbeat/a", "POST"},
                                            {"HEAD", "/heartbeat/a", "POST"},
                                            {"OPTIONS", "/heartbeat/a", "POST"},
                                            {"POST", "/agents", "GET, HEAD"},
                                            {"DELETE", "/agents", "GET, HEAD"},
                                            {"PATCH", "/agents/a", "GET, HEAD, DELETE"},
                                            {"POST", "/health", "GET, HEAD"},
                                            {"POST", "/ready", "GET, HEAD"},
                                            {"POST", "/metrics", "GET, HEAD"},
                                            {"POST", "/alerts", "GET, HEAD"},
                                            {"POST", "/observe/a", "GET, HEAD"},
                                            {"BREW", "/", "GET, HEAD"}}) {
    const HttpAnswer answer = ask(method, path);
    EXPECT_EQ(answer.status, 405) << method << ' ' << path;
    EXPECT_EQ(answer.header("allow"), allow) << method << ' ' << path;
    if (method == "HEAD"sv) continue;
    EXPECT_EQ(answer.json()["error"], "Method not allowed");
    EXPECT_THAT(answer.json()["message"], HasSubstr(allow));
  }
}

TEST_F(Http, AnUnknownPathIsAnswered404InJson) {
  for (const auto* path : {"/nowhere", "/heartbeat", "/Agents", "/agents/a/b", "/observe/a/b",
                           "/health/x", "/%68ealth", "/../health", "*"}) {
    const HttpAnswer answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
    EXPECT_TRUE(answer.json()["error"].is_string()) << path;
    EXPECT_TRUE(answer.json()["message"].is_string()) << path;
  }
}

TEST_F(Http, ATargetMayBeAbsolute) {
  EXPECT_EQ(get("http://collector:8080/ready").body, kReadyBody);
  EXPECT_EQ(get("HTTP://collector/ready?x=http://y/").body, kReadyBody);
  EXPECT_EQ(get("http://collector").json()["service"], "PAP Heartbeat Collector");
  EXPECT_EQ(ask("POST", "http://collector/heartbeat/a/", {}, recorded::kHeartbeat).status, 200);
}

TEST_F(Http, ARequestMayComeInTwoPiecesSplitAnywhere) {
  const std::string request =
      "POST /heartbeat/a%20b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "8\r\n{\"mode\":\r\n18\r\n\"IDLE\",\"uptime_seconds\":\r\n2\r\n7}\r\n0\r\n\r\n" +
      http_request("POST", "/heartbeat/a%20b", "Content-Type: application/json\r\n",
                   recorded::kHeartbeat);
  RawClient client = connect();
  for (std::size_t at = 1; at < request.size(); ++at) {
    ASSERT_TRUE(client.send(request.substr(0, at))) << at;
    ASSERT_TRUE(client.send(request.substr(at))) << at;
    ASSERT_EQ(client.receive().status, 200) << at;
    ASSERT_EQ(client.receive().status, 200) << at;
  }
  client.send(http_request("GET", "/agents/a%20b"));
  EXPECT_EQ(client.receive().json()["agent"]["consecutive_heartbeats"], 2 * (request.size() - 1));
}

TEST_F(Http, ARequestMayComeByteByByte) {
  RawClient client = connect();
  for (const char byte : http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat)) {
    ASSERT_TRUE(client.send({&byte, 1}));
  }
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
}

TEST_F(Http, EmptyLinesBeforeARequestAreNoRequest) {
  RawClient client = connect();
  client.send(http_request("GET", "/ready"));
  EXPECT_EQ(client.receive().status, 200);
  client.send("\r\n" + http_request("GET", "/ready"));
  EXPECT_EQ(client.receive().status, 200) << "RFC 9112 2.2: at least one is ignored";
}

TEST_F(Http, GarbageIsAnswered400InJsonAndTheConnectionEnds) {
  for (const auto garbage :
       {"garbage\r\n\r\n"sv, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"sv,
        "GET /ready HTTP/2.0\r\n\r\n"sv, "GET /ready\r\n\r\n"sv, "GET  /ready HTTP/1.1\r\n\r\n"sv,
        "GET /ready HTTP/1.1\r\nNo colon here\r\n\r\n"sv,
        "GET /ready HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n"sv,
        "POST /heartbeat/a HTTP/1.1\r\nContent-Length: x\r\n\r\n"sv,
        "POST /heartbeat/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n"sv,
        "POST /heartbeat/a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"sv,
        "POST /heartbeat/a HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"sv,
        "POST /heartbeat/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"sv,
        "POST /heartbeat/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv}) {
    RawClient client = connect();
    client.send(garbage);
    const HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 400) << garbage;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8") << garbage;
    EXPECT_EQ(answer.header("connection"), "close") << garbage;
    EXPECT_EQ(answer.json()["error"], "Bad request") << garbage;
    EXPECT_TRUE(answer.json()["message"].is_string()) << garbage;
    client.finish_sending();
    EXPECT_EQ(client.wait_for_end(), End::kClosed) << garbage;
  }
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 0);
  EXPECT_EQ(metric(R"(connection_troubles_total{reason="bad_request"})"), 13);
}

// RFC 9112 §6.3. Behind a proxy that reads it otherwise, its body would be a request of its own.
TEST_F(Http, ABodyInACodingThatNobodyKnowsTheEndOfIsNoSecondRequest) {
  ASSERT_EQ(beat("b", recorded::kHeartbeat).status, 200);
  for (const char* coding : {"xchunked", "gzip", "chunked, identity", "chunked, gzip", "identity",
                             "gzip\r\nContent-Length: 2"}) {
    RawClient client = connect();
    client.send(std::string{"POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "} +
                coding + "\r\n\r\n" + http_request("DELETE", "/agents/b"));
    const HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 400) << coding;
    EXPECT_EQ(answer.header("connection"), "close") << coding;
    client.finish_sending();
    EXPECT_EQ(client.wait_for_end(), End::kClosed) << coding;
  }
  EXPECT_EQ(get("/agents/b").status, 200);
}

TEST_F(Http, GarbageBehindARequestComesAfterItsAnswer) {
  RawClient client = connect();
  client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat) + "garbage\r\n\r\n");
  EXPECT_EQ(client.receive().body, recorded::kHeartbeatNew);
  EXPECT_EQ(client.receive().status, 400);
}

TEST_F(Http, AClientThatResetsItsConnectionHarmsNobody) {
  for (const auto part : {""sv, "POST /hea"sv, "POST /heartbeat/a HTTP/1.1\r\nContent-Len"sv}) {
    RawClient client = connect();
    client.send(part);
    client.reset();
  }
  EXPECT_EQ(beat().body, recorded::kHeartbeatNew);
  EXPECT_TRUE(eventually([&] { return metric("connections") == 1; })) << "but the one that asks";
}

TEST_F(Http, AnswersCarryADate) {
  const std::string date = get("/ready").header("date");
  EXPECT_THAT(date, testing::MatchesRegex("[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ 20[0-9]+ .* GMT"));
  EXPECT_EQ(date.size(), "Tue, 24 Nov 2026 22:51:27 GMT"sv.size());
}

}  // namespace
}  // namespace pap::test
