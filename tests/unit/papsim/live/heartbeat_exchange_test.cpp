// SPDX-License-Identifier: MIT
#include "papsim/live/heartbeat_exchange.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::sim {
namespace {

using nlohmann::json;
using protocol::Mode;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// --- the request ---

std::string body_of(std::string_view request) {
  return std::string(request.substr(request.find("\r\n\r\n") + 4));
}

// The value of the field of that name, in lower case as it stands there.
std::string field_of(std::string_view request, const std::string& name) {
  const std::string begin = "\r\n" + name + ": ";
  const std::size_t at = request.find(begin);
  if (at == std::string_view::npos) return "(none)";
  const std::string_view rest = request.substr(at + begin.size());
  return std::string(rest.substr(0, rest.find("\r\n")));
}

std::string path_of(const std::string& id) {
  RequestWriter writer("h", Connections::kFresh);
  const std::string_view request = writer.heartbeat(id, {0, Mode::kIdle, 1});
  return std::string(request.substr(5, request.find(" HTTP/1.1") - 5));
}

TEST(RequestWriter, WritesAHeartbeatAsFetchDoes) {
  RequestWriter writer("collector:8080", Connections::kFresh);
  const std::string request{writer.heartbeat("pod-1", {0, Mode::kSleep, 3600.5})};
  EXPECT_THAT(request, StartsWith("POST /heartbeat/pod-1 HTTP/1.1\r\n"));
  EXPECT_EQ(field_of(request, "host"), "collector:8080");
  EXPECT_EQ(field_of(request, "Content-Type"), "application/json");
  EXPECT_EQ(field_of(request, "user-agent"), "node");
  EXPECT_EQ(field_of(request, "connection"), "close");
  EXPECT_EQ(body_of(request), R"({"mode":"SLEEP","uptime_seconds":3600.5})");
}

TEST(RequestWriter, IsNotNodesFetchWhereConnectionsAreKeptForEver) {
  RequestWriter node("h", Connections::kNode);
  EXPECT_EQ(field_of(std::string{node.heartbeat("x", {0, Mode::kIdle, 1})}, "user-agent"), "node");
  RequestWriter kept("h", Connections::kKept);
  EXPECT_EQ(field_of(std::string{kept.heartbeat("x", {0, Mode::kIdle, 1})}, "user-agent"),
            "papsim");
}

TEST(RequestWriter, SaysHowLongTheBodyIs) {
  RequestWriter writer("h", Connections::kKept);
  for (const double uptime : {0.0, 1.0, 3600.25, 1e9, 1.0 / 3}) {
    const std::string request{writer.heartbeat("x", {0, Mode::kEmergency, uptime})};
    EXPECT_EQ(field_of(request, "content-length"), std::to_string(body_of(request).size()));
    EXPECT_EQ(field_of(request, "connection"), "keep-alive");
  }
}

TEST(RequestWriter, WritesNumbersThatJsonReadsBackExactly) {
  RequestWriter writer("h", Connections::kFresh);
  for (const double uptime : {0.0, 0.001, 1e-7, 3600.0, 0.1 + 0.2, 31'536'000.123, 1e21, -4.5}) {
    const json body = json::parse(body_of(writer.heartbeat("x", {0, Mode::kIdle, uptime})));
    EXPECT_EQ(body["uptime_seconds"].get<double>(), uptime);
  }
  EXPECT_THAT(body_of(writer.heartbeat("x", {0, Mode::kIdle, 3600})), EndsWith(":3600}"));
}

TEST(RequestWriter, EncodesAllOfAnIdThatAUrlReserves) {
  EXPECT_EQ(path_of("aZ0-._~"), "/heartbeat/aZ0-._~");
  EXPECT_EQ(path_of("a b/c?d#e%f"), "/heartbeat/a%20b%2Fc%3Fd%23e%25f");
  EXPECT_EQ(path_of("\xc3\xa4\xff"), "/heartbeat/%C3%A4%FF");
}

TEST(RequestWriter, AsksForRemovalWithTheKeyThereIs) {
  RequestWriter writer("h", Connections::kKept);
  EXPECT_EQ(writer.remove("a/b", ""),
            "DELETE /agents/a%2Fb HTTP/1.1\r\nhost: h\r\nconnection: keep-alive\r\n\r\n");
  EXPECT_EQ(field_of(writer.remove("a", "secret"), "X-Collector-Key"), "secret");
}

TEST(RequestWriter, GetsAPathWithTheKeyThereIs) {
  RequestWriter writer("h", Connections::kFresh);
  EXPECT_EQ(writer.get("/metrics", ""),
            "GET /metrics HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
  EXPECT_EQ(field_of(writer.get("/agents", "secret"), "X-Collector-Key"), "secret");
}

// --- the receipt ---

struct ReceiptRead {
  std::optional<LiveOracle::Receipt> receipt;
  std::string why;
};

ReceiptRead read_answer(const std::string& body, const char* type = "application/json") {
  Answer answer;
  answer.status = 200;
  answer.content_type = type;
  answer.body = body;
  ReceiptRead reading;
  reading.receipt = read_receipt(answer, reading.why);
  return reading;
}

json correct() {
  return {{"received", true},
          {"is_new", false},
          {"restart_detected", false},
          {"next_heartbeat_ms", 30'000}};
}

TEST(Receipt, IsReadFromTheTextsThatCollectorsWrite) {
  for (const bool is_new : {false, true}) {
    for (const bool restarted : {false, true}) {
      for (const int interval : {5'000, 30'000, 900'000}) {
        const std::string text = std::string{R"({"received":true,"is_new":)"} +
                                 (is_new ? "true" : "false") + R"(,"restart_detected":)" +
                                 (restarted ? "true" : "false") + R"(,"next_heartbeat_ms":)" +
                                 std::to_string(interval) + "}";
        const ReceiptRead reading = read_answer(text, "application/json; charset=utf-8");
        ASSERT_TRUE(reading.receipt) << reading.why;
        EXPECT_EQ(reading.receipt->is_new, is_new);
        EXPECT_EQ(reading.receipt->restart_detected, restarted);
        EXPECT_EQ(reading.receipt->next_heartbeat_ms, interval);
      }
    }
  }
}

TEST(Receipt, MayHaveAnyOrderBlanksAndFieldsBeside) {
  const ReceiptRead reading = read_answer(
      "{ \"next_heartbeat_ms\": 5000,\n \"more\": [1], \"restart_detected\": true,\n"
      "\"is_new\": false, \"received\": true }\n");
  ASSERT_TRUE(reading.receipt) << reading.why;
  EXPECT_FALSE(reading.receipt->is_new);
  EXPECT_TRUE(reading.receipt->restart_detected);
  EXPECT_EQ(reading.receipt->next_heartbeat_ms, 5'000);
}

TEST(Receipt, IsNoneAndNamesTheFieldThatIsMissing) {
  const json all = correct();
  for (const auto& [name, value] : all.items()) {
    json body = correct();
    body.erase(name);
    const ReceiptRead reading = read_answer(body.dump());
    EXPECT_FALSE(reading.receipt) << name;
    EXPECT_THAT(reading.why, HasSubstr(name));
  }
}

TEST(Receipt, IsNoneAndNamesTheFieldOfTheWrongType) {
  const json all = correct();
  for (const auto& [name, value] : all.items()) {
    for (const json& wrong : {json(nullptr), json("true"), json("30000"), json(0.5)}) {
      json body = correct();
      body[name] = wrong;
      const ReceiptRead reading = read_answer(body.dump());
      EXPECT_FALSE(reading.receipt) << body;
      // Before the body, in which all names stand.
      EXPECT_THAT(reading.why.substr(0, reading.why.find('{')), HasSubstr(name));
    }
  }
}

TEST(Receipt, IsNoneWhereItWasNotReceived) {
  json body = correct();
  body["received"] = false;
  const ReceiptRead reading = read_answer(body.dump());
  EXPECT_FALSE(reading.receipt);
  EXPECT_THAT(reading.why.substr(0, reading.why.find('{')), HasSubstr("received"));
}

TEST(Receipt, IsNoneWhereItIsNoJsonObject) {
  for (const char* body : {"", "[]", "true", "{\"received\":true", "\"\xff\""}) {
    const ReceiptRead reading = read_answer(body);
    EXPECT_FALSE(reading.receipt) << body;
    EXPECT_THAT(reading.why, HasSubstr("no JSON object"));
  }
}

TEST(Receipt, IsNoneWhereItsTypeIsNotJsons) {
  for (const char* type : {"", "text/html"}) {
    const ReceiptRead reading = read_answer(correct().dump(), type);
    EXPECT_FALSE(reading.receipt);
    EXPECT_THAT(reading.why, HasSubstr(std::string{"Content-Type, but \""} + type + '"'));
  }
}

}  // namespace
}  // namespace pap::sim
