// SPDX-License-Identifier: MIT
// Limits of a request and of a connection: past each there is a clear answer, and the client gets
// to see it.
#include <chrono>
#include <thread>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using End = RawClient::End;
using Clock = std::chrono::steady_clock;

class Limits : public ContractTest {
 protected:
  double troubles(const std::string& reason) {
    return metric(R"(connection_troubles_total{reason=")" + reason + R"("})").value_or(-1);
  }
  static void expect_refusal(const HttpAnswer& answer, int status, const std::string& setting) {
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
    EXPECT_TRUE(answer.json()["error"].is_string());
    EXPECT_THAT(answer.json()["message"].get<std::string>(), HasSubstr(setting));
  }
  // Sends without an end, as a client does that looks for the answer only afterwards.
  static void send_5_mb(RawClient& client) {
    const std::string piece(64 * 1024, 'x');
    for (int i = 0; i < 80; ++i) {
      ASSERT_TRUE(client.send(piece)) << "cut off after " << i << " pieces";
    }
  }
};

TEST_F(Limits, ABodyOf5MegabytesGetsToSeeIts413) {
  start();
  RawClient client = connect();
  client.send("POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n");
  send_5_mb(client);
  expect_refusal(client.receive(), 413, "MAX_BODY_BYTES");
  client.finish_sending();
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  EXPECT_EQ(troubles("body_too_large"), 1);
}

TEST_F(Limits, AChunkedBodyOf5MegabytesGetsToSeeIts413) {
  start();
  RawClient client = connect();
  client.send(
      "POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "500000\r\n");
  send_5_mb(client);
  expect_refusal(client.receive(), 413, "MAX_BODY_BYTES");
}

TEST_F(Limits, ManyTinyChunksAreNoWayAroundTheLimit) {
  start();
  RawClient client = connect();
  client.send("POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1;" + std::string(30, 'e') + "\r\nx\r\n";
  client.send(chunks);
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(Limits, HeadersOf5MegabytesGetToSeeTheir431) {
  start();
  RawClient client = connect();
  client.send("GET /ready HTTP/1.1\r\nHost: x\r\nCookie: ");
  send_5_mb(client);
  expect_refusal(client.receive(), 431, "MAX_HEADER_BYTES");
  EXPECT_EQ(troubles("header_too_large"), 1);
}

TEST_F(Limits, ATargetThatIsTooLongGetsIts431) {
  start();
  RawClient client = connect();
  client.send("GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().status, 431);
}

TEST_F(Limits, AreExactAndSettable) {
  start({{"MAX_BODY_BYTES", "512"}, {"MAX_HEADER_BYTES", "1024"}});
  const auto body_of = [](std::size_t bytes) {
    const std::string opening = R"({"mode":"IDLE","uptime_seconds":1,"x":")";
    return opening + std::string(bytes - opening.size() - 2, 'x') + "\"}";
  };
  EXPECT_EQ(beat("a", body_of(512)).status, 200);
  EXPECT_EQ(beat("a", body_of(513)).status, 413);
  const auto request_of = [](std::size_t bytes) {
    const std::string opening = "GET /ready HTTP/1.1\r\nHost: x\r\nX: ";
    return opening + std::string(bytes - opening.size() - 4, 'x') + "\r\n\r\n";
  };
  RawClient client = connect();
  client.send(request_of(1'000));
  EXPECT_EQ(client.receive().status, 200);
  client.send(request_of(1'100));
  EXPECT_EQ(client.receive().status, 431);
}

TEST_F(Limits, ARefusedBodyIsNotReadForEver) {
  start();
  RawClient client = connect();
  client.send("POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);
  // The rest never comes; the collector waits 5 s for it, and looks each second.
  const auto began = Clock::now();
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  std::string more = "x";
  EXPECT_TRUE(eventually([&] { return !client.send(more); })) << "and now it is closed for good";
  EXPECT_GT(Clock::now() - began, 4s);
  EXPECT_LT(Clock::now() - began, 20s);
}

TEST_F(Limits, ARequestThatDoesNotEndGetsIts408) {
  start({{"HEADER_TIMEOUT_MS", "1000"}});
  RawClient header = connect();
  header.send("GET /ready HTTP/1.1\r\nHost:");
  RawClient body = connect();
  body.send("POST /heartbeat/a HTTP/1.1\r\nHost: x\r\nContent-Length: 65\r\n\r\n{");
  RawClient late_in_life = connect();
  late_in_life.send(http_request("GET", "/ready"));
  EXPECT_EQ(late_in_life.receive().status, 200);
  late_in_life.send("G");
  for (RawClient* client : {&header, &body, &late_in_life}) {
    expect_refusal(client->receive(), 408, "HEADER_TIMEOUT_MS");
    client->finish_sending();
    EXPECT_EQ(client->wait_for_end(), End::kClosed);
  }
  EXPECT_EQ(troubles("request_timeout"), 3);
}

TEST_F(Limits, ARequestThatTricklesGetsIts408) {
  start({{"HEADER_TIMEOUT_MS", "1000"}});
  RawClient client = connect();
  const auto began = Clock::now();
  std::string received;
  // One byte now and then keeps the connection busy, but not the request alive.
  const bool answered = eventually([&] {
    client.send("G");
    return !client.is_quiet();
  });
  EXPECT_TRUE(answered);
  EXPECT_LT(Clock::now() - began, 10s);
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(Limits, AnIdleConnectionIsClosedAfterItsTimeAndNotUnderFiveSeconds) {
  start({{"IDLE_TIMEOUT_MS", "5000"}});
  RawClient fresh = connect();
  RawClient used = connect();
  used.send(http_request("GET", "/ready"));
  EXPECT_EQ(used.receive().status, 200);
  const auto began = Clock::now();
  EXPECT_EQ(fresh.wait_for_end(), End::kClosed);
  EXPECT_GE(Clock::now() - began, 4'900ms);
  EXPECT_EQ(used.wait_for_end(), End::kClosed);
  EXPECT_LT(Clock::now() - began, 15s);
  EXPECT_EQ(troubles("idle_timeout"), 2);
  const Outcome shorter = run(Collectord::child_wish({{{"IDLE_TIMEOUT_MS", "4999"}}, {}, {}}));
  EXPECT_THAT(shorter.err, HasSubstr("IDLE_TIMEOUT_MS"));
}

TEST_F(Limits, AClientThatTakesNothingIsLetGo) {
  start();
  RawClient joiner = connect();
  for (std::size_t i = 0; i < 40'000; i += 500) {
    std::string requests;
    for (std::size_t n = i; n < i + 500; ++n) {
      requests += http_request("POST", "/heartbeat/" + agent_id(n), {}, recorded::kHeartbeat);
    }
    joiner.send(requests);
    for (int n = 0; n < 500; ++n) ASSERT_EQ(joiner.receive().status, 200);
  }
  RawClient client(collectord().port(), {"127.0.0.1", 4096});
  client.send(http_request("GET", "/agents"));
  EXPECT_TRUE(eventually([&] { return troubles("write_stalled") == 1; }, 60s));
  EXPECT_EQ(beat("a").status, 200);
}

TEST_F(Limits, RequestsOfAConnectionAreCountedOut) {
  start({{"MAX_REQUESTS_PER_CONNECTION", "3"}});
  RawClient client = connect();
  for (int i = 1; i <= 3; ++i) {
    client.send(http_request("GET", "/ready"));
    EXPECT_EQ(client.receive().header("connection"), i == 3 ? "close" : "") << i;
  }
  EXPECT_EQ(client.wait_for_end(), End::kClosed);
  RawClient hasty = connect();
  std::string requests;
  for (int i = 0; i < 5; ++i) requests += http_request("GET", "/ready");
  hasty.send(requests);
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(hasty.receive().status, 200) << i;
  hasty.finish_sending();
  EXPECT_EQ(hasty.receive_bytes(1), "") << "pipelined behind the last one, unanswered";
}

}  // namespace
}  // namespace pap::test
