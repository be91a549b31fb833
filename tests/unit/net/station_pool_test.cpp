// SPDX-License-Identifier: MIT
// The Station client's connections: kept, reused, dropped, and tried again.
#include <gmock/gmock.h>

#include "net/station_client.hpp"
#include "unit/net/station_fixture.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using test::Station;
using test::StationAct;
using testing::StartsWith;

TEST_F(StationClientTest, UsesOneConnectionForPostsOneAfterAnother) {
  Station station;
  use(station);
  for (std::uint64_t i = 0; i < 20; ++i) EXPECT_EQ(answer_to(i).status, 200);
  EXPECT_EQ(station.connections_accepted(), 1U);
  EXPECT_EQ(client->connections(), 1U);
}

TEST_F(StationClientTest, UsesAConnectionForEachOfThePostsThatGoTogetherAndKeepsThem) {
  Station station;
  station.delay(20ms);
  use(station);
  constexpr std::uint64_t kTogether = 32;
  for (std::uint64_t round = 0; round < 3; ++round) {
    for (std::uint64_t i = 0; i < kTogether; ++i) post(round * kTogether + i);
    EXPECT_EQ(client->posts_under_way(), kTogether);
    ASSERT_TRUE(turn_until([&] { return answers.size() == (round + 1) * kTogether; }));
  }
  for (const auto& [number, answer] : answers) EXPECT_EQ(answer.status, 200) << number;
  EXPECT_EQ(client->posts_under_way(), 0U);
  EXPECT_EQ(client->connections(), kTogether);
  EXPECT_EQ(station.connections_accepted(), kTogether);
  EXPECT_EQ(station.stored().size(), 3 * kTogether);
}

TEST_F(StationClientTest, TellsASlowStationHundredsOfAlertsASecond) {
  Station station;
  station.delay(100ms);
  use(station);
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t next = 0;
  std::size_t answered = 0;
  const std::function<void()> post_next = [&] {
    client->post(delivery(next++), [&](const core::StationAnswer& answer) {
      EXPECT_EQ(answer.status, 200);
      ++answered;
      if (next < 320) post_next();
    });
  };
  for (int i = 0; i < 32; ++i) post_next();
  ASSERT_TRUE(turn_until([&] { return answered == 320; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3200ms) << "a hundred a second at the least";
}

TEST_F(StationClientTest, DropsARestingConnectionThatTheStationCloses) {
  Station station;
  use(station);
  answer_to(1);
  EXPECT_EQ(client->connections(), 1U);
  station.close_resting();
  EXPECT_TRUE(turn_until([&] { return client->connections() == 0; }));
  EXPECT_EQ(answer_to(2).status, 200);
}

TEST_F(StationClientTest, DropsARestingConnectionThatTalksWithoutBeingAsked) {
  Station station;
  use(station);
  station.once(StationAct::raw(
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      false));
  EXPECT_EQ(answer_to(1).status, 200);
  EXPECT_EQ(client->connections(), 0U);
}

TEST_F(StationClientTest, TriesOnceMoreWhenAUsedConnectionIsClosedUnderAPost) {
  Station station;
  use(station);
  answer_to(1);
  // The request is on its way before the client hears that the connection is gone.
  station.once(StationAct::cut());
  const auto answer = answer_to(2);
  EXPECT_EQ(answer.status, 200);
  const auto received = station.received();
  ASSERT_EQ(received.size(), 3U);
  EXPECT_EQ(received[2].headers.at("idempotency-key"), received[1].headers.at("idempotency-key"));
  EXPECT_EQ(station.connections_accepted(), 2U);
}

TEST_F(StationClientTest, TriesNoThirdTime) {
  Station station;
  use(station);
  answer_to(1);
  station.once(StationAct::cut());
  station.once(StationAct::cut());
  EXPECT_EQ(answer_to(2).reason, "the connection was closed without an answer");
  EXPECT_EQ(station.received().size(), 3U);
}

TEST_F(StationClientTest, TriesOnceMoreOnAFreshConnectionThoughOthersRest) {
  Station station;
  station.delay(20ms);
  use(station);
  for (std::uint64_t i = 0; i < 4; ++i) post(i);
  ASSERT_TRUE(turn_until([&] { return answers.size() == 4; }));
  station.once(StationAct::cut());
  EXPECT_EQ(answer_to(4).status, 200);
  EXPECT_EQ(station.connections_accepted(), 5U);
}

TEST_F(StationClientTest, TakesA408ThatClosesAUsedConnectionForAnEndOfItsRest) {
  Station station;
  use(station);
  answer_to(1);
  station.once(StationAct::answer(408, {{"Connection", "close"}}));
  EXPECT_EQ(answer_to(2).status, 200);
  station.once(StationAct::answer(408));
  EXPECT_EQ(answer_to(3).status, 408) << "one that keeps the connection is meant";
}

TEST_F(StationClientTest, SurvivesAStationThatClosesAfterEachAnswer) {
  Station station;
  station.close_after_answer(true);
  use(station);
  for (std::uint64_t i = 0; i < 20; ++i) EXPECT_EQ(answer_to(i).status, 200);
  EXPECT_EQ(station.stored().size(), 20U);
}

TEST_F(StationClientTest, LeavesAConnectionWhenTheStationAsksForIt) {
  Station station;
  use(station);
  station.once(StationAct::answer(200, {{"Connection", "close"}}));
  answer_to(1);
  EXPECT_EQ(client->connections(), 0U);
}

TEST_F(StationClientTest, LeavesARestingConnectionAfterItsLongestRest) {
  Station station;
  StationOptions options = options_for(station.url());
  options.connection_max_idle = 50ms;
  use(options);
  answer_to(1);
  EXPECT_EQ(client->connections(), 1U);
  EXPECT_TRUE(turn_until([&] { return client->connections() == 0; }));
  EXPECT_TRUE(station.wait_for_connections_open(0));
}

TEST_F(StationClientTest, LeavesARestingConnectionBeforeTheStationWouldCloseIt) {
  Station station;
  use(station);
  station.once(StationAct::answer(200, {{"Keep-Alive", "timeout=1, max=100"}}));
  answer_to(1);
  EXPECT_EQ(client->connections(), 1U);
  EXPECT_TRUE(turn_until([&] { return client->connections() == 0; }));
}

TEST_F(StationClientTest, UsesNoConnectionBeyondItsAge) {
  Station station;
  StationOptions options = options_for(station.url());
  options.connection_max_age = 0ms;
  use(options);
  answer_to(1);
  EXPECT_EQ(client->connections(), 0U);
  EXPECT_EQ(answer_to(2).status, 200);
  EXPECT_EQ(station.connections_accepted(), 2U);
}

TEST_F(StationClientTest, ComesBackWhenTheStationDoes) {
  Station station;
  use(station);
  answer_to(1);
  station.down();
  EXPECT_THAT(answer_to(2).reason, StartsWith("connection refused"));
  station.up();
  EXPECT_EQ(answer_to(3).status, 200);
}

// ---- Ending -------------------------------------------------------------------------------

TEST_F(StationClientTest, CallsNoHandlerAfterShutdown) {
  Station station;
  station.always(StationAct::hang());
  use(station);
  for (std::uint64_t i = 0; i < 5; ++i) post(i);
  ASSERT_TRUE(turn_until([&] { return station.received().size() == 5; }));
  client->shutdown();
  EXPECT_EQ(client->posts_under_way(), 0U);
  EXPECT_EQ(client->connections(), 0U);
  io.restart();
  io.run();  // nothing is left that could keep it
  EXPECT_TRUE(answers.empty());
}

TEST_F(StationClientTest, CanBeDestroyedAtAnyStep) {
  Station station;
  station.once(StationAct::answer(307, {{"Location", "/a"}}));
  bool answered = false;
  for (int steps = 0; !answered && steps < 100; ++steps) {
    boost::asio::io_context own_io(1);
    StationClient own(own_io, options_for(station.url()));
    own.post(delivery(1), [&](const core::StationAnswer&) { answered = true; });
    for (int i = 0; i < steps && !answered; ++i) own_io.run_one_for(2s);
  }
  EXPECT_TRUE(answered);
}

TEST_F(StationClientTest, MayBeDestroyedByAHandler) {
  Station station;
  use(station);
  bool answered = false;
  client->post(delivery(1), [&](const core::StationAnswer&) {
    client.reset();
    answered = true;
  });
  EXPECT_TRUE(turn_until([&] { return answered; }));
}

}  // namespace
}  // namespace pap::net
