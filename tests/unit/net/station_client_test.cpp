// SPDX-License-Identifier: MIT
#include "net/station_client.hpp"

#include <gmock/gmock.h>

#include "pap/version.hpp"
#include "unit/net/station_fixture.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using test::Station;
using test::StationAct;
using testing::StartsWith;

// A loopback port that nobody listens on.
std::string closed_url() {
  Station station;
  return station.url();
}

// ---- One post -----------------------------------------------------------------------------

TEST_F(StationClientTest, PostsAnAlertAsTheContractHasIt) {
  Station station;
  StationOptions options = options_for(station.url());
  options.url.target = "/api/clusters/x/alerts?v=1";
  use(options);
  EXPECT_EQ(answer_to(7).status, 200);

  const auto received = station.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].method, "POST");
  EXPECT_EQ(received[0].target, "/api/clusters/x/alerts?v=1");
  EXPECT_EQ(received[0].body, delivery(7).body);
  std::map<std::string, std::string> expected{
      {"host", "127.0.0.1:" + std::to_string(station.port())},
      {"authorization", "Bearer test-key"},
      {"content-type", "application/json"},
      {"content-length", std::to_string(delivery(7).body.size())},
      {"idempotency-key", "start-7"},
      {"user-agent", "collectord/" + std::string(version())},
      {"accept", "application/json"},
      {"connection", "keep-alive"}};
  EXPECT_EQ(received[0].headers, expected);
}

TEST_F(StationClientTest, HandsBackTheStatusWithWhatTheStationSaid) {
  Station station;
  use(station);
  for (const int status : {204, 304, 400, 401, 403, 404, 408, 413, 422, 429, 500, 503}) {
    station.once(StationAct::answer(status, {}, status == 204 || status == 304 ? "" : "{\"a\":1}"));
    const auto answer = answer_to(static_cast<std::uint64_t>(status));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.retry_after, std::nullopt);
    EXPECT_THAT(answer.reason, StartsWith("HTTP " + std::to_string(status)));
  }
  EXPECT_EQ(answers[503].reason, "HTTP 503: {\"a\":1}");
}

TEST_F(StationClientTest, TellsTheStationsReasonForARefusal) {
  Station station;
  StationOptions options = options_for(station.url());
  options.key = "wrong";
  use(options);
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.reason, R"(HTTP 401: {"error":"Unauthorized"})");
}

TEST_F(StationClientTest, NeverQuotesTheKeyThatAStationSendsBack) {
  Station station;
  use(station);
  station.once(StationAct::answer(404, {}, "no page for Bearer test-key, test-key"));
  EXPECT_EQ(answer_to(1).reason, "HTTP 404: no page for Bearer (key), (key)");
}

TEST_F(StationClientTest, ShortensALongReason) {
  Station station;
  use(station);
  station.once(StationAct::answer(500, {}, std::string(10'000, 'x')));
  EXPECT_EQ(answer_to(1).reason, "HTTP 500: " + std::string(200, 'x') + "…");
}

TEST_F(StationClientTest, TurnsRetryAfterIntoADuration) {
  Station station;
  use(station);
  station.once(StationAct::answer(429, {{"Retry-After", "7"}}));
  EXPECT_EQ(answer_to(1).retry_after, core::Nanos(7s));
  station.once(StationAct::answer(503, {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}));
  EXPECT_EQ(answer_to(2).retry_after, core::Nanos(0));
  station.once(StationAct::answer(503, {{"Retry-After", "later"}}));
  EXPECT_EQ(answer_to(3).retry_after, std::nullopt);
}

TEST_F(StationClientTest, ReadsAChunkedAnswer) {
  Station station;
  use(station);
  station.once(
      StationAct::raw("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: u\r\n\r\n",
                      false));
  EXPECT_EQ(answer_to(1).reason, "HTTP 500: abcdefg");
  EXPECT_EQ(answer_to(2).status, 200);
  EXPECT_EQ(station.connections_accepted(), 1U);
}

TEST_F(StationClientTest, ReadsAnAnswerThatEndsWithTheConnection) {
  Station station;
  use(station);
  station.once(StationAct::raw("HTTP/1.0 500 Oh\r\n\r\nabc"));
  EXPECT_EQ(answer_to(1).reason, "HTTP 500: abc");
  EXPECT_EQ(client->connections(), 0U);
}

TEST_F(StationClientTest, PassesOverInterimAnswers) {
  Station station;
  use(station);
  station.once(
      StationAct::raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x"
                      "\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
                      false));
  EXPECT_EQ(answer_to(1).status, 202);
  EXPECT_EQ(answer_to(2).status, 200);
  EXPECT_EQ(station.connections_accepted(), 1U);
}

TEST_F(StationClientTest, DoesNotPassOverInterimAnswersForEver) {
  Station station;
  use(station);
  std::string many;
  for (int i = 0; i < 9; ++i) many += "HTTP/1.1 102 Processing\r\n\r\n";
  station.once(StationAct::raw(many, false));
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_EQ(answer.reason, "not an answer: HTTP 102");
}

TEST_F(StationClientTest, ReportsAnEndAfterAnInterimAnswerAsNoWholeAnswer) {
  Station station;
  use(station);
  station.once(StationAct::raw("HTTP/1.1 100 Continue\r\n\r\n"));
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_EQ(answer.reason, "the connection was closed in the middle of the answer");
}

// ---- What can go wrong --------------------------------------------------------------------

TEST_F(StationClientTest, ReportsAClosedPort) {
  const auto url = closed_url();
  use(options_for(url));
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  const StationUrl where = options_for(url).url;
  EXPECT_EQ(answer.reason, "connection refused (127.0.0.1:" + std::to_string(where.port) + ")");
  EXPECT_EQ(client->connections(), 0U);
}

TEST_F(StationClientTest, ReportsANameThatNobodyKnows) {
  // RFC 6761 §6.4: names under .invalid never exist.
  use(options_for("http://station.invalid/"));
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_THAT(answer.reason, StartsWith("name look-up of station.invalid failed: "));
}

TEST_F(StationClientTest, FindsAnAddressThatListensAmongThoseOfAName) {
  Station station;  // on 127.0.0.1 alone, while localhost may be ::1 first
  use(options_for(station.url("localhost")));
  EXPECT_EQ(answer_to(1).status, 200);
}

TEST_F(StationClientTest, SpeaksToAnIpv6Address) {
  std::unique_ptr<Station> station;
  try {
    test::StationWish wish;
    wish.host = "::1";
    station = std::make_unique<Station>(wish);
  } catch (const std::exception&) {
    GTEST_SKIP() << "this machine has no IPv6 loopback";
  }
  use(options_for(station->url("[::1]")));
  EXPECT_EQ(answer_to(1).status, 200);
  EXPECT_EQ(station->received()[0].headers["host"], "[::1]:" + std::to_string(station->port()));
}

TEST_F(StationClientTest, GivesUpAtTheDeadlineOnAStationThatNeverAnswers) {
  Station station;
  station.always(StationAct::hang());
  StationOptions options = options_for(station.url());
  options.deadline = 200ms;
  use(options);
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = answer_to(1);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_EQ(answer.reason, "no answer within 200 ms (waiting for the answer of 127.0.0.1:" +
                               std::to_string(station.port()) + ")");
  EXPECT_EQ(client->connections(), 0U);
  EXPECT_TRUE(station.wait_for_connections_open(0)) << "the connection is closed";
}

TEST_F(StationClientTest, CountsTheDeadlineToTheLastByte) {
  Station station;
  station.always(StationAct::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", false));
  StationOptions options = options_for(station.url());
  options.deadline = 200ms;
  use(options);
  EXPECT_THAT(answer_to(1).reason, StartsWith("no answer within 200 ms"));
}

TEST_F(StationClientTest, SaysTheDeadlineInSecondsWhereItIsWhole) {
  Station station;
  station.always(StationAct::hang());
  StationOptions options = options_for(station.url());
  options.deadline = 1s;
  use(options);
  EXPECT_THAT(answer_to(1).reason, StartsWith("no answer within 1 s ("));
}

TEST_F(StationClientTest, ReportsAnAnswerCutInTheMiddle) {
  Station station;
  station.once(StationAct::cut_midway());
  use(station);
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_EQ(answer.reason, "the connection was closed in the middle of the answer");
  EXPECT_EQ(station.received().size(), 1U) << "an answer had begun: no second try";
}

TEST_F(StationClientTest, ReportsAConnectionClosedWithoutAnAnswer) {
  Station station;
  station.once(StationAct::cut());
  use(station);
  EXPECT_EQ(answer_to(1).reason, "the connection was closed without an answer");
  EXPECT_EQ(station.received().size(), 1U) << "a fresh connection gets no second try";
}

TEST_F(StationClientTest, ReportsGarbage) {
  Station station;
  station.once(StationAct::garbage());
  use(station);
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_THAT(answer.reason, StartsWith("not HTTP: bad "));
}

TEST_F(StationClientTest, ReportsAnAnswerTooLargeHoweverItIsWrapped) {
  Station station;
  use(station);
  const std::string big(70'000, 'x');
  const std::string chunk = "1\r\nx\r\n";
  std::string chunks;
  for (int i = 0; i < 20'000; ++i) chunks += chunk;
  const std::vector<std::string> answers_too_large{
      "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + big,
      "HTTP/1.1 200 OK\r\n\r\n" + big,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
      "HTTP/1.1 200 OK\r\nX: " + big + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
  };
  std::uint64_t number = 0;
  for (const std::string& bytes : answers_too_large) {
    station.once(StationAct::raw(bytes));
    const auto answer = answer_to(++number);
    EXPECT_EQ(answer.status, std::nullopt) << bytes.substr(0, 80);
    EXPECT_EQ(answer.reason, "answer too large") << bytes.substr(0, 80);
  }
}

TEST_F(StationClientTest, TakesAnAnswerOfAlmostTheLimit) {
  Station station;
  use(station);
  station.once(StationAct::answer(200, {}, std::string(65'000, 'x')));
  EXPECT_EQ(answer_to(1).status, 200);
}

// ---- Redirects ----------------------------------------------------------------------------

TEST_F(StationClientTest, FollowsARedirectOnTheSameHost) {
  for (const int status : {307, 308}) {
    Station station;
    answers.clear();
    station.once(StationAct::answer(status, {{"Location", "/v2/alerts"}}));
    use(station);
    EXPECT_EQ(answer_to(1).status, 200);
    const auto received = station.received();
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[1].method, "POST");
    EXPECT_EQ(received[1].target, "/v2/alerts");
    EXPECT_EQ(received[1].body, received[0].body);
    EXPECT_EQ(received[1].headers.at("idempotency-key"), "start-1");
    EXPECT_EQ(station.connections_accepted(), 1U);
  }
}

TEST_F(StationClientTest, FollowsARedirectAfterWhichTheConnectionIsClosed) {
  Station station;
  station.once(StationAct::answer(308, {{"Location", "/b"}, {"Connection", "close"}}));
  use(station);
  EXPECT_EQ(answer_to(1).status, 200);
  EXPECT_EQ(station.connections_accepted(), 2U);
}

TEST_F(StationClientTest, FollowsThreeRedirectsAndNoFourth) {
  Station station;
  use(station);
  for (int i = 0; i < 3; ++i) station.once(StationAct::answer(307, {{"Location", "/a"}}));
  EXPECT_EQ(answer_to(1).status, 200);
  for (int i = 0; i < 4; ++i) station.once(StationAct::answer(307, {{"Location", "/a"}}));
  const auto answer = answer_to(2);
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.reason, "HTTP 307 to /a");
}

TEST_F(StationClientTest, NeverFollowsElsewhereNorWithTheKey) {
  Station elsewhere;
  Station station;
  use(station);
  const std::vector<std::pair<int, std::string>> answers_given{{307, elsewhere.url()},
                                                               {308, "https://127.0.0.1/"},
                                                               {308, "//example.invalid/"},
                                                               {307, "ftp://127.0.0.1/"},
                                                               {307, ""},
                                                               {301, "/moved"},
                                                               {302, "/found"},
                                                               {303, "/see"}};
  std::uint64_t number = 0;
  for (const auto& [status, location] : answers_given) {
    station.once(StationAct::answer(status, {{"Location", location}}));
    EXPECT_EQ(answer_to(++number).status, status) << location;
  }
  EXPECT_EQ(station.received().size(), answers_given.size());
  EXPECT_EQ(elsewhere.connections_accepted(), 0U);
}

TEST_F(StationClientTest, KeepsOneDeadlineOverRedirects) {
  Station station;
  station.once(StationAct::answer(307, {{"Location", "/a"}}));
  station.always(StationAct::hang());
  StationOptions options = options_for(station.url());
  options.deadline = 200ms;
  use(options);
  EXPECT_THAT(answer_to(1).reason, StartsWith("no answer within 200 ms"));
}

}  // namespace
}  // namespace pap::net
